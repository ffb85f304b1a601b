/** A registration at work, of one flow of the account: performs what machine.ts decides, and sends its REGISTERs (RFC 3261 §10.2). */
import type { Draft } from '../../../../proxy-core/sip/dialog/dialog.ts';
import { buildRequest, type HeaderLine } from '../../../../proxy-core/sip/message/build.ts';
import type { SipResponse } from '../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../proxy-core/sip/message/names.ts';
import { deltaSeconds } from '../../../../proxy-core/sip/message/parse.ts';
import type { Clock, RandomHex, Timer } from '../../../../proxy-core/sip/transaction/clock.ts';
import type { AccountFlow, RegId } from '../../../shared/phone-port.ts';
import type { AccountAddress } from '../account-address.ts';
import { OURS } from '../ours.ts';
import { type Sent, sendRequest, type Way } from '../send-request.ts';
import type { AccountState } from '../snapshots.ts';
import { retryAfterMs } from '../status-words.ts';
import type { AccountTransport } from '../transport.ts';
import { idle, registrationSnapshot, stepRegistration } from './machine.ts';
import type { Answer, Registration, RegistrationEffect, RegistrationEvent } from './types.ts';
import { type ContactKind, Whereabouts } from './whereabouts.ts';

export interface RegistrarClientOptions {
  readonly regId: RegId;
  readonly number: string;
  /** Seconds to ask for. */
  readonly expires: number;
  readonly address: AccountAddress;
  readonly instance: string;
  readonly transport: AccountTransport;
  readonly way: Omit<Way, 'hop'>;
  readonly clock: Clock;
  readonly random: RandomHex;
  readonly userAgent: string;
  /** How this computer is called; empty where nobody says. */
  readonly computer: () => string;
  readonly changed: () => void;
  /** Whether another flow of the account is registered. */
  readonly beside: () => boolean;
  /** The registrar took this flow; `outbound`: it takes several of one phone (RFC 5626 §4.2.1). */
  readonly registered: (outbound: boolean) => void;
  /** An attempt to open the connection is over, well or not. */
  readonly opened: () => void;
  /** The registrar knows where we are. */
  readonly accepted: (server: string, events: readonly string[]) => void;
  /** Signed out and closed. */
  readonly closed: () => void;
}

/** Characters of the computer's name. */
const MAX_COMPUTER = 63;
/** First Hop Lacks Outbound Support (RFC 5626 §11.6). */
const NO_OUTBOUND = 439;

export class RegistrarClient {
  readonly #options: RegistrarClientOptions;
  readonly #callId: string;
  readonly #tag: string;
  readonly #whereabouts: Whereabouts;
  #state: Registration;
  #cseq = 0;
  #openings = 0;
  #sent: Sent | undefined;
  #timer: Timer | undefined;
  /** A proxy on the way cannot lead calls back by the flow that they came for. */
  #plain = false;
  /** The registrar is an exchange of Tandem's. */
  #isOurs = false;

  constructor(options: RegistrarClientOptions) {
    this.#options = options;
    const { regId, address, instance } = options;
    this.#state = idle(options.expires);
    this.#whereabouts = new Whereabouts({ regId, address, instance, flow: () => this.#flow });
    this.#callId = `${options.random(12)}@tandem.invalid`;
    this.#tag = options.random(8);
  }

  get snapshot(): AccountState {
    return registrationSnapshot(this.#state, this.#options.clock.now());
  }

  /** Nothing is tried any more until a person does something. */
  get hasGivenUp(): boolean {
    return this.#state.state === 'failed';
  }

  get isActive(): boolean {
    return this.#state.state !== 'idle' && this.#state.state !== 'leaving';
  }

  /** The connection, while it is registered. */
  get registeredBy(): AccountFlow | undefined {
    return this.snapshot.state === 'registered' ? this.#flow : undefined;
  }

  get #flow(): AccountFlow | undefined {
    return this.#options.transport.flow(this.#options.regId);
  }

  /** The URI for dialogs. */
  contact(kind: ContactKind, secure?: boolean): string {
    return this.#whereabouts.contact(kind, secure);
  }

  /** Route of requests outside a dialog. */
  get routes(): readonly string[] {
    return this.#whereabouts.routes;
  }

  dispatch(event: RegistrationEvent): void {
    const { clock, random, number, changed, beside } = this.#options;
    const chance = Number.parseInt(random(2), 16) / 0xffff;
    const { next, effects } = stepRegistration(this.#state, event, clock.now(), chance, number, beside());
    this.#state = next;
    for (const effect of effects) this.#perform(effect);
    changed();
  }

  /** Stops without a word to the registrar. */
  drop(): void {
    this.#timer?.cancel();
    this.#sent?.forget();
    this.#state = idle(this.#options.expires);
  }

  #perform(effect: RegistrationEffect): void {
    switch (effect.do) {
      case 'open':
        void this.#open();
        return;
      case 'register':
        this.#register(effect.expires);
        return;
      case 'abandon':
        this.#sent?.forget();
        this.#sent = undefined;
        return;
      case 'timer':
        this.#timer?.cancel();
        this.#timer = this.#options.clock.after(effect.ms, () => this.dispatch({ type: 'timer' }));
        return;
      case 'no-timer':
        this.#timer?.cancel();
        this.#timer = undefined;
        return;
      case 'close':
        this.#whereabouts.forget();
        this.#options.closed();
        return;
      default: {
        const never: never = effect;
        throw new TypeError(`unexpected ${String(never)}`);
      }
    }
  }

  async #open(): Promise<void> {
    const { transport, regId } = this.#options;
    const attempt = ++this.#openings;
    const opened = await transport.open(regId);
    // A later attempt speaks for itself.
    const isLast = attempt === this.#openings;
    if (opened.ok || isLast) this.#options.opened();
    if (this.#state.state !== 'opening' || !isLast) return;
    this.dispatch(opened.ok ? { type: 'opened' } : { ...opened, type: 'unreachable' });
  }

  #register(expires: number): void {
    const { way, transport, regId } = this.#options;
    const whereabouts = this.#whereabouts;
    this.#sent?.forget();
    const first = this.#cseq + 1;
    let contact = whereabouts.uri;
    this.#sent = sendRequest(
      { ...way, hop: () => transport.hopOf(regId) },
      {
        method: 'REGISTER',
        build: (attempt, auth) => {
          this.#cseq = first + attempt;
          // Read anew: the 401 before may have told where we are seen.
          contact = expires === 0 ? whereabouts.bound : whereabouts.uri;
          return this.#draft(contact, expires, first + attempt, auth);
        },
      },
      {
        response: (response) => {
          whereabouts.learn(response);
          this.#look(response);
          if (response.status >= 200) this.#answered(response, contact, expires);
        },
        noResponse: (reason) => {
          this.#sent = undefined;
          this.dispatch({ type: 'unreachable', reason });
        },
        noPassword: () => {
          this.#sent?.forget();
          this.#sent = undefined;
          this.dispatch({ type: 'no-password' });
        },
        challenged: (response) => {
          whereabouts.learn(response);
          this.#look(response);
        },
      },
    );
  }

  #look(response: SipResponse): void {
    const server = response.header(H.Server);
    if (server !== undefined) this.#isOurs = OURS.test(server);
  }

  /** Which of the user's devices this is, only an office of his own needs to know. */
  get #name(): string {
    const { userAgent, computer } = this.#options;
    const name = this.#isOurs
      ? computer()
          .replace(/[^\w .-]/g, '')
          .slice(0, MAX_COMPUTER)
      : '';
    return name === '' ? userAgent : `${userAgent} (${name})`;
  }

  #draft(contact: string, expires: number, cseq: number, auth: readonly HeaderLine[]): Draft {
    const { address } = this.#options;
    const headers: HeaderLine[] = [
      ...this.#whereabouts.contactLines(contact, expires, !this.#plain),
      [H.Expires, String(expires)],
      [H.Supported, this.#plain ? 'path, gruu' : 'path, outbound, gruu'],
      [H.UserAgent, this.#name],
      ...auth,
    ];
    return (via) =>
      buildRequest({
        method: 'REGISTER',
        uri: address.registrar,
        via,
        from: `<${address.aor}>;tag=${this.#tag}`,
        to: `<${address.aor}>`,
        callId: this.#callId,
        cseq,
        routes: this.#whereabouts.proxyRoute,
        headers,
      });
  }

  #answered(response: SipResponse, contact: string, expires: number): void {
    this.#sent = undefined;
    const { status } = response;
    if (status === NO_OUTBOUND && !this.#plain) {
      this.#plain = true;
      this.#register(expires);
      return;
    }
    if (status < 300) this.#accepted(response, expires === 0 ? undefined : contact);
    this.dispatch({ type: 'answered', answer: this.#read(response, contact) });
  }

  #accepted(response: SipResponse, contact: string | undefined): void {
    const { accepted, registered } = this.#options;
    this.#whereabouts.accepted(response, contact);
    if (contact === undefined) return;
    accepted(response.header(H.Server) ?? '', response.list(H.AllowEvents));
    registered(this.#whereabouts.isOutbound);
  }

  #read(response: SipResponse, contact: string): Answer {
    const { status } = response;
    return {
      status,
      expires: status < 300 ? this.#whereabouts.grantedTo(contact, response) : undefined,
      minExpires: deltaSeconds(response.header(H.MinExpires)),
      retryAfterMs: retryAfterMs(response.header(H.RetryAfter)),
      moved: status < 300 && this.#whereabouts.hasMovedFrom(contact),
    };
  }
}
