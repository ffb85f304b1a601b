/** What a file of contacts brings, before it is taken: who is new, who is known already, and what is left out and why. */
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMemo, useState } from 'react';
import { said } from '../../../words/said.ts';
import {
  editsOf,
  type ImportPlan,
  type KnownChoice,
  MAX_CONTACT_FILE,
  type Place,
  planImport,
  type ReadContacts,
  readContactFile,
} from '../../store/contact-import.ts';
import { contactName } from '../../store/contact-store.ts';
import { useStores } from '../../store/context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Select } from '../../ui/select.tsx';
import { useSubmit } from '../use-submit.ts';
import { smallPhoto } from './small-photo.ts';

export interface FileOfContacts {
  readonly name: string;
  readonly read: ReadContacts;
}

/** Of those who are known, so many are listed. */
const MAX_LISTED = 100;
/** Pictures beyond that are left out: each has to be made small. */
const MAX_PICTURES = 2_000;

/** Reads a file that was chosen or dropped. */
export async function readFile(file: File): Promise<FileOfContacts> {
  // One that is too large is refused by its size alone.
  const part = file.slice(0, MAX_CONTACT_FILE + 1);
  return { name: file.name, read: readContactFile(new Uint8Array(await part.arrayBuffer()), navigator.language) };
}

export function ImportDialog({ file, onClose }: { readonly file: FileOfContacts; onClose(): void }) {
  const { contacts, planOf } = useStores();
  const { country } = planOf();
  const submit = useSubmit();
  const [choice, setChoice] = useState<KnownChoice>('merge');
  const { read } = file;
  const plan = useMemo(() => {
    const own = (contacts.getState().contacts ?? []).filter(({ source }) => source === '');
    return planImport(read.drafts, own, country);
  }, [contacts, read, country]);
  const edits = useMemo(() => editsOf(plan, choice, country), [plan, choice, country]);

  const take = () =>
    submit.send(async () => {
      let pictures = 0;
      const put = [];
      for (const { edit, photo } of edits) {
        const small = photo !== '' && pictures < MAX_PICTURES ? await smallPhotoOf(photo) : undefined;
        if (small !== undefined) pictures += 1;
        put.push(small === undefined ? edit : { ...edit, photo: small });
      }
      const added = edits.filter(({ isNew }) => isNew).length;
      return contacts.getState().change({ put, remove: [] }, doneWords(added, edits.length - added));
    });

  return (
    <Dialog title={t`Import contacts`} onClose={onClose}>
      <div className="form">
        <p dir="auto" className="import-file">
          {file.name}
        </p>
        <p role="status" aria-label={t`What was read`}>
          {readWords(read, plan)}
        </p>
        <KnownPart plan={plan} choice={choice} onChoice={setChoice} />
        <SkippedPart read={read} />
        <Problem>{submit.problem}</Problem>
        <DialogActions>
          <Button onClick={onClose}>{edits.length > 0 ? t`Cancel` : t`Close`}</Button>
          {edits.length > 0 ? (
            <Button
              kind="primary"
              disabled={submit.busy}
              data-autofocus=""
              onClick={() => void take().then((done) => done && onClose())}
            >
              {t`Import`}
            </Button>
          ) : null}
        </DialogActions>
      </div>
    </Dialog>
  );
}

function KnownPart({
  plan: { known },
  choice,
  onChoice,
}: {
  plan: ImportPlan;
  choice: KnownChoice;
  onChoice(choice: KnownChoice): void;
}) {
  if (known.length === 0) return null;
  return (
    <>
      <Select
        label={t`Those who are known already`}
        value={choice}
        choices={[
          ['merge', t`Add to them what is new`],
          ['leave', t`Leave them as they are`],
          ['add', t`Add them once more`],
        ]}
        onChange={onChoice}
      />
      <details className="more">
        <summary>{t`Who is known`}</summary>
        <ul className="import-list">
          {known.slice(0, MAX_LISTED).map(({ draft, contact, sameName }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
            <li key={index}>
              <KnownOne
                name={contactName({ ...draft, favourite: false })}
                here={sameName ? undefined : contactName(contact)}
              />
            </li>
          ))}
          {known.length > MAX_LISTED ? <li>{moreWords(known.length - MAX_LISTED)}</li> : null}
        </ul>
      </details>
    </>
  );
}

function SkippedPart({ read: { skipped, skippedCount } }: { read: ReadContacts }) {
  if (skippedCount === 0) return null;
  return (
    <details className="more" open={skippedCount < 4 || undefined}>
      <summary>{t`Left out: ${skippedCount}`}</summary>
      <ul className="import-list">
        {skipped.map(({ name, why, ...where }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
          <li key={index}>
            <bdi>{name || placeWords(where)}</bdi>: {said(why)}
          </li>
        ))}
        {skippedCount > skipped.length ? <li>{moreWords(skippedCount - skipped.length)}</li> : null}
      </ul>
    </details>
  );
}

function KnownOne({ name, here }: { readonly name: string; readonly here: string | undefined }) {
  if (here === undefined) return <bdi>{name}</bdi>;
  return (
    <Trans>
      <bdi>{name}</bdi> is here <bdi>{here}</bdi>
    </Trans>
  );
}

function placeWords({ place, at }: Place): string {
  const words = { file: t`The file`, card: t`Card ${at}`, row: t`Row ${at}`, line: t`Line ${at}` };
  return words[place];
}

const moreWords = (count: number): string => plural(count, { one: 'and # more', other: 'and # more' });

function readWords({ drafts }: ReadContacts, { fresh, known }: ImportPlan): string {
  const [read, added, there] = [drafts.length, fresh.length, known.length];
  if (read === 0) return t`Nobody was found in this file.`;
  return t`Read: ${read}. New: ${added}. Known by a number or an e-mail: ${there}.`;
}

function doneWords(added: number, changed: number): string {
  if (changed === 0) return t`Contacts added: ${added}.`;
  return added === 0 ? t`Contacts changed: ${changed}.` : t`Contacts added: ${added}, changed: ${changed}.`;
}

async function smallPhotoOf(address: string): Promise<string | undefined> {
  const written = /^data:(image\/[\w.+-]+);base64,(.*)$/s.exec(address);
  if (written === null) return undefined;
  try {
    const bytes = Uint8Array.from(atob(written[2] ?? ''), (letter) => letter.charCodeAt(0));
    return await smallPhoto(new Blob([bytes], { type: written[1] ?? '' }));
  } catch {
    return undefined;
  }
}
