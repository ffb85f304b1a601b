/** How the way for sound is found: ice(), and the servers that help where a router stands between. */
import { t } from '@lingui/core/macro';
import type { CallSettings } from '../../store/types.ts';
import { Select } from '../../ui/select.tsx';
import { LeftField } from './left-field.tsx';

const iceUses = () =>
  [
    ['offered', t`When the other side offers it`],
    ['always', t`In my own calls too`],
    ['never', t`Never`],
  ] as const;
const TRANSPORTS = [
  ['udp', 'UDP'],
  ['tcp', 'TCP'],
  ['tls', 'TLS'],
] as const;

export interface WaySettingsProps {
  readonly settings: CallSettings;
  readonly set: (change: Partial<CallSettings>) => void;
  readonly setPassword: (password: string) => void;
}

export function WaySettings({ settings, set, setPassword }: WaySettingsProps) {
  const { ice, stunServer, turnServer, turnTransport, turnUser } = settings;
  return (
    <>
      <Select
        label={t`Look for the best way for sound (ICE)`}
        value={ice}
        choices={iceUses()}
        onChange={(value) => set({ ice: value })}
      />
      <LeftField
        label={t`STUN server`}
        hint={t`Tells how this computer is seen from outside`}
        known={stunServer}
        onTyped={(server) => set({ stunServer: server })}
      />
      <LeftField
        label={t`TURN server`}
        hint={t`Relays sound where nothing else works`}
        known={turnServer}
        onTyped={(server) => set({ turnServer: server })}
      />
      {turnServer === '' ? null : (
        <>
          <Select
            label={t`Reached by`}
            value={turnTransport}
            choices={TRANSPORTS}
            onChange={(value) => set({ turnTransport: value })}
          />
          <LeftField label={t`User on the TURN server`} known={turnUser} onTyped={(user) => set({ turnUser: user })} />
          <LeftField
            label={t`Password on the TURN server`}
            hint={t`Is not shown again`}
            type="password"
            known=""
            onTyped={setPassword}
          />
        </>
      )}
    </>
  );
}
