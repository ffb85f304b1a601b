/** Where the language is chosen; what is behind the dialog changes with it. */
import { t } from '@lingui/core/macro';
import { Dialog } from '../../ui/dialog.tsx';
import { LanguageSelect } from './language-select.tsx';

export function LanguageDialog({ onClose }: { onClose(): void }) {
  return (
    <Dialog title={t`Language`} onClose={onClose}>
      <div className="form">
        <LanguageSelect />
      </div>
    </Dialog>
  );
}
