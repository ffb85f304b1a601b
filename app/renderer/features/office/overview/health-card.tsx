/** Whether all is well, in words; what is not stands with a button that leads to its cause. */
import { plural, t } from '@lingui/core/macro';
import {
  CircleCheck,
  CircleSlash,
  type LucideIcon,
  PhoneMissed,
  PhoneOff,
  Repeat,
  ScrollText,
  ShieldAlert,
  TriangleAlert,
} from 'lucide-react';
import { useState } from 'react';
import { said } from '../../../../words/said.ts';
import { useStores } from '../../../store/context.tsx';
import type { OfficePlace } from '../../../store/office-pages.ts';
import type { Stats } from '../../../store/office-types.ts';
import { refusedWords, restlessWords } from '../../../store/office-words.ts';
import { useOfficeAnswer, useOfficeList } from '../../../store/use-office.ts';
import { dayAndTime } from '../../../store/words.ts';
import { Button } from '../../../ui/button.tsx';
import { recordList } from '../calls/lists.ts';
import { type Task, useTask } from '../task.tsx';
import { userList } from '../users/lists.ts';
import { WhyDialog } from '../why-dialog.tsx';

interface Trouble {
  readonly key: string;
  readonly icon: LucideIcon;
  readonly words: string;
  /** Where the cause is, or what tells of it, and what the button says. */
  readonly to?: readonly [cause: OfficePlace | Task, action: string];
}

const HOUR_MS = 3_600_000;
/** The log is told of for so long. */
const NOTES_MS = 24 * HOUR_MS;
const EVERY_MS = 10_000;
const MOST_NOTES = 3;
const MOST_RESTLESS = 3;

export function HealthCard({ stats }: { readonly stats: Stats }) {
  const { office } = useStores();
  const openTask = useTask();
  const [since] = useState(() => Date.now() - HOUR_MS);
  const absent = useOfficeList(userList, { registered: false });
  const failed = useOfficeList(recordList, { outcome: 'failed', from: since, descending: true });
  const refused = useOfficeAnswer('refusals.list', { descending: true, since }, EVERY_MS);
  const restless = useOfficeAnswer('location.restless', {}, EVERY_MS);
  const status = useOfficeAnswer('status', {}, EVERY_MS);
  const now = Date.now();
  const notes = status.state === 'ready' ? (status.value.notes ?? []) : [];
  const { bans = 0, overloaded = 0 } = stats;

  const troubles: Trouble[] = [];
  if (overloaded > 0) {
    troubles.push({
      ...{ key: 'overloaded', icon: TriangleAlert, to: [{ page: 'settings' }, t`Settings`] },
      words: t`The exchange has more to do than it can: callers are put off for the moment.`,
    });
  }
  if (failed.items.length > 0) {
    troubles.push({
      ...{ key: 'failed', icon: PhoneMissed, to: [{ page: 'calls', failed: true }, show(failed.items.length)] },
      words: plural(failed.items.length, {
        one: '# call failed in the last hour.',
        other: '# calls failed in the last hour.',
      }),
    });
  }
  if (bans > 0) {
    troubles.push({
      ...{ key: 'bans', icon: ShieldAlert, to: [{ page: 'security' }, show(bans)] },
      words: plural(bans, {
        one: '# address is kept out, for guessing passwords or flooding.',
        other: '# addresses are kept out, for guessing passwords or flooding.',
      }),
    });
  }
  // Those who are kept out are told of above.
  const strangers = (refused.state === 'ready' ? refused.value.items : []).filter(
    ({ isBanned, last }) => !isBanned && last > now - HOUR_MS,
  );
  if (strangers.length > 0) {
    troubles.push({
      ...{ key: 'refused', icon: CircleSlash, words: refusedWords(strangers) },
      to: [{ page: 'security', part: 'refused' }, show(strangers.length)],
    });
  }
  const flapping = restless.state === 'ready' ? restless.value : [];
  for (const phone of flapping.slice(0, MOST_RESTLESS)) {
    const about = `${phone.number}@${phone.domain}`;
    troubles.push({
      ...{ key: `restless ${about} ${phone.userAgent} ${phone.host}`, icon: Repeat, words: restlessWords(phone) },
      to: [(close) => <WhyDialog about={about} onClose={close} />, t`Ask why`],
    });
  }
  if (absent.items.length > 0) {
    const [first] = absent.items;
    const alone = absent.items.length === 1 && first ? first.name || first.number : undefined;
    troubles.push({
      ...{ key: 'absent', icon: PhoneOff, to: [{ page: 'users', unregistered: true }, show(absent.items.length)] },
      words: alone
        ? t`${alone} has no phone registered and cannot be called.`
        : absent.hasMore
          ? t`Many users have no phone registered.`
          : plural(absent.items.length, {
              one: '# user has no phone registered.',
              other: '# users have no phone registered.',
            }),
    });
  }
  for (const { at, text } of notes.filter((note) => now - note.at < NOTES_MS).slice(-MOST_NOTES)) {
    troubles.push({ key: `note ${at} ${text}`, icon: ScrollText, words: `${dayAndTime(at, now)}: ${said(text)}` });
  }

  if (troubles.length === 0) {
    return (
      <section className="card health" aria-label={t`How the office is`}>
        <CircleCheck aria-hidden="true" className="health-good" />
        <p>{t`All is well.`}</p>
      </section>
    );
  }
  return (
    <section className="card section" aria-label={t`How the office is`}>
      <ul className="plain-rows">
        {troubles.map(({ key, icon: Icon, words, to }) => (
          <li key={key} className="plain-row trouble">
            <p>
              <Icon aria-hidden="true" />
              {words}
            </p>
            {to === undefined ? null : (
              <Button
                aria-label={`${to[1]}: ${words}`}
                onClick={() => (typeof to[0] === 'function' ? openTask(to[0]) : office.getState().open(to[0]))}
              >
                {to[1]}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Of what the sentence beside it counts. */
const show = (count: number): string => (count === 1 ? t`Show it` : t`Show them`);
