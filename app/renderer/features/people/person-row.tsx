/** One person: how he is reached, his lamp with its state in words where he is watched, or the call that rings at his phone. */
import { t } from '@lingui/core/macro';
import {
  BookUser,
  Eye,
  EyeOff,
  MessageSquare,
  Pencil,
  Phone,
  PhoneForwarded,
  Star,
  StarOff,
  Trash2,
  UserRoundPlus,
} from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { bookName, canEdit } from '../../store/books-store.ts';
import { newContact } from '../../store/contact-store.ts';
import { useBooks, useColleagues, useStores } from '../../store/context.tsx';
import { type Person, stateOf } from '../../store/people.ts';
import type { Account, ContactEdit } from '../../store/types.ts';
import { usePhoto } from '../../store/use-photo.ts';
import { kindWords, personWords, stateWords } from '../../store/words.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { useLanguage } from '../../ui/use-language.ts';

export interface PersonRowProps {
  readonly person: Person;
  readonly accounts: readonly Account[];
  /** Must be the same function at every drawing of an unchanged person, or the row is drawn again. */
  onEdit(contact: ContactEdit): void;
}

export const PersonRow = memo(
  function PersonRow({ person, accounts, onEdit }: PersonRowProps) {
    const { phone, view } = useStores();
    useLanguage();
    const { name, contact, watched, colleague } = person;
    const photo = usePhoto(contact);
    const number = watched?.number ?? contact?.numbers[0]?.value;
    const target = watched?.target ?? number;
    // Under its own heading it goes without saying.
    const source = contact?.favourite || watched ? (contact?.source ?? '') : '';
    const book = useBooks((state) => bookName(state.servers, source));
    const beside = contact && contact.company !== name ? contact.company : '';
    const call = (to: string, by?: string) => {
      if (phone.getState().call(to, by)) view.getState().show('phone');
    };
    return (
      <>
        <Avatar name={contact ? name : (watched?.name ?? '')} photo={photo} />
        <div className="user-words">
          <p className="user-name" dir="auto" title={name}>
            {name}
          </p>
          {beside || number !== name || book ? (
            <p className="user-number" title={[beside, number, book].filter(Boolean).join(' · ')}>
              <Parts>
                {beside ? <bdi key="beside">{beside}</bdi> : null}
                {number && number !== name ? (
                  <bdi key="number" dir="ltr">
                    {number}
                  </bdi>
                ) : null}
                {book ? <bdi key="book">{book}</bdi> : null}
              </Parts>
            </p>
          ) : null}
        </div>
        <Lamp person={person} />
        <div className="person-actions">
          {watched?.ringing ? (
            <Button
              kind="primary"
              icon={PhoneForwarded}
              aria-label={t`Pick up the call to ${name}`}
              onClick={() => {
                if (phone.getState().pickUp(watched)) view.getState().show('phone');
              }}
            >
              {t`Pick up`}
            </Button>
          ) : target ? (
            <IconButton
              icon={Phone}
              label={t`Call ${name}`}
              onClick={() => call(target, (watched ?? colleague)?.accountId)}
            />
          ) : null}
          <PersonMenu person={person} accounts={accounts} onEdit={onEdit} onCall={call} />
        </div>
      </>
    );
  },
  (before, after) =>
    before.person.contact === after.person.contact &&
    before.person.watched === after.person.watched &&
    before.person.colleague === after.person.colleague &&
    before.accounts === after.accounts,
);

/** With dots between them. */
function Parts({ children }: { readonly children: readonly ReactNode[] }) {
  return children.filter(Boolean).flatMap((part, at) => (at === 0 ? [part] : [' · ', part]));
}

function Lamp({ person }: { readonly person: Person }) {
  const { name, watched } = person;
  const state = useColleagues(({ lamps }) => stateOf(person, lamps));
  if (state === undefined) return null;
  // One who is watched has more to say, such as who calls him.
  const words = watched?.state === state ? personWords(watched) : stateWords(state);
  return (
    <p className="user-devices person-state" data-state={state} role="status" aria-label={t`State of ${name}`}>
      <span className="dot" aria-hidden="true" />
      <span className="user-devices-text" title={words}>
        {words}
      </span>
    </p>
  );
}

interface PersonMenuProps extends PersonRowProps {
  onCall(to: string): void;
}

function PersonMenu({ person, accounts, onEdit, onCall }: PersonMenuProps) {
  const { contacts, messages, profile, view } = useStores();
  const { name, contact, watched, colleague } = person;
  const account = accounts.find(({ id }) => id === (watched ?? colleague)?.accountId) ?? accounts[0];
  const isEditable = useBooks((state) => contact !== undefined && canEdit(state.servers, contact));
  const number = watched?.number ?? contact?.numbers[0]?.value;
  const write = () => {
    if (account === undefined || number === undefined) return;
    messages.getState().show({ accountId: account.id, peer: plainNumber(number) });
    view.getState().show('messages');
  };
  const keep = () =>
    onEdit({
      ...newContact(),
      ...{ name: watched?.name ?? '', numbers: [{ kind: 'work', value: watched?.number ?? '' }] },
    });
  return (
    <Menu label={t`More for ${name}`}>
      {(contact?.numbers ?? []).slice(1).map(({ kind, value }) => (
        <MenuItem key={`${kind} ${value}`} icon={Phone} onSelect={() => onCall(value)}>
          {`${kindWords(kind)}: ${value}`}
        </MenuItem>
      ))}
      {account && number ? (
        <MenuItem icon={MessageSquare} onSelect={write}>
          {t`Write a message`}
        </MenuItem>
      ) : null}
      {contact ? (
        <MenuItem
          icon={contact.favourite ? StarOff : Star}
          onSelect={() => void contacts.getState().favourite(contact, !contact.favourite)}
        >
          {contact.favourite ? t`No longer a favourite` : t`Make a favourite`}
        </MenuItem>
      ) : (
        <MenuItem icon={UserRoundPlus} onSelect={keep}>
          {t`Add to contacts…`}
        </MenuItem>
      )}
      {watched && account ? (
        <MenuItem icon={EyeOff} onSelect={() => void profile.getState().unwatch(account, watched.target)}>
          {t`Watch no longer`}
        </MenuItem>
      ) : null}
      {!watched && account && number ? (
        <MenuItem
          icon={Eye}
          onSelect={() => void profile.getState().watch(account, { target: plainNumber(number), name })}
        >
          {t`Watch`}
        </MenuItem>
      ) : null}
      {contact && isEditable ? (
        <>
          <MenuItem icon={Pencil} onSelect={() => onEdit(contact)}>
            {t`Edit…`}
          </MenuItem>
          <MenuItem icon={Trash2} danger onSelect={() => void contacts.getState().remove(contact)}>
            {t`Remove`}
          </MenuItem>
        </>
      ) : contact ? (
        <MenuItem icon={BookUser} onSelect={() => onEdit({ ...contact, id: newContact().id })}>
          {t`Copy to own contacts…`}
        </MenuItem>
      ) : null}
    </Menu>
  );
}

/** A number as it is dialled. */
const plainNumber = (number: string): string => (/[a-z@]/i.test(number) ? number : number.replace(/[^\d*#+]/g, ''));
