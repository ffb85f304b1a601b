/**
 * The registrations of one account: one flow, and a second beside it where the registrar takes several of one phone and there
 * is another way to it (RFC 5626 §4.2.1). Calls go by the one that is registered.
 */
import type { RegId } from '../../../shared/phone-port.ts';
import type { AccountSnapshot, AccountState } from '../snapshots.ts';
import { RegistrarClient, type RegistrarClientOptions } from './registrar-client.ts';
import type { RegistrationEvent } from './types.ts';
import type { ContactKind } from './whereabouts.ts';

export type RegistrationsOptions = Omit<RegistrarClientOptions, 'regId' | 'beside' | 'registered'>;

export class Registrations {
  readonly #options: RegistrationsOptions;
  readonly #first: RegistrarClient;
  #second: RegistrarClient | undefined;
  /** Those that have not signed out yet, once they are to. */
  #leaving: number | undefined;

  constructor(options: RegistrationsOptions) {
    this.#options = options;
    this.#first = this.#client(1);
  }

  /** The line that new requests go by. */
  get preferred(): RegId {
    return this.#first.registeredBy === undefined && this.#second?.registeredBy !== undefined ? 2 : 1;
  }

  /** Of both together: whoever is registered anywhere can be called. */
  get state(): AccountState {
    const second = this.#second?.snapshot;
    return second?.state === 'registered' ? this.#best.snapshot : this.#first.snapshot;
  }

  get snapshot(): Pick<AccountSnapshot, 'registration' | 'connectedBy' | 'certificate'> {
    const states = this.#all.map(({ snapshot }) => snapshot);
    const certificates = states.flatMap((state) => (state.state === 'failed' ? (state.certificate ?? []) : []));
    return {
      registration: this.state,
      connectedBy: this.#all.flatMap(({ registeredBy }) =>
        registeredBy === undefined
          ? []
          : { transport: registeredBy.transport, host: registeredBy.remoteHost, port: registeredBy.remotePort },
      ),
      certificate: certificates[0],
    };
  }

  get isActive(): boolean {
    return this.#all.some(({ isActive }) => isActive);
  }

  get routes(): readonly string[] {
    return this.#best.routes;
  }

  contact(kind: ContactKind, secure?: boolean, regId?: RegId): string {
    const asked = regId === 2 ? this.#second : regId === 1 ? this.#first : undefined;
    return (asked?.registeredBy === undefined ? this.#best : asked).contact(kind, secure);
  }

  /** What concerns every flow. */
  dispatch(event: RegistrationEvent & { readonly type: 'start' | 'now' | 'network-changed' | 'sign-out' }): void {
    if (event.type === 'sign-out') this.#leaving ??= this.#all.length;
    if (event.type === 'start') this.#first.dispatch(event);
    else for (const client of this.#all) client.dispatch(event);
  }

  /** After the person did something about it: each flow that had given up. */
  tryAgain(): void {
    for (const client of this.#all) if (client.hasGivenUp) client.dispatch({ type: 'now' });
  }

  lost(regId: RegId, reason: string): void {
    (regId === 1 ? this.#first : this.#second)?.dispatch({ type: 'unreachable', reason });
  }

  /** Stops without a word to the registrar. */
  drop(): void {
    for (const client of this.#all) client.drop();
  }

  get #all(): RegistrarClient[] {
    return this.#second === undefined ? [this.#first] : [this.#first, this.#second];
  }

  get #best(): RegistrarClient {
    return this.preferred === 2 && this.#second !== undefined ? this.#second : this.#first;
  }

  #client(regId: RegId): RegistrarClient {
    const { transport, closed } = this.#options;
    return new RegistrarClient({
      ...this.#options,
      regId,
      beside: () => (regId === 1 ? this.#second : this.#first)?.registeredBy !== undefined,
      registered: (outbound) => {
        if (regId === 1 && outbound && transport.flow(1)?.hasOther === true) this.#beginSecond();
      },
      closed: () => {
        if (this.#leaving === undefined) return;
        this.#leaving--;
        if (this.#leaving === 0) closed();
      },
    });
  }

  #beginSecond(): void {
    if (this.#leaving !== undefined) return;
    this.#second ??= this.#client(2);
    this.#second.dispatch({ type: 'start' });
  }
}
