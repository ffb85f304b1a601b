/** What the phone service does for the window: network and media. Its insides are not there yet, and it says so. */
import type { Account } from '../../shared/bridge.ts';
import type { PhonePortSchema } from '../../shared/phone-port.ts';
import type { Emitters, Handlers } from '../../shared/schema.ts';

export interface PhoneServiceOptions {
  /** Every socket stays on 127.0.0.1. */
  readonly loopback: boolean;
  /** Tells the window; an event while there is no window is dropped. */
  readonly emit: Emitters<PhonePortSchema>;
}

export interface PhoneService {
  /** The accounts that the window may name; connections of those that are gone are closed. */
  configure(accounts: readonly Account[]): void;
  /** Answers the window. A window that is loaded again finds the connections of before. */
  readonly handlers: Handlers<PhonePortSchema>;
  /** Settles when every socket is closed. */
  close(): Promise<void>;
}

export function createPhoneService(_options: PhoneServiceOptions): PhoneService {
  const reason = 'The phone service is not available in this build.';
  const refuse = () => ({ ok: false, status: 500, reason }) as const;
  return {
    configure() {},
    handlers: {
      sip: { open: refuse, send: refuse, close() {} },
      media: { offer: refuse, answer: refuse, accept: refuse, stats: () => null, close() {} },
    },
    async close() {},
  };
}
