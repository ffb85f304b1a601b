/** One who is watched: his lamp with its state in words, a call to him, or the call that rings at his phone. */
import { EyeOff, MessageSquare, Phone, PhoneForwarded } from 'lucide-react';
import { useStores } from '../../store/context.tsx';
import type { Account, PersonSnapshot } from '../../store/types.ts';
import { personWords } from '../../store/words.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { NameAndNumber } from '../../ui/name-and-number.tsx';

export interface PersonRowProps {
  readonly person: PersonSnapshot;
  /** Undefined once it is signed out. */
  readonly account: Account | undefined;
}

export function PersonRow({ person, account }: PersonRowProps) {
  const { messages, phone, profile, view } = useStores();
  const { accountId, target, number, state } = person;
  const name = person.name || number;
  const show = (began: boolean) => {
    if (began) view.getState().show('phone');
  };
  const write = () => {
    messages.getState().show({ accountId, peer: number });
    view.getState().show('messages');
  };
  return (
    <li className="user-row person-row">
      <Avatar name={person.name} />
      <NameAndNumber name={name} number={number} />
      <p className="user-devices person-state" data-state={state} role="status" aria-label={`State of ${name}`}>
        <span className="dot" aria-hidden="true" />
        <span className="user-devices-text" title={personWords(person)}>
          {personWords(person)}
        </span>
      </p>
      <div className="person-actions">
        {person.ringing ? (
          <Button
            kind="primary"
            icon={PhoneForwarded}
            aria-label={`Pick up the call to ${name}`}
            onClick={() => show(phone.getState().pickUp(person))}
          >
            Pick up
          </Button>
        ) : (
          <IconButton
            icon={Phone}
            label={`Call ${name}`}
            onClick={() => show(phone.getState().call(target, accountId))}
          />
        )}
        {account ? (
          <Menu label={`More for ${name}`}>
            <MenuItem icon={MessageSquare} onSelect={write}>
              Write a message
            </MenuItem>
            <MenuItem icon={EyeOff} onSelect={() => void profile.getState().unwatch(account, target)}>
              Watch no longer
            </MenuItem>
          </Menu>
        ) : null}
      </div>
    </li>
  );
}
