/** Users and bindings in memory, for an exchange in a test. */
import { nodeHashes } from '../../proxy-core/node/hashes.ts';
import {
  type Aor,
  aorOf,
  type Binding,
  type LocationStore,
  type User,
  type UserStore,
} from '../../proxy-core/server/stores.ts';

export class MemoryUsers implements UserStore {
  readonly #domains: readonly string[];
  readonly #users = new Map<Aor, User>();

  constructor(...domains: string[]) {
    this.#domains = domains;
  }

  add(number: string, password: string, domain = this.#domains[0] ?? ''): this {
    const secret = `${number}:${domain}:${password}`;
    const hashes = { ha1Md5: nodeHashes.md5(secret), ha1Sha256: nodeHashes.sha256(secret) };
    this.#users.set(aorOf(number, domain), { number, domain, name: '', ...hashes });
    return this;
  }

  find(number: string, domain: string): User | undefined {
    return this.#users.get(aorOf(number, domain));
  }

  hasDomain(domain: string): boolean {
    return this.#domains.includes(domain);
  }

  domains(): readonly string[] {
    return this.#domains;
  }

  realm(domain: string): string {
    return domain;
  }
}

export class MemoryLocations implements LocationStore {
  readonly #bindings = new Map<Aor, readonly Binding[]>();
  /** When set, the next changes are refused as by a full disk. */
  fault: Error | undefined;

  lookup(aor: Aor, now: number): readonly Binding[] {
    return (this.#bindings.get(aor) ?? []).filter((binding) => binding.expiresAt > now);
  }

  replace(aor: Aor, bindings: readonly Binding[]): Promise<void> {
    if (this.fault !== undefined) return Promise.reject(this.fault);
    this.#bindings.set(aor, bindings);
    return Promise.resolve();
  }
}

/** A binding as a phone on `contact` would have registered it. */
export function bindingOf(aor: Aor, contact: string, parts: Partial<Binding> = {}): Binding {
  return {
    aor,
    contact,
    q: 1000,
    expiresAt: Number.MAX_SAFE_INTEGER,
    callId: 'registration',
    cseq: 1,
    instance: '',
    regId: 0,
    path: [],
    userAgent: '',
    received: '',
    listener: 'udp:192.0.2.1:5060',
    ...parts,
  };
}
