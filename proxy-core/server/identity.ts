/** Which hosts and ports are the exchange itself and which domains it answers for (RFC 3261 §16.4, §16.5). */
import type { SipUri } from '../sip/grammar/uri.ts';
import type { UserStore } from './stores.ts';

export interface OwnAddresses {
  /** Addresses (IPv6 in brackets) and names of this machine on which it listens, lower case. */
  readonly hosts: readonly string[];
  readonly ports: readonly number[];
}

export class Identity {
  readonly #users: UserStore;
  #hosts: ReadonlySet<string> = new Set();
  #ports: ReadonlySet<number> = new Set();

  constructor(users: UserStore, own: OwnAddresses) {
    this.#users = users;
    this.setOwn(own);
  }

  /** The machine's addresses changed. */
  setOwn(own: OwnAddresses): void {
    this.#hosts = new Set(own.hosts.map((host) => host.toLowerCase()));
    this.#ports = new Set(own.ports);
  }

  /** The domain that is meant when someone writes an address of ours in place of a name. */
  get defaultDomain(): string | undefined {
    return this.#users.domains()[0];
  }

  /**
   * The domain of ours to which a URI belongs, or undefined for another's. The domain of an address of record has no
   * port, but a port that is not ours names another program: a phone on this machine, for instance.
   */
  domainOf(uri: SipUri): string | undefined {
    if (!uri.isSip || (uri.port !== undefined && !this.#ports.has(uri.port))) return undefined;
    const host = uri.host.toLowerCase();
    if (this.#users.hasDomain(host)) return host;
    return this.#hosts.has(host) ? this.defaultDomain : undefined;
  }

  /**
   * The domain of ours that a From or To claims. A port does not help anyone to pass for a user of ours, unless the host
   * is a mere address, where another port is another program.
   */
  claimedDomain(uri: SipUri): string | undefined {
    const host = uri.host.toLowerCase();
    return uri.isSip && !isAddress(host) && this.#users.hasDomain(host) ? host : this.domainOf(uri);
  }

  /** Whether a Route, a maddr or a Request-URI without user names this exchange. */
  isSelf(uri: SipUri): boolean {
    if (!uri.isSip) return false;
    const host = uri.host.toLowerCase();
    if (this.#hosts.has(host)) return this.#ports.has(uri.port ?? (uri.scheme === 'sips' ? 5061 : 5060));
    return this.#users.hasDomain(host) && (uri.port === undefined || this.#ports.has(uri.port));
  }
}

const isAddress = (host: string): boolean => host.startsWith('[') || /^[\d.]+$/.test(host);
