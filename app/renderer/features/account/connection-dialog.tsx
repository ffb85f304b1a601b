/** How an account reaches its server, and whom it believes there, in a dialog or among the settings. Each change holds at once. */
import { t } from '@lingui/core/macro';
import { Trash2 } from 'lucide-react';
import { usePhone, useProfile, useStores } from '../../store/context.tsx';
import { accountSettingsOf, profileOf } from '../../store/profile-store.ts';
import type { Account } from '../../store/types.ts';
import { connectionWords } from '../../store/words.ts';
import { IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Select } from '../../ui/select.tsx';
import { useSubmit } from '../use-submit.ts';
import { Fingerprint } from './fingerprint.tsx';
import { LeftField } from './left-field.tsx';

const transports = () =>
  [
    ['auto', t`As the server’s name says`],
    ['udp', 'UDP'],
    ['tcp', 'TCP'],
    ['tls', t`TLS, protected`],
    ['ws', 'WebSocket'],
    ['wss', t`WebSocket, protected`],
  ] as const;
const uses = () =>
  [
    ['all', t`For everything`],
    ['registration', t`For signing in alone`],
  ] as const;

export function ConnectionDialog({ account, onClose }: { account: Account; onClose(): void }) {
  return (
    <Dialog title={t`Connection of ${account.number}`} onClose={onClose}>
      <ConnectionForm account={account} />
    </Dialog>
  );
}

export function ConnectionForm({ account: { id } }: { account: Account }) {
  const { profile } = useStores();
  const account = useProfile((state) => profileOf(state)?.accounts.find((known) => known.id === id));
  const way = usePhone((state) => {
    const snapshot = state.accounts.find((known) => known.id === id);
    return snapshot === undefined ? '' : connectionWords(snapshot);
  });
  const submit = useSubmit();
  if (!account) return null;
  const { setSettings, setProxies, distrust } = profile.getState();
  const { transport, proxyUse } = accountSettingsOf(account);
  const { outboundProxy, trusted = [] } = account;

  return (
    <>
      <Problem>{submit.problem}</Problem>
      <div className="form">
        <p className="note">{way === '' ? t`Not connected.` : t`Connected by ${way}.`}</p>
        <Select
          label={t`Reach the server by`}
          value={transport}
          choices={transports()}
          onChange={(value) => void submit.send(() => setSettings(account, { transport: value }))}
        />
        <LeftField
          key={outboundProxy}
          label={t`Outbound proxies`}
          hint={t`In order, with commas`}
          placeholder="sip:proxy.example;transport=tls"
          known={outboundProxy}
          onTyped={(text) => void submit.send(() => setProxies(account, text))}
        />
        {outboundProxy.trim() === '' ? null : (
          <Select
            label={t`The proxies are used`}
            value={proxyUse}
            choices={uses()}
            onChange={(value) => void submit.send(() => setSettings(account, { proxyUse: value }))}
          />
        )}
        {trusted.length === 0 ? null : (
          <section aria-labelledby="trusted-title">
            <h3 id="trusted-title" className="trusted-title">
              {t`Trusted certificates`}
            </h3>
            <ul className="trusted">
              {trusted.map((one) => (
                <li key={`${one.server} ${one.fingerprint}`}>
                  <div>
                    <p>
                      {one.server}
                      <span className="note"> {one.authority === '' ? '' : t`by ${one.name}`}</span>
                    </p>
                    <Fingerprint of={one.fingerprint} />
                  </div>
                  <IconButton
                    icon={Trash2}
                    label={t`Trust the certificate of ${one.server} no more`}
                    onClick={() => void submit.send(() => distrust(account, one))}
                  />
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </>
  );
}
