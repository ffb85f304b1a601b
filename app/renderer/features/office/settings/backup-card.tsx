/** The whole office in one file, and back: what a backup would change is told before it takes the place of what is there. */
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Archive, ArchiveRestore } from 'lucide-react';
import { useState } from 'react';
import { useStores } from '../../../store/context.tsx';
import type { KindChange, MadeBackup, ReadBackup } from '../../../store/office-types.ts';
import { backupKindWords } from '../../../store/office-words.ts';
import { bytesWords, dayAndTime } from '../../../store/words.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { useIsWide } from '../../../ui/use-is-wide.ts';
import { ConfirmDialog } from '../../confirm-dialog.tsx';
import { useSubmit } from '../../use-submit.ts';
import { useTask } from '../task.tsx';

const WIDE = 900;

export function BackupCard() {
  const { office } = useStores();
  const openTask = useTask();
  const submit = useSubmit();
  const isWide = useIsWide(WIDE);
  const [made, setMade] = useState<MadeBackup>();
  const backUp = () =>
    submit.send(async () => {
      const outcome = await office.getState().backUp();
      if (outcome.ok && outcome.value !== null) setMade(outcome.value);
      return outcome.ok ? { ok: true, value: undefined } : outcome;
    });
  const restore = () =>
    submit.send(async () => {
      const outcome = await office.getState().readBackup();
      if (!outcome.ok) return outcome;
      const { value } = outcome;
      if (value !== null) openTask((close) => <RestoreDialog backup={value} onClose={close} />);
      return { ok: true, value: undefined };
    });
  const inside = (
    <>
      <p className="note">{t`Users, numbers, settings, records and certificates, in one file.`}</p>
      <div className="user-card-actions">
        <Button icon={Archive} disabled={submit.busy} onClick={() => void backUp()}>
          {t`Back up…`}
        </Button>
        <Button icon={ArchiveRestore} disabled={submit.busy} onClick={() => void restore()}>
          {t`Put a backup back…`}
        </Button>
      </div>
      <Problem>{submit.problem}</Problem>
      {made ? (
        <p role="status" className="note">
          <Trans>
            The office is in {made.name} ({bytesWords(made.bytes)}). Whoever has that file can sign in as everybody:
            keep it safe.
          </Trans>
        </p>
      ) : null}
    </>
  );
  // In a small window the settings below it would be out of sight.
  if (!isWide) {
    return (
      <details className="card more">
        <summary>{t`Backup`}</summary>
        <div className="section">{inside}</div>
      </details>
    );
  }
  return (
    <section className="card section" aria-label={t`Backup`}>
      <div className="section-head">
        <h2>{t`Backup`}</h2>
      </div>
      {inside}
    </section>
  );
}

function RestoreDialog({ backup, onClose }: { readonly backup: ReadBackup; onClose(): void }) {
  const { office } = useStores();
  const [now] = useState(() => Date.now());
  const changed = backup.changes.filter(
    ({ added, removed, changed }) => added.count + removed.count + changed.count > 0,
  );
  return (
    <ConfirmDialog
      title={t`Put this backup back?`}
      action={t`Put back`}
      onConfirm={() => office.getState().restore(t`The office is the one of ${backup.name} now.`)}
      onClose={onClose}
    >
      <Trans>
        {backup.name} is of {dayAndTime(backup.createdAt, now)}. The office stops for a moment; what is there now is
        kept beside it.
      </Trans>
      {changed.length === 0 ? ` ${t`Nothing would change.`}` : null}
      {changed.map((change) => (
        <span key={change.kind} className="backup-change">
          <strong>{backupKindWords(change.kind)}</strong> {changeWords(change)}
        </span>
      ))}
    </ConfirmDialog>
  );
}

/** Such as `2 come back: 1003@office.example, 1004@office.example. 1 goes: …`. */
function changeWords({ added, removed, changed }: KindChange): string {
  const parts = [
    added.count === 0 ? '' : t`${plural(added.count, { one: '# comes back', other: '# come back' })}: ${named(added)}.`,
    removed.count === 0 ? '' : t`${plural(removed.count, { one: '# goes', other: '# go' })}: ${named(removed)}.`,
    changed.count === 0
      ? ''
      : t`${plural(changed.count, { one: '# is as it was then', other: '# are as they were then' })}: ${named(changed)}.`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** More are not read before somebody decides. */
const MOST_NAMED = 5;

function named({ count, names }: KindChange['added']): string {
  const shown = names.slice(0, MOST_NAMED);
  const more = count - shown.length;
  const list = shown.join(', ');
  return more === 0 ? list : t`${list} and ${more} more`;
}
