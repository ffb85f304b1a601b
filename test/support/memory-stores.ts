/** Users and bindings in memory, for an exchange in a test. */
import { nodeHashes } from '../../proxy-core/node/hashes.ts';
import type { ExchangeMode } from '../../proxy-core/server/settings.ts';
import {
  type Aor,
  aorOf,
  type Ban,
  type BanStore,
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

  remove(number: string, domain = this.#domains[0] ?? ''): void {
    this.#users.delete(aorOf(number, domain));
  }

  get mostPasswords(): number {
    let most = 1;
    for (const { devices = [] } of this.#users.values()) most = Math.max(most, 1 + devices.length);
    return most;
  }

  /** Gives a device of a user a password of its own. */
  addDevice(number: string, label: string, password: string, domain = this.#domains[0] ?? ''): this {
    const user = this.#users.get(aorOf(number, domain));
    if (user === undefined) throw new Error(`no user ${number}`);
    const secret = `${number}:${domain}:${password}`;
    const device = { label, ha1Md5: nodeHashes.md5(secret), ha1Sha256: nodeHashes.sha256(secret) };
    this.#users.set(aorOf(number, domain), { ...user, devices: [...(user.devices ?? []), device] });
    return this;
  }

  addAlias(number: string, alias: string, domain = this.#domains[0] ?? ''): this {
    const user = this.#users.get(aorOf(number, domain));
    if (user === undefined) throw new Error(`no user ${number}`);
    this.#users.set(aorOf(number, domain), { ...user, aliases: [...(user.aliases ?? []), alias] });
    return this;
  }

  setAdmin(number: string, domain = this.#domains[0] ?? ''): this {
    const user = this.#users.get(aorOf(number, domain));
    if (user === undefined) throw new Error(`no user ${number}`);
    this.#users.set(aorOf(number, domain), { ...user, isAdmin: true });
    return this;
  }

  /** Modes by `number@domain` or domain. */
  readonly modes = new Map<string, ExchangeMode>();

  get hasModes(): boolean {
    return this.modes.size > 0;
  }

  modeOf(number: string, domain: string): ExchangeMode | undefined {
    return this.modes.get(aorOf(number, domain)) ?? this.modes.get(domain);
  }

  find(number: string, domain: string): User | undefined {
    const user = this.#users.get(aorOf(number, domain));
    if (user !== undefined) return user;
    for (const one of this.#users.values()) if (one.domain === domain && one.aliases?.includes(number)) return one;
    return undefined;
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
  #changed: ((aor: Aor) => void) | undefined;

  watch(listener: (aor: Aor) => void): void {
    this.#changed = listener;
  }

  lookup(aor: Aor, now: number): readonly Binding[] {
    return (this.#bindings.get(aor) ?? []).filter((binding) => binding.expiresAt > now);
  }

  replace(aor: Aor, bindings: readonly Binding[]): Promise<void> {
    if (this.fault !== undefined) return Promise.reject(this.fault);
    this.#bindings.set(aor, bindings);
    this.#changed?.(aor);
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
    device: '',
    ...parts,
  };
}

export class MemoryBans extends Map<string, Ban> implements BanStore {
  find(address: string): Ban | undefined {
    return this.get(address);
  }

  put(ban: Ban): void {
    this.set(ban.address, ban);
  }
}
