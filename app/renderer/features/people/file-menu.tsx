/** Files of contacts: read one that is chosen, or write one's own. */
import { t } from '@lingui/core/macro';
import { Download, Upload } from 'lucide-react';
import type { RefObject } from 'react';
import { useContacts, useStores } from '../../store/context.tsx';
import { MenuItem } from '../../ui/menu.tsx';

export function FileItems({ input }: { readonly input: RefObject<HTMLInputElement | null> }) {
  const { contacts } = useStores();
  /** What writes files is fetched with the first one. */
  const write = async (as: 'vcf' | 'csv') => {
    const { writeCsv, writeVCards } = await import('../../store/contact-import.ts');
    await contacts.getState().exportTo(`contacts.${as}`, as === 'vcf' ? writeVCards : writeCsv);
  };
  const hasOwn = useContacts((state) => state.contacts?.some(({ source }) => source === '') ?? false);
  return (
    <>
      <MenuItem icon={Download} onSelect={() => input.current?.click()}>
        {t`Import…`}
      </MenuItem>
      {hasOwn ? (
        <>
          <MenuItem icon={Upload} onSelect={() => void write('vcf')}>
            {t`Export as vCards…`}
          </MenuItem>
          <MenuItem icon={Upload} onSelect={() => void write('csv')}>
            {t`Export as a table…`}
          </MenuItem>
        </>
      ) : null}
    </>
  );
}
