/**
 * A registration at work, of one flow of the account: performs what registration.ts decides, and keeps the Contact that
 * others reach this phone by (RFC 3261 §10.2, RFC 3581 for the address seen from outside, RFC 3608, RFC 5626 §4.2, RFC 5627).
 */
import type { HashPort } from '../../../proxy-core/sip/auth/hashes.ts';
import type { NameAddr } from '../../../proxy-core/sip/grammar/name-addr.ts';
import { parseUri, sameUri } from '../../../proxy-core/sip/grammar/uri.ts';
import { buildRequest, type HeaderLine } from '../../../proxy-core/sip/message/build.ts';
import type { SipResponse } from '../../../proxy-core/sip/message/message.ts';
import { H } from '../../../proxy-core/sip/message/names.ts';
import { deltaSeconds, optionTags, parseAddresses } from '../../../proxy-core/sip/message/parse.ts';
import type { Clock, RandomHex, Timer } from '../../../proxy-core/sip/transaction/clock.ts';
import type { AccountFlow, RegId } from '../../shared/phone-port.ts';
import { transportParam } from '../../shared/server-address.ts';
import type { AccountAddress } from './account-address.ts';
import {
  type Answer,
  idle,
  type Registration,
  type RegistrationEffect,
  type RegistrationEvent,
  registrationSnapshot,
  stepRegistration,
} from './registration.ts';
import { type Sent, sendRequest, type Way } from './send-request.ts';
import type { AccountState } from './snapshots.ts';
import { retryAfterMs } from './status-words.ts';
import { type AccountTransport, bracketed } from './transport.ts';

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
  readonly changed: () => void;
  /** Whether another flow of the account is registered. */
  readonly beside: () => boolean;
  /** The registrar took this flow; `outbound`: it takes several of one phone (RFC 5626 §4.2.1). */
  readonly registered: (outbound: boolean) => void;
  /** An attempt to open the connection is over, well or not. */
  readonly opened: () => void;
  /** The registrar knows where we are. */
  readonly accepted: () => void;
  /** Signed out and closed. */
  readonly closed: () => void;
}

const MAX_ROUTES = 16;
/** Longer ones are nobody's. */
const MAX_GRUU = 1_000;
/** First Hop Lacks Outbound Support (RFC 5626 §11.6). */
const NO_OUTBOUND = 439;

/** How others are to reach this phone: by its name everywhere, by one that tells nothing, or at its address. */
export type ContactKind = 'public' | 'temporary' | 'address';

export class RegistrarClient {
  readonly #options: RegistrarClientOptions;
  readonly #callId: string;
  readonly #tag: string;
  #state: Registration;
  #cseq = 0;
  #openings = 0;
  #sent: Sent | undefined;
  #timer: Timer | undefined;
  /** Where the registrar sees us, on the flow on which it said so. */
  #seen: { readonly flowId: string; readonly host: string; readonly port: number } | undefined;
  /** Contact of the last REGISTER that was accepted. */
  #bound: string | undefined;
  #serviceRoutes: readonly string[] = [];
  /** A proxy on the way cannot lead calls back by the flow that they came for. */
  #plain = false;
  /** The registrar knows this flow by its number. */
  #outbound = false;
  #gruus: { readonly public?: string | undefined; readonly temporary?: string | undefined } = {};

  constructor(options: RegistrarClientOptions) {
    this.#options = options;
    this.#state = idle(options.expires);
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

  /**
   * The URI for dialogs (RFC 5627 §4.4.1, RFC 5626 §4.3). Registrars give names that their own proxies then cannot resolve
   * within a dialog, Kamailio's as it is installed among them: one that knows Outbound is taken to mean it.
   */
  contact(kind: ContactKind): string {
    const gruu = kind === 'address' || !this.#outbound ? undefined : this.#gruus[kind];
    return gruu ?? `${this.#contactUri}${this.#outbound ? ';ob' : ''}`;
  }

  /** The URI of the address at which this phone is reached. */
  get #contactUri(): string {
    const { address } = this.#options;
    const flow = this.#flow;
    if (flow === undefined) return `sip:${address.user}@phone.invalid`;
    const seen = this.#seen?.flowId === flow.flowId ? this.#seen : undefined;
    const host = bracketed(seen?.host ?? flow.localHost);
    return `sip:${address.user}@${host}:${seen?.port ?? flow.localPort}${flow.transport === 'UDP' ? '' : transportParam(flow.transport)}`;
  }

  /** Route of requests outside a dialog: what the registrar prescribed, else the outbound proxy. */
  get routes(): readonly string[] {
    if (this.#serviceRoutes.length > 0) return this.#serviceRoutes;
    return this.#options.address.routesForAll ? this.#proxyRoute : [];
  }

  /** To the proxy at the other end of the connection. */
  get #proxyRoute(): readonly string[] {
    return this.#options.address.routes.slice(this.#flow?.proxy ?? 0).slice(0, 1);
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
        this.#bound = undefined;
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
    const { way, address, userAgent, instance, transport, regId } = this.#options;
    this.#sent?.forget();
    const first = this.#cseq + 1;
    let contact = this.#contactUri;
    this.#sent = sendRequest(
      { ...way, hop: () => transport.hopOf(regId) },
      {
        method: 'REGISTER',
        build: (attempt, auth) => {
          this.#cseq = first + attempt;
          // Read anew: the 401 before may have told where we are seen.
          contact = expires === 0 ? (this.#bound ?? this.#contactUri) : this.#contactUri;
          const headers: HeaderLine[] = [];
          // Where the flow has a number the new address takes the place of the old one by itself.
          if (expires > 0 && !this.#outbound && this.#bound !== undefined && this.#bound !== contact) {
            headers.push([H.Contact, `<${this.#bound}>;expires=0`]);
          }
          headers.push(
            [H.Contact, `<${contact}>;+sip.instance="<${instance}>"${this.#plain ? '' : `;reg-id=${regId}`}`],
            [H.Expires, String(expires)],
          );
          headers.push(
            [H.Supported, this.#plain ? 'path, gruu' : 'path, outbound, gruu'],
            [H.UserAgent, userAgent],
            ...auth,
          );
          return (via) =>
            buildRequest({
              method: 'REGISTER',
              uri: address.registrar,
              via,
              from: `<${address.aor}>;tag=${this.#tag}`,
              to: `<${address.aor}>`,
              callId: this.#callId,
              cseq: first + attempt,
              routes: this.#proxyRoute,
              headers,
            });
        },
      },
      {
        response: (response) => {
          this.#learn(response);
          if (response.status < 200) return;
          this.#sent = undefined;
          if (response.status === NO_OUTBOUND && !this.#plain) {
            this.#plain = true;
            this.#register(expires);
            return;
          }
          if (response.status < 300) this.#accepted(response, expires === 0 ? undefined : contact);
          this.dispatch({ type: 'answered', answer: this.#read(response, contact) });
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
        challenged: (response) => this.#learn(response),
      },
    );
  }

  /** Where the response says that our request came from. */
  #learn(response: SipResponse): void {
    const flow = this.#flow;
    if (flow === undefined) return;
    const { received, rport } = response.via;
    const host = received === undefined || !/^[0-9a-fA-F.:[\]]{2,45}$/.test(received) ? flow.localHost : received;
    const port = /^\d{1,5}$/.test(rport ?? '') ? Number(rport) : flow.localPort;
    // Over TCP the far end of our connection has a port of its own that nobody can connect to, unless a NAT is between.
    const outside = flow.transport === 'UDP' || host !== flow.localHost;
    this.#seen = outside && port > 0 && port < 65_536 ? { flowId: flow.flowId, host, port } : undefined;
  }

  #accepted(response: SipResponse, contact: string | undefined): void {
    this.#bound = contact;
    this.#outbound = contact !== undefined && optionTags(response, H.Require).includes('outbound');
    const mine = contact === undefined ? undefined : this.#ownIn(response, contact);
    this.#gruus = { public: gruuIn(mine, 'pub-gruu'), temporary: gruuIn(mine, 'temp-gruu') };
    const routes = parseAddresses(response, H.ServiceRoute);
    const usable = routes.ok && routes.value.every(({ uri }) => uri.ok && uri.value.isSip);
    this.#serviceRoutes = usable ? routes.value.slice(0, MAX_ROUTES).map((route) => route.toString()) : [];
    if (contact !== undefined) this.#options.accepted();
    if (contact !== undefined) this.#options.registered(this.#outbound);
  }

  #read(response: SipResponse, contact: string): Answer {
    const { status } = response;
    return {
      status,
      expires: status < 300 ? this.#grantedTo(contact, response) : undefined,
      minExpires: deltaSeconds(response.header(H.MinExpires)),
      retryAfterMs: retryAfterMs(response.header(H.RetryAfter)),
      moved: status < 300 && !this.#outbound && contact !== this.#contactUri,
    };
  }

  #grantedTo(contact: string, response: SipResponse): number | undefined {
    return deltaSeconds(this.#ownIn(response, contact)?.param('expires')) ?? deltaSeconds(response.header(H.Expires));
  }

  /** Our own binding among those of all our devices, by address, else by instance and flow (§10.2.4, RFC 5626 §4.2.1). */
  #ownIn(response: SipResponse, contact: string): NameAddr | undefined {
    const { instance, regId } = this.#options;
    const ours = parseUri(contact);
    const addresses = parseAddresses(response, H.Contact);
    if (!addresses.ok || !ours.ok) return undefined;
    const ofPhone = addresses.value.filter((address) => address.param('+sip.instance') === `<${instance}>`);
    return (
      addresses.value.find(({ uri }) => uri.ok && sameUri(uri.value, ours.value)) ??
      ofPhone.find((address) => address.param('reg-id') === String(regId)) ??
      ofPhone[0]
    );
  }
}

/** A GRUU goes into Contact as it is: what is no SIP address is not taken. */
function gruuIn(contact: NameAddr | undefined, param: string): string | undefined {
  const text = contact?.param(param);
  if (text === undefined || text.length > MAX_GRUU || /[<>"\s]/.test(text)) return undefined;
  const uri = parseUri(text);
  return uri.ok && uri.value.isSip && uri.value.has('gr') ? text : undefined;
}

/** A name for this phone that stays the same as long as the account is known on this computer (RFC 5626 §4.1, RFC 9562). */
export function instanceOf(accountId: string, hashes: HashPort): string {
  const hex = hashes.sha256(`tandem instance ${accountId}`);
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
