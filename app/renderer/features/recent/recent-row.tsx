/** One call that was: with whom, which way, when, how it ended and how it sounded. */

import { t } from '@lingui/core/macro';
import {
  AudioLines,
  type LucideIcon,
  Phone,
  PhoneIncoming,
  PhoneMissed,
  PhoneOff,
  PhoneOutgoing,
  Trash2,
  UserRoundPlus,
} from 'lucide-react';
import { memo, useState } from 'react';
import { newContact } from '../../store/contact-store.ts';
import { useProfile, useStores } from '../../store/context.tsx';
import { backTo } from '../../store/dial-plan.ts';
import { profileOf } from '../../store/profile-store.ts';
import type { ContactEdit, PastCall } from '../../store/types.ts';
import { useNamed } from '../../store/use-who.ts';
import { dayAndTime, duration, pastWords, peerName, peerNumber, recordedWords } from '../../store/words.ts';
import { IconButton } from '../../ui/button.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { NameAndNumber } from '../../ui/name-and-number.tsx';
import { useLanguage } from '../../ui/use-language.ts';
import { CallSoundDialog } from '../phone/call-sound-dialog.tsx';
import { PlayRecording } from './play-recording.tsx';

export interface RecentRowProps {
  readonly call: PastCall;
  readonly now: number;
  /** Somebody is to become a contact. */
  onAdd(contact: ContactEdit): void;
}

export const RecentRow = memo(function RecentRow({ call, now, onAdd }: RecentRowProps) {
  const { history, phone, view, who } = useStores();
  useLanguage();
  const account = useProfile((state) => accountWords(profileOf(state)?.accounts ?? [], call.accountId));
  const [sound, setSound] = useState(false);
  const { peer, quality, recordings, startedAt, answeredAt, endedAt, end } = call;
  const Icon = iconOf(call);
  const shown = useNamed(call);
  const contact = who(peer)?.contact;
  const name = peerName(shown);
  const number = peerNumber(shown);
  const again = () => {
    const { accounts, call: begin } = phone.getState();
    const domain = accounts.find(({ id }) => id === call.accountId)?.domain ?? '';
    if (begin(backTo(peer, domain), call.accountId)) view.getState().show('phone');
  };
  const talked = answeredAt === null ? '' : duration(endedAt - answeredAt);
  const facts = [pastWords(call), talked, recordedWords(recordings), dayAndTime(startedAt, now), account];
  return (
    <div className="user-row recent-row" data-missed={end === 'missed' ? '' : undefined}>
      <Icon className="row-icon" aria-hidden="true" />
      <NameAndNumber name={name} number={number} />
      <p className="user-devices recent-when">{facts.filter((fact) => fact !== '').join(' · ')}</p>
      <div className="recent-actions">
        <PlayRecording recordings={recordings} who={name} />
        <IconButton icon={Phone} label={t`Call ${name} again`} onClick={again} />
        <Menu label={t`More for the call with ${name}`}>
          {quality ? (
            <MenuItem icon={AudioLines} onSelect={() => setSound(true)}>
              {t`How it sounded…`}
            </MenuItem>
          ) : null}
          {contact === undefined && peer.number !== '' ? (
            <MenuItem icon={UserRoundPlus} onSelect={() => onAdd(contactFrom(peer))}>
              {t`Add to contacts…`}
            </MenuItem>
          ) : null}
          <MenuItem icon={Trash2} danger onSelect={() => void history.getState().remove(call)}>
            {t`Remove`}
          </MenuItem>
        </Menu>
      </div>
      {sound && quality ? <CallSoundDialog quality={quality} onClose={() => setSound(false)} /> : null}
    </div>
  );
});

const contactFrom = ({ name, number }: PastCall['peer']): ContactEdit => ({
  ...newContact(),
  ...{ name: name === number ? '' : name, numbers: [{ kind: 'work', value: number }] },
});

function iconOf({ end, direction }: PastCall): LucideIcon {
  if (end === 'missed') return PhoneMissed;
  if (end === 'declined' || end === 'elsewhere') return PhoneOff;
  return direction === 'incoming' ? PhoneIncoming : PhoneOutgoing;
}

/** By which account, where there are several; else empty. */
function accountWords(accounts: readonly { readonly id: string; readonly number: string }[], id: string): string {
  const number = accounts.length > 1 ? accounts.find((account) => account.id === id)?.number : undefined;
  return number === undefined ? '' : t`as ${number}`;
}
