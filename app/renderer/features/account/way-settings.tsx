/** How the way for sound is found: ICE, and the servers that help where a router stands between. */
import type { CallSettings } from '../../store/types.ts';
import { Select } from '../../ui/select.tsx';
import { LeftField } from './left-field.tsx';

const ICE = [
  ['offered', 'When the other side offers it'],
  ['always', 'In my own calls too'],
  ['never', 'Never'],
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
        label="Look for the best way for sound (ICE)"
        value={ice}
        choices={ICE}
        onChange={(value) => set({ ice: value })}
      />
      <LeftField
        label="STUN server"
        hint="Tells how this computer is seen from outside"
        known={stunServer}
        onTyped={(server) => set({ stunServer: server })}
      />
      <LeftField
        label="TURN server"
        hint="Relays sound where nothing else works"
        known={turnServer}
        onTyped={(server) => set({ turnServer: server })}
      />
      {turnServer === '' ? null : (
        <>
          <Select
            label="Reached by"
            value={turnTransport}
            choices={TRANSPORTS}
            onChange={(value) => set({ turnTransport: value })}
          />
          <LeftField label="User on the TURN server" known={turnUser} onTyped={(user) => set({ turnUser: user })} />
          <LeftField
            label="Password on the TURN server"
            hint="Is not shown again"
            type="password"
            known=""
            onTyped={setPassword}
          />
        </>
      )}
    </>
  );
}
