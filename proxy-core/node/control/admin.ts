/** The administration of an exchange in this process, on its open store. */
import * as v from 'valibot';
import { aorOf, type Binding } from '../../server/stores.ts';
import type { NatStatus } from '../nat-status.ts';
import { ha1Of, type Store, type StoredUser, StoreError } from '../store/index.ts';
import { planImport } from './import.ts';
import {
  AdminError,
  type Checked,
  type ExchangeAdmin,
  type Handlers,
  type MethodName,
  methods,
  type Params,
  type Result,
  type UserInfo,
} from './methods.ts';
import { modeHandlers } from './modes.ts';
import { provisioningHandlers, refuseSamePassword, refuseTaken } from './provisioning.ts';

/** What the running exchange knows beyond its store. */
export interface RunningFacts {
  readonly version: string;
  /** ms since 1970; 0 when no exchange runs. */
  readonly startedAt: number;
  readonly listeners: readonly string[];
  readonly mode: string;
  readonly nat?: NatStatus;
}

/** @param facts asked at every `status`; @param now ms since 1970. */
export function createAdmin(store: Store, facts: () => RunningFacts, now: () => number = Date.now): ExchangeAdmin {
  const handlers = handlersFor(store, facts, now);
  return {
    async call<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>> {
      const checked = v.safeParse(methods[method].params, params);
      if (!checked.success) throw new AdminError('invalid', faultOf(checked.issues[0]));
      try {
        return await handlers[method](checked.output as Checked<M>);
      } catch (error) {
        if (error instanceof StoreError) throw new AdminError('storage', error.message, { cause: error });
        throw error;
      }
    },
  };
}

/** Our own sentences end in a full stop; valibot's name the type only and need the field before them. */
function faultOf(issue: v.BaseIssue<unknown>): string {
  if (issue.message.endsWith('.')) return issue.message;
  return `${v.getDotPath(issue) ?? 'The parameters'}: ${issue.message}.`;
}

function handlersFor(store: Store, facts: () => RunningFacts, now: () => number): Handlers {
  const { users, location, bans } = store;

  const info = (user: StoredUser): UserInfo => ({
    number: user.number,
    domain: user.domain,
    name: user.name,
    createdAt: user.createdAt,
    devices: location.lookup(aorOf(user.number, user.domain), now()).length,
    isAdmin: user.isAdmin === true,
    aliases: user.aliases ?? [],
    devicePasswords: (user.devices ?? []).map(({ label }) => label),
    mode: users.modes.ofUser(user.number, user.domain) ?? 'default',
  });
  const stored = (number: string, domain: string): StoredUser => {
    const user = users.get(number, domain);
    if (user === undefined) throw new AdminError('unknown', `There is no user ${number}@${domain}.`);
    return user;
  };
  const find = (who: { number: string; domain?: string | undefined }) =>
    stored(who.number, who.domain ?? users.defaultDomain);
  /** What is listed of a domain that nobody has would look like an empty one. */
  const known = (domain: string | undefined): string | undefined => {
    if (domain === undefined || users.hasDomain(domain)) return domain;
    throw new AdminError('unknown', `There is no domain ${domain}.`);
  };
  /** By an alias too. */
  const bindingsOf = (number: string, domain: string): readonly Binding[] => {
    const user = users.find(number, domain);
    const found = location.lookup(aorOf(user?.number ?? number, domain), now());
    if (user === undefined && found.length === 0) stored(number, domain);
    return found;
  };

  return {
    ...provisioningHandlers(store, stored, known, now),

    'users.add'({ number, domain = users.defaultDomain, name, password }) {
      refuseTaken(users, number, domain);
      users.add([{ number, domain, name, createdAt: now(), ...ha1Of(number, users.realm(domain), password) }]);
      return info(stored(number, domain));
    },

    'users.list': ({ after, limit, domain }) => pageOf(users.page(keyOf(after), limit, known(domain)), limit, info),

    // By an alias too: whose number is it?
    'users.show': ({ number, domain = users.defaultDomain }) =>
      info(stored(users.find(number, domain)?.number ?? number, domain)),

    'users.remove'(who) {
      const user = find(who);
      const before = info(user);
      location.flush();
      users.remove(user.number, user.domain);
      location.forget(aorOf(user.number, user.domain));
      return before;
    },

    'users.setPassword'({ password, ...who }) {
      const user = find(who);
      const hashes = ha1Of(user.number, users.realm(user.domain), password);
      refuseSamePassword(user.devices ?? [], hashes);
      users.update({ ...user, ...hashes });
      return info(user);
    },

    'users.setAdmin'({ isAdmin, ...who }) {
      const user = { ...find(who), isAdmin };
      users.update(user);
      return info(user);
    },

    'users.rename'({ name, ...who }) {
      const user = { ...find(who), name };
      users.update(user);
      return info(user);
    },

    'users.export': ({ after, limit, domain }) =>
      pageOf(users.page(keyOf(after), limit, known(domain)), limit, (user) => ({
        number: user.number,
        domain: user.domain,
        name: user.name,
        ha1Md5: user.ha1Md5,
        ha1Sha256: user.ha1Sha256,
        realm: users.realm(user.domain),
        ...(user.isAdmin === true && { isAdmin: true as const }),
        ...(user.mode !== undefined && { mode: user.mode }),
        ...(user.aliases !== undefined && { aliases: [...user.aliases].sort() }),
        ...(user.devices !== undefined && { devices: [...user.devices] }),
      })),

    'users.import'({ rows, domain }) {
      const plan = planImport(users, rows, now(), domain);
      users.add(plan.users, plan.domains);
      return { added: plan.users.length };
    },

    'location.list'({ after = '', limit }) {
      const aors = location.aorsAfter(after, limit);
      const items = aors.flatMap((aor) => [...location.lookup(aor, now())]);
      const last = aors.length === limit ? aors.at(-1) : undefined;
      return last === undefined ? { items } : { items, next: last };
    },

    'location.show': ({ number, domain = users.defaultDomain }) => bindingsOf(number, domain),

    async 'location.remove'({ number, domain = users.defaultDomain, contact }) {
      const live = bindingsOf(number, domain);
      const aor = live[0]?.aor ?? aorOf(number, domain);
      const kept = contact === undefined ? [] : live.filter((binding) => binding.contact !== contact);
      if (kept.length === live.length) {
        const what = contact === undefined ? 'device' : `device ${contact}`;
        throw new AdminError('unknown', `No ${what} is registered for ${aor}.`);
      }
      await location.replace(aor, kept);
      return { removed: live.length - kept.length };
    },

    'bans.list'({ after, limit }) {
      const items = bans.page(after, limit);
      const last = items.length === limit ? items.at(-1) : undefined;
      return last === undefined ? { items } : { items, next: last.address };
    },

    'bans.add'({ address, seconds }) {
      const since = now();
      const ban = { address, since, until: since + seconds * 1000, times: 1, reason: 'banned by hand' };
      bans.put(ban);
      bans.flush();
      return ban;
    },

    'bans.lift'({ address }) {
      const ban = bans.find(address);
      if (ban === undefined || ban.until <= now()) throw new AdminError('unknown', `${address} is not banned.`);
      bans.remove(address);
      bans.flush();
      return ban;
    },

    ...modeHandlers(store, () => facts().mode),

    status: () => ({
      ...facts(),
      pid: process.pid,
      domains: users.domains(),
      users: users.size,
      bindings: location.size,
    }),
  };
}

/** The place of a user in listings, as `domain/number`: a domain has no slash. */
function keyOf(after: string | undefined): { domain: string; number: string } {
  if (after === undefined) return { domain: '', number: '' };
  const slash = after.indexOf('/');
  if (slash < 0) throw new AdminError('invalid', 'That is not the end of a page.');
  return { domain: after.slice(0, slash), number: after.slice(slash + 1) };
}

function pageOf<User extends { number: string; domain: string }, Item>(
  users: readonly User[],
  limit: number,
  show: (user: User) => Item,
): { items: Item[]; next?: string } {
  const items = users.map(show);
  const last = users.length === limit ? users.at(-1) : undefined;
  return last === undefined ? { items } : { items, next: `${last.domain}/${last.number}` };
}
