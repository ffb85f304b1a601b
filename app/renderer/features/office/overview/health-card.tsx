/** Whether all is well, in words; what is not stands with a button that leads to its cause. */
import { plural, t } from '@lingui/core/macro';
import {
  CircleCheck,
  type LucideIcon,
  PhoneMissed,
  PhoneOff,
  ScrollText,
  ShieldAlert,
  TriangleAlert,
} from 'lucide-react';
import { useState } from 'react';
import { said } from '../../../../words/said.ts';
import { useStores } from '../../../store/context.tsx';
import type { OfficePlace } from '../../../store/office-pages.ts';
import type { Stats } from '../../../store/office-types.ts';
import { useOfficeAnswer, useOfficeList } from '../../../store/use-office.ts';
import { dayAndTime } from '../../../store/words.ts';
import { Button } from '../../../ui/button.tsx';
import { recordList } from '../calls/lists.ts';
import { userList } from '../users/lists.ts';

interface Trouble {
  readonly key: string;
  readonly icon: LucideIcon;
  readonly words: string;
  /** Where the cause is, and what the button says. */
  readonly to?: readonly [place: OfficePlace, action: string];
}

const HOUR_MS = 3_600_000;
/** The log is told of for so long. */
const NOTES_MS = 24 * HOUR_MS;
const NOTES_EVERY_MS = 10_000;
const MOST_NOTES = 3;

export function HealthCard({ stats }: { readonly stats: Stats }) {
  const { office } = useStores();
  const [since] = useState(() => Date.now() - HOUR_MS);
  const absent = useOfficeList(userList, { registered: false });
  const failed = useOfficeList(recordList, { outcome: 'failed', from: since, descending: true });
  const status = useOfficeAnswer('status', {}, NOTES_EVERY_MS);
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
      ...{ key: 'failed', icon: PhoneMissed, to: [{ page: 'calls', failed: true }, t`Show them`] },
      words: plural(failed.items.length, {
        one: '# call failed in the last hour.',
        other: '# calls failed in the last hour.',
      }),
    });
  }
  if (bans > 0) {
    troubles.push({
      ...{ key: 'bans', icon: ShieldAlert, to: [{ page: 'security' }, t`Show them`] },
      words: plural(bans, {
        one: '# address is kept out, for guessing passwords or flooding.',
        other: '# addresses are kept out, for guessing passwords or flooding.',
      }),
    });
  }
  if (absent.items.length > 0) {
    const [first] = absent.items;
    const alone = absent.items.length === 1 && first ? first.name || first.number : undefined;
    troubles.push({
      ...{ key: 'absent', icon: PhoneOff, to: [{ page: 'users', unregistered: true }, t`Show them`] },
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
              <Button aria-label={`${to[1]}: ${words}`} onClick={() => office.getState().open(to[0])}>
                {to[1]}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
