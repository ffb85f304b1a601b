/** How an account makes and takes calls. Each change holds at once, for calls from then on. */
import { useProfile, useStores } from '../../store/context.tsx';
import { callSettingsOf, profileOf } from '../../store/profile-store.ts';
import type { Account, CallSettings } from '../../store/types.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Select } from '../../ui/select.tsx';
import { Switch } from '../../ui/switch.tsx';
import { useSubmit } from '../use-submit.ts';
import { CodecSettings } from './codec-settings.tsx';
import { LeftField } from './left-field.tsx';
import { WaySettings } from './way-settings.tsx';

type Choices<K extends keyof CallSettings> = readonly (readonly [value: CallSettings[K], words: string])[];

const ANSWERS: Choices<'autoAnswer'> = [
  ['never', 'Never'],
  ['intercom', 'When a colleague’s phone asks for it (intercom)'],
  ['always', 'Always'],
];
const HOLD: Choices<'holdSound'> = [
  ['music', 'Music'],
  ['silence', 'Silence'],
];
const MAY: Choices<'transfers'> = [
  ['always', 'Do it without asking'],
  ['outside', 'Ask me when it leads outside'],
  ['ask', 'Always ask me'],
  ['never', 'Never do it'],
];
const PROTECTED: Choices<'protection'> = [
  ['offered', 'When the other side offers it'],
  ['always', 'Always: no call without'],
  ['never', 'Never'],
];
const KEYS: Choices<'keyExchange'> = [
  ['sdes', 'In the call’s description (SDES)'],
  ['dtls', 'By a handshake (DTLS)'],
];
const DIGITS: Choices<'dtmf'> = [
  ['auto', 'By what the other side takes'],
  ['rtp', 'As telephone events (RFC 4733)'],
  ['tones', 'As tones'],
  ['info-relay', 'As INFO, dtmf-relay'],
  ['info', 'As INFO, dtmf'],
];
const RELIABLE: Choices<'reliable'> = [
  ['off', 'Never'],
  ['on', 'Where the other side needs it'],
  ['always', 'Wherever it is possible'],
];
const TOLD: Choices<'publish'> = [
  ['busy', 'When I do not want to be disturbed'],
  ['calls', 'That too, and when I am on the phone'],
  ['always', 'All that, and that I am there'],
  ['never', 'Nothing of me'],
];
const SIGNS = [
  ['0', 'Never'],
  ['600', 'Every 5 minutes'],
  ['1800', 'Every 15 minutes'],
  ['3600', 'Every 30 minutes'],
] as const;

export function CallSettingsDialog({ account: { id }, onClose }: { account: Account; onClose(): void }) {
  const { profile } = useStores();
  const account = useProfile((state) => profileOf(state)?.accounts.find((known) => known.id === id));
  const submit = useSubmit();
  if (!account) return null;
  const settings = callSettingsOf(account);
  const set = (change: Partial<CallSettings>) => void submit.send(() => profile.getState().setCalls(account, change));
  const seconds = SIGNS.find(([value]) => value === String(settings.sessionSeconds))?.[0] ?? '1800';

  return (
    <Dialog title={`Calls of ${account.number}`} onClose={onClose}>
      <Problem>{submit.problem}</Problem>
      <div className="form call-settings">
        <Switch
          label="Do not disturb"
          hint="Callers hear busy; the calls are listed as missed"
          checked={settings.doNotDisturb}
          onChange={(doNotDisturb) => set({ doNotDisturb })}
        />
        <Switch
          label="Call waiting"
          hint="A second caller rings while a call is on"
          checked={settings.callWaiting}
          onChange={(callWaiting) => set({ callWaiting })}
        />
        <Switch
          label="Hide my number"
          hint="From the people I call"
          checked={settings.anonymous}
          onChange={(anonymous) => set({ anonymous })}
        />
        <Switch
          label="Refuse hidden numbers"
          checked={settings.refuseAnonymous}
          onChange={(refuseAnonymous) => set({ refuseAnonymous })}
        />
        <Switch
          label="Record every call"
          hint="From its answer on; see Sound… for the folder"
          checked={settings.record}
          onChange={(record) => set({ record })}
        />
        <Select
          label="Answer by itself"
          value={settings.autoAnswer}
          choices={ANSWERS}
          onChange={(autoAnswer) => set({ autoAnswer })}
        />
        <Select
          label="Who is on hold hears"
          value={settings.holdSound}
          choices={HOLD}
          onChange={(holdSound) => set({ holdSound })}
        />
        <Select
          label="When somebody wants to connect me"
          value={settings.transfers}
          choices={MAY}
          onChange={(transfers) => set({ transfers })}
        />
        <Select
          label="When a number sends me elsewhere"
          value={settings.redirects}
          choices={MAY}
          onChange={(redirects) => set({ redirects })}
        />
        <Select
          label="Protect sound (SRTP)"
          value={settings.protection}
          choices={PROTECTED}
          onChange={(protection) => set({ protection })}
        />
        <Select label="Digits are sent" value={settings.dtmf} choices={DIGITS} onChange={(dtmf) => set({ dtmf })} />
        <LeftField
          label="Number of the voice mail"
          hint="Called to listen; its messages are watched"
          known={settings.voicemail}
          onTyped={(voicemail) => set({ voicemail })}
        />
        <details className="more">
          <summary>For unusual servers</summary>
          <div className="form">
            <Switch
              label="Calls may be taken over"
              hint="By phones that know them: pickup and connecting two calls"
              checked={settings.replaceable}
              onChange={(replaceable) => set({ replaceable })}
            />
            <Switch
              label="Let the other side offer first"
              checked={settings.lateOffer}
              onChange={(lateOffer) => set({ lateOffer })}
            />
            <Select
              label="Keys of protected calls"
              value={settings.keyExchange}
              choices={KEYS}
              onChange={(keyExchange) => set({ keyExchange })}
            />
            <WaySettings
              settings={settings}
              set={set}
              setPassword={(password) => void submit.send(() => profile.getState().setRelayPassword(account, password))}
            />
            <Select
              label="The server is told"
              value={settings.publish}
              choices={TOLD}
              onChange={(publish) => set({ publish })}
            />
            <CodecSettings account={account} send={(question) => void submit.send(question)} />
            <Select
              label="Confirm ringing (100rel)"
              value={settings.reliable}
              choices={RELIABLE}
              onChange={(reliable) => set({ reliable })}
            />
            <Select
              label="Signs of life of a call"
              value={seconds}
              choices={SIGNS}
              onChange={(value) => set({ sessionSeconds: Number(value) })}
            />
          </div>
        </details>
      </div>
    </Dialog>
  );
}
