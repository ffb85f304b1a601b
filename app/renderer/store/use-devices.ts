/** Where a call of an account can go on: this person's other devices, as far as they are known. */
import { usePhone } from './context.tsx';
import type { OwnDevice } from './types.ts';

export interface Devices {
  /** Whether the account's server could lead a call there at all. */
  readonly canMove: boolean;
  /** Undefined where the server does not tell of them. */
  readonly devices: readonly OwnDevice[] | undefined;
}

export function useDevices(accountId: string | undefined): Devices {
  const canMove = usePhone(({ accounts }) =>
    accounts.some(({ id, registration }) => id === accountId && registration.state === 'registered'),
  );
  const devices = usePhone((state) => state.devices.find((one) => one.accountId === accountId)?.devices);
  return { canMove, devices };
}
