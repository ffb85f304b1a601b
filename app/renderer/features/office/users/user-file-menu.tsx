/** Many users at once: from a table that another program wrote, and into one. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Download, Upload } from 'lucide-react';
import { useRef } from 'react';
import { said } from '../../../../words/said.ts';
import { useStores } from '../../../store/context.tsx';
import { Button } from '../../../ui/button.tsx';
import { Dialog, DialogActions } from '../../../ui/dialog.tsx';
import { Menu, MenuItem } from '../../../ui/menu.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { useTask } from '../task.tsx';

/** The exchange takes no more either. */
const MAX_FILE = 24 * 1024 * 1024;

export function UserFileMenu() {
  const { office } = useStores();
  const openTask = useTask();
  const input = useRef<HTMLInputElement>(null);
  const refused = (reason: string) => openTask((close) => <RefusedDialog reason={reason} onClose={close} />);
  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    if (file.size > MAX_FILE) return refused(t`${file.name} is too large: split it into smaller files.`);
    const outcome = await office.getState().importUsers(await file.text());
    if (!outcome.ok) refused(outcome.reason);
  };
  const write = async () => {
    const outcome = await office.getState().exportUsers();
    if (!outcome.ok) openTask((close) => <NotWrittenDialog reason={outcome.reason} onClose={close} />);
  };
  return (
    <>
      <Menu label={t`Files of users`}>
        <MenuItem icon={Download} onSelect={() => input.current?.click()}>
          {t`Import users…`}
        </MenuItem>
        <MenuItem icon={Upload} onSelect={() => void write()}>
          {t`Export users…`}
        </MenuItem>
      </Menu>
      <input
        ref={input}
        type="file"
        accept=".csv,text/csv"
        hidden
        aria-label={t`File of users`}
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          event.target.value = '';
          void take(file);
        }}
      />
    </>
  );
}

function NotWrittenDialog({ reason, onClose }: { readonly reason: string; onClose(): void }) {
  return (
    <Dialog title={t`The users were not exported`} onClose={onClose}>
      <Problem>{reason}</Problem>
      <DialogActions>
        <Button kind="primary" onClick={onClose} data-autofocus="">
          {t`Close`}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

/** Each line that is at fault has one of its own. */
function RefusedDialog({ reason, onClose }: { readonly reason: string; onClose(): void }) {
  return (
    <Dialog title={t`Nobody was added`} onClose={onClose}>
      <div role="alert" className="file-faults">
        {reason.split('\n').map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines never change
          <p key={index}>{said(line)}</p>
        ))}
      </div>
      <p className="note">
        <Trans>
          The file is a table in CSV, whose first line names its columns: <code>number,password,name,domain</code>. The
          last two may be left out.
        </Trans>
      </p>
      <DialogActions>
        <Button kind="primary" onClick={onClose} data-autofocus="">
          {t`Close`}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
