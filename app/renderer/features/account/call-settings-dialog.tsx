/** How an account makes and takes calls, in a dialog or among the settings. Each change holds at once, for calls from then on. */
import { t } from '@lingui/core/macro';
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
import { ReplySettings } from './reply-settings.tsx';
import { WaySettings } from './way-settings.tsx';

type Choices<K extends keyof CallSettings> = readonly (readonly [value: CallSettings[K], words: string])[];

const answers = (): Choices<'autoAnswer'> => [
  ['never', t`Never`],
  ['intercom', t`When a colleague’s phone asks for it (intercom)`],
  ['always', t`Always`],
];
const hold = (): Choices<'holdSound'> => [
  ['music', t`Music`],
  ['silence', t`Silence`],
];
const may = (): Choices<'transfers'> => [
  ['always', t`Do it without asking`],
  ['outside', t`Ask me when it leads outside`],
  ['ask', t`Always ask me`],
  ['never', t`Never do it`],
];
const protections = (): Choices<'protection'> => [
  ['offered', t`When the other side offers it`],
  ['always', t`Always: no call without`],
  ['never', t`Never`],
];
const keys = (): Choices<'keyExchange'> => [
  ['sdes', t`In the call’s description (SDES)`],
  ['dtls', t`By a handshake (DTLS)`],
];
const digits = (): Choices<'dtmf'> => [
  ['auto', t`By what the other side takes`],
  ['rtp', t`As telephone events (RFC 4733)`],
  ['tones', t`As tones`],
  ['info-relay', t`As INFO, dtmf-relay`],
  ['info', t`As INFO, dtmf`],
];
const reliable = (): Choices<'reliable'> => [
  ['off', t`Never`],
  ['on', t`Where the other side needs it`],
  ['always', t`Wherever it is possible`],
];
const told = (): Choices<'publish'> => [
  ['busy', t`When I do not want to be disturbed`],
  ['calls', t`That too, and when I am on the phone`],
  ['always', t`All that, and that I am there`],
  ['never', t`Nothing of me`],
];
const signs = () =>
  [
    ['0', t`Never`],
    ['600', t`Every 5 minutes`],
    ['1800', t`Every 15 minutes`],
    ['3600', t`Every 30 minutes`],
  ] as const;

export function CallSettingsDialog({ account, onClose }: { account: Account; onClose(): void }) {
  return (
    <Dialog title={t`Calls of ${account.number}`} onClose={onClose}>
      <CallSettingsForm account={account} />
    </Dialog>
  );
}

export function CallSettingsForm({ account: { id } }: { account: Account }) {
  const { profile } = useStores();
  const account = useProfile((state) => profileOf(state)?.accounts.find((known) => known.id === id));
  const submit = useSubmit();
  if (!account) return null;
  const settings = callSettingsOf(account);
  const set = (change: Partial<CallSettings>) => void submit.send(() => profile.getState().setCalls(account, change));
  const seconds = signs().find(([value]) => value === String(settings.sessionSeconds))?.[0] ?? '1800';

  return (
    <>
      <Problem>{submit.problem}</Problem>
      <div className="form call-settings">
        <Switch
          label={t`Do not disturb`}
          hint={t`Callers hear busy; the calls are listed as missed`}
          checked={settings.doNotDisturb}
          onChange={(doNotDisturb) => set({ doNotDisturb, doNotDisturbUntil: 0 })}
        />
        <Switch
          label={t`Call waiting`}
          hint={t`A second caller rings while a call is on`}
          checked={settings.callWaiting}
          onChange={(callWaiting) => set({ callWaiting })}
        />
        <Switch
          label={t`Hide my number`}
          hint={t`From the people I call`}
          checked={settings.anonymous}
          onChange={(anonymous) => set({ anonymous })}
        />
        <Switch
          label={t`Refuse hidden numbers`}
          checked={settings.refuseAnonymous}
          onChange={(refuseAnonymous) => set({ refuseAnonymous })}
        />
        <Switch
          label={t`Record every call`}
          hint={t`From its answer on; see Sound… for the folder`}
          checked={settings.record}
          onChange={(record) => set({ record })}
        />
        <Select
          label={t`Answer by itself`}
          value={settings.autoAnswer}
          choices={answers()}
          onChange={(autoAnswer) => set({ autoAnswer })}
        />
        <Select
          label={t`Who is on hold hears`}
          value={settings.holdSound}
          choices={hold()}
          onChange={(holdSound) => set({ holdSound })}
        />
        <Select
          label={t`When somebody wants to connect me`}
          value={settings.transfers}
          choices={may()}
          onChange={(transfers) => set({ transfers })}
        />
        <Select
          label={t`When a number sends me elsewhere`}
          value={settings.redirects}
          choices={may()}
          onChange={(redirects) => set({ redirects })}
        />
        <Select
          label={t`Protect sound (SRTP)`}
          value={settings.protection}
          choices={protections()}
          onChange={(protection) => set({ protection })}
        />
        <Select
          label={t`Digits are sent`}
          value={settings.dtmf}
          choices={digits()}
          onChange={(dtmf) => set({ dtmf })}
        />
        <LeftField
          label={t`Number of the voice mail`}
          hint={t`Called to listen; its messages are watched`}
          known={settings.voicemail}
          onTyped={(voicemail) => set({ voicemail })}
        />
        <ReplySettings send={(question) => void submit.send(question)} />
        <details className="more">
          <summary>{t`For unusual servers`}</summary>
          <div className="form">
            <Switch
              label={t`Calls may be taken over`}
              hint={t`By phones that know them: pickup and connecting two calls`}
              checked={settings.replaceable}
              onChange={(replaceable) => set({ replaceable })}
            />
            <Switch
              label={t`Let the other side offer first`}
              checked={settings.lateOffer}
              onChange={(lateOffer) => set({ lateOffer })}
            />
            <Select
              label={t`Keys of protected calls`}
              value={settings.keyExchange}
              choices={keys()}
              onChange={(keyExchange) => set({ keyExchange })}
            />
            <WaySettings
              settings={settings}
              set={set}
              setPassword={(password) => void submit.send(() => profile.getState().setRelayPassword(account, password))}
            />
            <Select
              label={t`The server is told`}
              value={settings.publish}
              choices={told()}
              onChange={(publish) => set({ publish })}
            />
            <CodecSettings account={account} send={(question) => void submit.send(question)} />
            <Select
              label={t`Confirm ringing (100rel)`}
              value={settings.reliable}
              choices={reliable()}
              onChange={(reliable) => set({ reliable })}
            />
            <Select
              label={t`Signs of life of a call`}
              value={seconds}
              choices={signs()}
              onChange={(value) => set({ sessionSeconds: Number(value) })}
            />
          </div>
        </details>
      </div>
    </>
  );
}
