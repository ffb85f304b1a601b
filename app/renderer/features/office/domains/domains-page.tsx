/** The domains of the office, and the further numbers that lead to its users. */
import { plural, t } from '@lingui/core/macro';
import { Hash, Plus, SlidersHorizontal, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useStores } from '../../../store/context.tsx';
import type { ListSpec } from '../../../store/office-list.ts';
import type { AliasInfo } from '../../../store/office-types.ts';
import { useOfficeList } from '../../../store/use-office.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { NameAndNumber } from '../../../ui/name-and-number.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { RowButton } from '../../../ui/row-button.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { FormDialog } from '../../form-dialog.tsx';
import { useSubmit } from '../../use-submit.ts';
import { DomainSelect } from '../domain-select.tsx';
import { FindField } from '../find-field.tsx';
import { ListPane } from '../list-pane.tsx';
import { RuleSection } from '../rule-section.tsx';
import { useTask } from '../task.tsx';
import { aliasList } from '../users/lists.ts';

const domainList: ListSpec<'domains.list'> = { method: 'domains.list', keyOf: ({ name }) => name };

export function DomainsPage() {
  const [text, setText] = useState('');
  const [domain, setDomain] = useState('');
  const wanted = text.trim();
  const aliases = useOfficeList(aliasList, { ...(wanted ? { text: wanted } : {}), ...(domain ? { domain } : {}) });
  return (
    <>
      <h1>{t`Domains and numbers`}</h1>
      <Domains />
      <h2>{t`Further numbers`}</h2>
      <div className="filters">
        <FindField label={t`Find a number`} text={text} onChange={setText} />
        <DomainSelect domain={domain} onChange={setDomain} />
      </div>
      <ListPane
        label={t`Further numbers`}
        list={aliases}
        spec={aliasList}
        nothing={wanted ? t`No number matches “${wanted}”.` : undefined}
        empty={{
          icon: Hash,
          title: t`No further numbers`,
          children: <p className="note">{t`A user can have several: they are added on the user’s own page.`}</p>,
        }}
        row={(alias) => <AliasRow alias={alias} />}
      />
    </>
  );
}

function AliasRow({ alias: { alias, number, domain } }: { readonly alias: AliasInfo }) {
  const { office } = useStores();
  return (
    <div className="user-row row-pressed">
      <Hash aria-hidden="true" className="row-icon" />
      <RowButton
        label={t`Open the user of ${alias}`}
        title={alias}
        onClick={() => office.getState().open({ page: 'users', user: { number, domain } })}
      />
      <NameAndNumber name={alias} number="" />
      <p className="user-devices">{t`leads to ${number}@${domain}`}</p>
    </div>
  );
}

function Domains() {
  const { office } = useStores();
  const openTask = useTask();
  const submit = useSubmit();
  const list = useOfficeList(domainList, {});
  const remove = (name: string) =>
    submit.send(() => office.getState().change(t`${name} was removed.`, 'domains.remove', { name }));
  return (
    <section className="card section" aria-label={t`Domains`}>
      <div className="section-head">
        <h2>{t`Domains`}</h2>
        <Button icon={Plus} onClick={() => openTask((close) => <AddDomainDialog onClose={close} />)}>
          {t`Add domain…`}
        </Button>
      </div>
      <Problem>{list.state === 'failed' ? list.reason : submit.problem}</Problem>
      <ul className="plain-rows">
        {list.items.map(({ name, isDefault, users }) => (
          <li key={name} className="plain-row">
            <div>
              <p>{name}</p>
              <p className="note">
                {plural(users, { one: '# user', other: '# users' })}
                {isDefault ? ` · ${t`numbers without a domain belong here`}` : ''}
              </p>
            </div>
            <div className="user-card-actions">
              <IconButton
                icon={SlidersHorizontal}
                label={t`Lamps and calls of ${name}`}
                onClick={() => openTask((close) => <DomainDialog name={name} onClose={close} />)}
              />
              {list.items.length > 1 ? (
                <IconButton icon={Trash2} label={t`Remove ${name}`} onClick={() => void remove(name)} />
              ) : null}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What holds of all users of a domain who have nothing of their own. */
function DomainDialog({ name, onClose }: { readonly name: string; onClose(): void }) {
  const list = useOfficeList(domainList, {});
  const mode = list.items.find((domain) => domain.name === name)?.mode ?? 'default';
  return (
    <Dialog title={name} onClose={onClose}>
      <p className="note">{t`Holds of every user who has nothing else.`}</p>
      <RuleSection owner={{ domain: name, name, mode }} />
    </Dialog>
  );
}

function AddDomainDialog({ onClose }: { onClose(): void }) {
  const { office } = useStores();
  const submit = useSubmit();
  const [name, setName] = useState('');
  const add = async () => {
    const params = { name: name.trim() };
    const words = t`The office answers for ${name.trim()} too.`;
    if (await submit.send(() => office.getState().change(words, 'domains.add', params))) onClose();
  };
  return (
    <FormDialog title={t`Another domain`} action={t`Add domain`} submit={submit} onSubmit={add} onClose={onClose}>
      <TextField
        label={t`Domain`}
        hint={t`Such as office.example`}
        value={name}
        data-autofocus=""
        onChange={(event) => setName(event.target.value)}
      />
    </FormDialog>
  );
}
