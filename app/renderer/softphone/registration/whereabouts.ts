/**
 * Where others reach this phone by one flow of an account, as the registrar and the way to it tell: the address seen from
 * outside (RFC 3581), the Contact that is bound (RFC 3261 §10.2), names (RFC 5627), Service-Route (RFC 3608).
 */
import type { HashPort } from '../../../../proxy-core/sip/auth/hashes.ts';
import type { NameAddr } from '../../../../proxy-core/sip/grammar/name-addr.ts';
import { parseUri, sameUri } from '../../../../proxy-core/sip/grammar/uri.ts';
import type { HeaderLine } from '../../../../proxy-core/sip/message/build.ts';
import type { SipResponse } from '../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../proxy-core/sip/message/names.ts';
import { deltaSeconds, optionTags, parseAddresses } from '../../../../proxy-core/sip/message/parse.ts';
import type { AccountFlow, RegId } from '../../../shared/phone-port.ts';
import { transportParam } from '../../../shared/server-address.ts';
import type { AccountAddress } from '../account-address.ts';
import { bracketed } from '../transport.ts';

export interface WhereaboutsOptions {
  readonly regId: RegId;
  readonly address: AccountAddress;
  readonly instance: string;
  /** The connection that is there now. */
  readonly flow: () => AccountFlow | undefined;
}

const MAX_ROUTES = 16;
/** Longer ones are nobody's. */
const MAX_GRUU = 1_000;

/** How others are to reach this phone: by its name everywhere, by one that tells nothing, or at its address. */
export type ContactKind = 'public' | 'temporary' | 'address';

/** In the Contact of who hides his number, where the registrar has no name for that (RFC 3323 §4.1.1.3). */
export const NOBODY = 'anonymous';

export class Whereabouts {
  readonly #options: WhereaboutsOptions;
  /** Where the registrar sees us, on the flow on which it said so. */
  #seen: { readonly flowId: string; readonly host: string; readonly port: number } | undefined;
  /** Contact of the last REGISTER that was accepted. */
  #bound: string | undefined;
  #serviceRoutes: readonly string[] = [];
  /** The registrar knows this flow by its number. */
  #outbound = false;
  #gruus: { readonly public?: string | undefined; readonly temporary?: string | undefined } = {};

  constructor(options: WhereaboutsOptions) {
    this.#options = options;
  }

  /** Whether the registrar takes several flows of one phone (RFC 5626 §4.2.1). */
  get isOutbound(): boolean {
    return this.#outbound;
  }

  /**
   * The URI for dialogs (RFC 5627 §4.4.1, RFC 5626 §4.3). Registrars give names that their own proxies then cannot resolve
   * within a dialog, Kamailio's as it is installed among them: one that knows Outbound is taken to mean it. `secure`: for
   * a dialog on protected ways, where it must be a `sips:` one (RFC 5630 §5.1.1.1).
   */
  contact(kind: ContactKind, secure = this.#options.address.secure): string {
    // By its name a phone is called where it registered, which does not do for a call by `sips:` if that was by `sip:`.
    const fits = this.#options.address.secure || !secure;
    const gruu = kind === 'address' || !this.#outbound || !fits ? undefined : this.#gruus[kind];
    const user = kind === 'temporary' ? NOBODY : this.#options.address.user;
    return gruu?.replace(/^sips?/i, schemeOf(secure)) ?? `${this.#uriOf(user, secure)}${this.#outbound ? ';ob' : ''}`;
  }

  /** The URI of the address at which this phone is reached now. */
  get uri(): string {
    const { user, secure } = this.#options.address;
    return this.#uriOf(user, secure);
  }

  #uriOf(user: string, secure: boolean): string {
    const flow = this.#options.flow();
    const whose = `${schemeOf(secure)}:${user}`;
    if (flow === undefined) return `${whose}@phone.invalid`;
    const seen = this.#seen?.flowId === flow.flowId ? this.#seen : undefined;
    const host = bracketed(seen?.host ?? flow.localHost);
    const isNamed = flow.transport !== 'UDP' && !(secure && flow.transport === 'TLS');
    return `${whose}@${host}:${seen?.port ?? flow.localPort}${isNamed ? transportParam(flow.transport) : ''}`;
  }

  /** What a REGISTER that takes the phone off is to name. */
  get bound(): string {
    return this.#bound ?? this.uri;
  }

  /** Route of requests outside a dialog: what the registrar prescribed, else the outbound proxy. */
  get routes(): readonly string[] {
    if (this.#serviceRoutes.length > 0) return this.#serviceRoutes;
    return this.#options.address.routesForAll ? this.proxyRoute : [];
  }

  /** To the proxy at the other end of the connection. */
  get proxyRoute(): readonly string[] {
    return this.#options.address.routes.slice(this.#options.flow()?.proxy ?? 0).slice(0, 1);
  }

  /** Contact of a REGISTER. @param numbered whether the flow is named by its number (RFC 5626 §4.2.1). */
  contactLines(uri: string, expires: number, numbered: boolean): HeaderLine[] {
    const { instance, regId } = this.#options;
    const line: HeaderLine = [H.Contact, `<${uri}>;+sip.instance="<${instance}>"${numbered ? `;reg-id=${regId}` : ''}`];
    // Where the flow has a number the new address takes the place of the old one by itself.
    const isMoved = expires > 0 && !this.#outbound && this.#bound !== undefined && this.#bound !== uri;
    return isMoved ? [[H.Contact, `<${this.#bound}>;expires=0`], line] : [line];
  }

  /** Where the response says that our request came from. */
  learn(response: SipResponse): void {
    const flow = this.#options.flow();
    if (flow === undefined) return;
    const { received, rport } = response.via;
    const host = received === undefined || !/^[0-9a-fA-F.:[\]]{2,45}$/.test(received) ? flow.localHost : received;
    const port = /^\d{1,5}$/.test(rport ?? '') ? Number(rport) : flow.localPort;
    // Over TCP the far end of our connection has a port of its own that nobody can connect to, unless a NAT is between.
    const outside = flow.transport === 'UDP' || host !== flow.localHost;
    this.#seen = outside && port > 0 && port < 65_536 ? { flowId: flow.flowId, host, port } : undefined;
  }

  /** A 2xx to a REGISTER of `contact`; undefined where it took the phone off. */
  accepted(response: SipResponse, contact: string | undefined): void {
    this.#bound = contact;
    this.#outbound = contact !== undefined && optionTags(response, H.Require).includes('outbound');
    const mine = contact === undefined ? undefined : this.#ownIn(response, contact);
    this.#gruus = { public: gruuIn(mine, 'pub-gruu'), temporary: gruuIn(mine, 'temp-gruu') };
    const routes = parseAddresses(response, H.ServiceRoute);
    const usable = routes.ok && routes.value.every(({ uri }) => uri.ok && uri.value.isSip);
    this.#serviceRoutes = usable ? routes.value.slice(0, MAX_ROUTES).map((route) => route.toString()) : [];
  }

  /** Nothing is bound any more. */
  forget(): void {
    this.#bound = undefined;
  }

  /** Whether the registrar has a way to us that is another than `contact`. */
  hasMovedFrom(contact: string): boolean {
    return !this.#outbound && contact !== this.uri;
  }

  /** Seconds for which a 2xx binds `contact`; undefined where it names none. */
  grantedTo(contact: string, response: SipResponse): number | undefined {
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

const schemeOf = (secure: boolean): string => (secure ? 'sips' : 'sip');

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
