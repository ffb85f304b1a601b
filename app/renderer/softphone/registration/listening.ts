/**
 * An account without a registrar: there is nothing to sign in to, it only has to listen. Stands where the registrations of
 * other accounts do.
 */
import type { Clock, Timer } from '../../../../proxy-core/sip/transaction/clock.ts';
import type { AccountFlow, RegId } from '../../../shared/phone-port.ts';
import type { AccountSnapshot, AccountState } from '../snapshots.ts';
import { type AccountTransport, bracketed } from '../transport.ts';
import type { Registrations } from './registrations.ts';
import { type ContactKind, NOBODY } from './whereabouts.ts';

/** How an account is reached by others, and what is done about it. */
export type Reach = Pick<
  Registrations,
  'preferred' | 'state' | 'snapshot' | 'isActive' | 'routes' | 'contact' | 'dispatch' | 'tryAgain' | 'lost' | 'drop'
>;

export interface ListeningOptions {
  /** User part, escaped. */
  readonly user: string;
  readonly transport: AccountTransport;
  readonly clock: Clock;
  readonly changed: () => void;
  /** An attempt to listen is over, well or not. */
  readonly opened: () => void;
  /** It listens: calls that were broken can go on. */
  readonly accepted: () => void;
  readonly closed: () => void;
}

/** A port that is taken may become free. */
const RETRY_MS = 10_000;

export class Listening implements Reach {
  readonly preferred: RegId = 1;
  readonly routes: readonly string[] = [];
  readonly #options: ListeningOptions;
  #state: AccountState = { state: 'signed-out' };
  #timer: Timer | undefined;

  constructor(options: ListeningOptions) {
    this.#options = options;
  }

  get state(): AccountState {
    return this.#state;
  }

  get snapshot(): Pick<AccountSnapshot, 'registration' | 'connectedBy' | 'certificate'> {
    return { registration: this.#state, connectedBy: [], certificate: undefined };
  }

  get isActive(): boolean {
    return this.#state.state !== 'signed-out';
  }

  contact(kind: ContactKind, _secure?: boolean, regId: RegId = 1): string {
    const user = kind === 'temporary' ? NOBODY : this.#options.user;
    const flow = this.#options.transport.flow(regId);
    const host = flow === undefined ? 'phone.invalid' : `${bracketed(flow.localHost)}:${flow.localPort}`;
    return `sip:${user}@${host}`;
  }

  dispatch({ type }: Parameters<Reach['dispatch']>[0]): void {
    if (type === 'sign-out') {
      if (!this.isActive) return;
      this.drop();
      this.#options.closed();
    } else if (type === 'start' || this.isActive) void this.#listen();
  }

  tryAgain(): void {
    if (this.#state.state === 'failed') void this.#listen();
  }

  lost(_regId: RegId, reason: string): void {
    if (this.isActive) this.#failed(reason);
  }

  drop(): void {
    this.#timer?.cancel();
    this.#state = { state: 'signed-out' };
  }

  async #listen(): Promise<void> {
    const { transport, changed, opened, accepted } = this.#options;
    this.#timer?.cancel();
    if (!this.isActive) this.#state = { state: 'registering' };
    changed();
    const answer = await transport.open(1);
    // Who has no IPv6 does without.
    const six = answer.ok ? await transport.open(2) : answer;
    opened();
    if (!this.isActive) return;
    if (!answer.ok) {
      this.#failed(answer.reason);
      return;
    }
    this.#state = { state: 'listening', address: addressOf(answer.flow) };
    // Others cannot reach an address that no network has.
    const isShown = six.ok && (six.flow.localHost !== '::1' || answer.flow.localHost.startsWith('127.'));
    if (isShown) this.#state = { ...this.#state, alsoAt: addressOf(six.flow) };
    accepted();
    changed();
  }

  #failed(reason: string): void {
    const { clock, changed } = this.#options;
    this.#timer?.cancel();
    this.#state = { state: 'failed', reason, retryAt: clock.now() + RETRY_MS };
    this.#timer = clock.after(RETRY_MS, () => void this.#listen());
    changed();
  }
}

const addressOf = ({ localHost, localPort }: AccountFlow): string => `${bracketed(localHost)}:${localPort}`;

/** The line by which an address is called: one is for IPv4, the other for IPv6; what a name means is to be `found`. */
export function lineTowards(uri: string, find: () => Promise<RegId>): RegId | Promise<RegId> {
  if (/^sips?:(?:[^@]*@)?\[/i.test(uri)) return 2;
  // Without an answer nothing can be sent either, and that is told.
  return /^sips?:(?:[^@]*@)?[\d.]+(?:[:;?]|$)/i.test(uri) ? 1 : find().catch((): RegId => 1);
}
