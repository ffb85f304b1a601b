/** The states, events and effects of one registration. The machine is in machine.ts; registrar-client.ts performs the effects. */
import type { CertificateProblem } from '../../../shared/connection-settings.ts';

/** What the registrar said of our binding. */
export interface Answer {
  readonly status: number;
  /** Seconds that a 2xx gives our Contact; undefined where it names none. */
  readonly expires?: number | undefined;
  /** Seconds of Min-Expires. */
  readonly minExpires?: number | undefined;
  readonly retryAfterMs?: number | undefined;
  /** The address that the registrar sees differs from the one that was registered. */
  readonly moved?: boolean;
}

/** Known in every state. */
export type RegistrationCommon = {
  /** Seconds to ask for. */
  readonly ask: number;
  /** Attempts that failed in a row. */
  readonly failures: number;
  /** End of the binding that the registrar still holds, as far as we know. */
  readonly boundUntil: number | undefined;
  /** Registrations repeated since our public address changed; bounded, since some networks change it each time. */
  readonly moves: number;
  /** When the connection was registered that is there now, in ms. */
  readonly since: number | undefined;
  /** The last failure, in sight until an attempt succeeds. */
  readonly trouble: { readonly reason: string; readonly retryAt: number } | undefined;
};

export type Registration = RegistrationCommon &
  (
    | { readonly state: 'idle' }
    | { readonly state: 'opening' }
    | { readonly state: 'registering' }
    | { readonly state: 'registered'; readonly expiresAt: number }
    | { readonly state: 'waiting' }
    | {
        readonly state: 'failed';
        readonly reason: string;
        readonly wrongPassword: boolean;
        readonly certificate?: CertificateProblem;
      }
    | { readonly state: 'leaving' }
  );

export type RegistrationEvent =
  | { readonly type: 'start' }
  /** A person wants it now, or signed in again. */
  | { readonly type: 'now' }
  /** The computer woke up or is on another network. */
  | { readonly type: 'network-changed' }
  | { readonly type: 'opened' }
  /** No connection, no answer, or the connection broke. */
  | { readonly type: 'unreachable'; readonly reason: string; readonly certificate?: CertificateProblem | undefined }
  | { readonly type: 'answered'; readonly answer: Answer }
  /** No password is known on this computer. */
  | { readonly type: 'no-password' }
  | { readonly type: 'timer' }
  | { readonly type: 'sign-out' };

export type RegistrationEffect =
  | { readonly do: 'open' }
  | { readonly do: 'register'; readonly expires: number }
  /** Lets go of a request that is on its way. */
  | { readonly do: 'abandon' }
  | { readonly do: 'timer'; readonly ms: number }
  | { readonly do: 'no-timer' }
  | { readonly do: 'close' };

export interface RegistrationStep {
  readonly next: Registration;
  readonly effects: readonly RegistrationEffect[];
}
