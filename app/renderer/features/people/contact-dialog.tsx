/** A contact of one's own: adding one, and changing it. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { useBooks, useContacts, useStores } from '../../store/context.tsx';
import type { ContactEdit } from '../../store/types.ts';
import { Select } from '../../ui/select.tsx';
import { Switch } from '../../ui/switch.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { useSubmit } from '../use-submit.ts';
import { NumberFields } from './number-fields.tsx';
import { PhotoField } from './photo-field.tsx';

export interface ContactDialogProps {
  readonly contact: ContactEdit;
  onClose(): void;
}

export function ContactDialog({ contact, onClose }: ContactDialogProps) {
  const { contacts } = useStores();
  const isKnown = useContacts((state) => state.contacts?.some(({ id }) => id === contact.id) ?? false);
  const kept = useContacts((state) => state.photos.get(contact.id));
  const submit = useSubmit();
  const servers = useBooks((state) => state.servers);
  const writable = servers.flatMap(({ books }) => books.filter((book) => book.used && book.writable));
  const [source, setSource] = useState('');
  const [form, setForm] = useState<ContactEdit>({
    ...contact,
    numbers: contact.numbers.length > 0 ? contact.numbers : [{ kind: 'work', value: '' }],
  });
  const [emails, setEmails] = useState(contact.emails.join(', '));
  const [tried, setTried] = useState(false);
  const change = (more: Partial<ContactEdit>) => setForm((before) => ({ ...before, ...more }));
  const isNobody = form.name.trim() === '' && form.company.trim() === '';

  const save = async () => {
    setTried(true);
    if (isNobody) return;
    const { id, name, company, note, favourite, photo } = form;
    const edit: ContactEdit = {
      ...{ id, note, favourite, name: name.trim(), company: company.trim() },
      numbers: form.numbers.filter(({ value }) => value.trim() !== ''),
      emails: emails.split(/[\s,;]+/).filter(Boolean),
      ...(photo === undefined ? {} : { photo }),
      ...(isKnown || source === '' ? {} : { source }),
    };
    if (await submit.send(() => contacts.getState().save(edit))) onClose();
  };

  return (
    <FormDialog
      title={isKnown ? t`Edit contact` : t`Add contact`}
      action={t`Save`}
      submit={submit}
      onSubmit={save}
      onClose={onClose}
    >
      {isKnown || writable.length === 0 ? null : (
        <Select
          label={t`Keep in`}
          value={source}
          choices={[['', t`Own contacts, on this computer`], ...writable.map(({ id, name }) => [id, name] as const)]}
          onChange={setSource}
        />
      )}
      <PhotoField
        name={form.name || form.company}
        photo={form.photo === undefined ? kept : (form.photo ?? undefined)}
        onChange={(photo) => change({ photo })}
      />
      <TextField
        label={t`Name`}
        value={form.name}
        error={tried && isNobody ? t`Type a name or a company.` : undefined}
        data-autofocus=""
        spellCheck={false}
        dir="auto"
        onChange={({ target }) => change({ name: target.value })}
      />
      <TextField
        label={t`Company`}
        value={form.company}
        spellCheck={false}
        dir="auto"
        onChange={({ target }) => change({ company: target.value })}
      />
      <NumberFields numbers={form.numbers} onChange={(numbers) => change({ numbers })} />
      <TextField
        label={t`E-mail`}
        hint={t`Several with commas between them`}
        value={emails}
        inputMode="email"
        onChange={({ target }) => setEmails(target.value)}
      />
      <TextField
        label={t`Note`}
        value={form.note}
        dir="auto"
        onChange={({ target }) => change({ note: target.value })}
      />
      <Switch
        label={t`Favourite`}
        hint={t`Stands at the top`}
        checked={form.favourite}
        onChange={(favourite) => change({ favourite })}
      />
    </FormDialog>
  );
}
