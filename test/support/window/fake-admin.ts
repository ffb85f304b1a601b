/** The exchange's administration without an exchange: lists in memory, a few changes, and an audit log that undoes. */
import type { BridgeSchema, Outcome } from '../../../app/shared/bridge.ts';
import type { AuditInfo, OfficeQuestion, OfficeUser, UserInfo, WatchEvent } from '../../../app/shared/office-admin.ts';
import type { Client } from '../../../app/shared/schema.ts';
import type { LampInfo } from '../../../proxy-core/node/control/areas/presence.ts';

type Questions = Client<BridgeSchema>['office'];
type Params = Readonly<Record<string, unknown>>;
type Item = Readonly<Record<string, unknown>>;

export interface FakeAdminState {
  users: readonly OfficeUser[];
  /** What listings hold, by the method that lists them. */
  lists: Readonly<Record<string, readonly object[]>>;
  /** What other questions are answered with. */
  answers: Readonly<Record<string, unknown>>;
  /** Reasons by the method: it is then refused. */
  refuse: Readonly<Record<string, string>>;
  /** Questions that are never answered. */
  silent: readonly string[];
}

export interface FakeAdmin extends Pick<Questions, 'ask' | 'watch' | 'next' | 'unwatch'> {
  /** Tells those who watch a listing. */
  tell(method: string, events: readonly WatchEvent<unknown>[]): void;
  /** How many watch. */
  readonly watching: number;
}

interface FakeWatch {
  readonly method: string;
  pending: readonly WatchEvent<unknown>[];
  wake: ((events: readonly WatchEvent<unknown>[]) => void) | undefined;
}

export const userInfo = (user: OfficeUser): UserInfo => ({
  ...{ createdAt: 1_800_000_000_000, isAdmin: false, aliases: [], devicePasswords: [], mode: 'default' as const },
  ...user,
});

/** As long as nobody is on the phone. */
const lampInfo = ({ number, domain, name, devices }: OfficeUser): LampInfo => ({
  ...{ number, domain, name, state: devices === 0 ? 'offline' : 'available', activities: [], note: '' },
});

/** Where nobody said anything else. */
const EVERYONE = { watchers: 'everyone', listed: [], details: false };
const INVITED = { createdAt: 1_800_000_000_000, expiresAt: 1_800_086_400_000 };

const keyOf = (one: { readonly number?: unknown; readonly domain?: unknown }): string => `${one.number}@${one.domain}`;

/** @param note told of each question. */
export function createFakeAdmin(state: FakeAdminState, note: (method: string, params: unknown) => void): FakeAdmin {
  const watches = new Map<number, FakeWatch>();
  const undoes = new Map<number, () => void>();
  let log: readonly AuditInfo[] = [];
  let lastWatch = 0;

  const tell: FakeAdmin['tell'] = (method, events) => {
    for (const watch of watches.values()) {
      if (watch.method !== method) continue;
      if (watch.wake === undefined) watch.pending = [...watch.pending, ...events];
      else watch.wake(events);
      watch.wake = undefined;
    }
  };

  const setUsers = (users: readonly OfficeUser[]): void => {
    const before = new Map(state.users.map((user) => [keyOf(user), user]));
    const after = new Map(users.map((user) => [keyOf(user), user]));
    state.users = users;
    const events: WatchEvent<unknown>[] = [];
    for (const [key, user] of after) {
      if (before.get(key) !== user)
        events.push({ event: before.has(key) ? 'changed' : 'added', key, item: userInfo(user) });
    }
    for (const key of before.keys()) if (!after.has(key)) events.push({ event: 'removed', key });
    if (events.length > 0) {
      tell('users.list', events);
      tell('presence.list', [{ event: 'resync' }]);
    }
  };
  const setList = (method: string, items: readonly object[]): void => {
    state.lists = { ...state.lists, [method]: items };
    tell(method, [{ event: 'resync' }]);
  };
  const of = (params: Params) => (one: OfficeUser) =>
    one.number === params.number && (params.domain === undefined || one.domain === params.domain);
  const itemsOf = (method: string): readonly object[] => {
    if (method === 'users.list') return state.users.map(userInfo);
    const said = state.lists[method] ?? (method === 'presence.list' ? state.users.map(lampInfo) : []);
    return method === 'audit.list' ? [...[...log].reverse(), ...said] : said;
  };

  /** What a change does here; anything else is only noted. */
  const changes: Readonly<Record<string, (params: Params) => void>> = {
    'users.add': ({ number, name }) =>
      setUsers([...state.users, { number: String(number), name: String(name), domain: 'office.internal', devices: 0 }]),
    'users.remove': (params) => setUsers(state.users.filter((one) => !of(params)(one))),
    'users.rename': (params) =>
      setUsers(state.users.map((one) => (of(params)(one) ? { ...one, name: String(params.name) } : one))),
    'trust.add': ({ network }) =>
      setList('trust.list', [...itemsOf('trust.list'), { network, source: 'kept', addedAt: INVITED.createdAt }]),
    'trust.remove': ({ network }) =>
      setList(
        'trust.list',
        itemsOf('trust.list').filter((one) => (one as Item).network !== network),
      ),
    'bans.lift': ({ address }) =>
      setList(
        'bans.list',
        itemsOf('bans.list').filter((one) => (one as Item).address !== address),
      ),
  };

  function list(method: string, params: Params): unknown {
    const { text = '', after, limit = 100, registered, outcome } = params;
    const wanted = String(text).toLowerCase();
    let items = itemsOf(method).filter((one) =>
      `${JSON.stringify(one)} ${keyOf(one)}`.toLowerCase().includes(wanted),
    ) as Item[];
    if (registered !== undefined) items = items.filter(({ devices }) => (devices !== 0) === registered);
    if (outcome !== undefined) items = items.filter((one) => one.outcome === outcome);
    const from = Number(after ?? 0);
    const to = from + Number(limit);
    return { items: items.slice(from, to), ...(to < items.length ? { next: String(to) } : {}) };
  }

  function undo({ id }: Params): unknown {
    undoes.get(Number(id))?.();
    return {};
  }

  async function ask({ method, params }: OfficeQuestion): Promise<Outcome<unknown>> {
    const given = params as Params;
    note(method, params);
    if (state.silent.includes(method)) return new Promise(() => {});
    const reason = state.refuse[method];
    if (reason) return { ok: false, reason };
    if (method in state.answers) return { ok: true, value: state.answers[method] };
    if (method.endsWith('.list') || method === 'presence.rules') return { ok: true, value: list(method, given) };
    if (method === 'location.restless') return { ok: true, value: itemsOf(method) };
    if (method === 'audit.undo') return { ok: true, value: undo(given) };
    if (method === 'stats') {
      const registrations = state.users.reduce((sum, { devices }) => sum + devices, 0);
      return {
        ok: true,
        value: {
          users: state.users.length,
          registrations,
          calls: itemsOf('calls.list').length,
          bans: itemsOf('bans.list').length,
        },
      };
    }
    if (method === 'records.keep' && Object.keys(given).length === 0)
      return { ok: true, value: { days: 365, count: 200_000, records: 1_234 } };
    if (method === 'records.webhook') return { ok: true, value: { hasSecret: false, waiting: 0, givenUp: 0 } };
    if (method === 'records.counts') return { ok: true, value: { items: [] } };
    if (method === 'presence.rule') return { ok: true, value: { ...EVERYONE, ...given } };
    if (method === 'invites.add') {
      const user = state.users.find(of(given));
      const invite = { id: 'K7M', code: 'K7M-4QP-9XT', attemptsLeft: 5, ...INVITED };
      return { ok: true, value: { domain: 'office.internal', name: user?.name ?? '', ...invite, ...given } };
    }
    if (method === 'status')
      return { ok: true, value: { domains: [...new Set(state.users.map((one) => one.domain))] } };
    const { users, lists } = state;
    changes[method]?.(given);
    const id = log.length + 1;
    undoes.set(id, () => {
      setUsers(users);
      for (const name of Object.keys(lists)) setList(name, lists[name] ?? []);
    });
    const subject = String(given.number ?? given.address ?? given.name ?? '');
    const difference = { kind: 'user', key: subject, change: 'changed' as const, fields: [{ field: 'name' }] };
    log = [
      ...log,
      { id, at: 1_800_000_000_000, by: 'desktop', action: method, subject, changes: [difference], more: 0 },
    ];
    return { ok: true, value: {} };
  }

  return {
    ask,
    tell,
    get watching() {
      return watches.size;
    },
    async watch({ method }) {
      lastWatch += 1;
      watches.set(lastWatch, { method, pending: [], wake: undefined });
      return { ok: true, value: lastWatch };
    },
    async next({ watch }) {
      const one = watches.get(watch);
      if (one === undefined) return { ok: true, value: [] };
      if (one.pending.length > 0) {
        const { pending } = one;
        one.pending = [];
        return { ok: true, value: pending };
      }
      const value = await new Promise<readonly WatchEvent<unknown>[]>((done) => {
        one.wake = done;
      });
      return { ok: true, value };
    },
    async unwatch({ watch }) {
      watches.get(watch)?.wake?.([]);
      watches.delete(watch);
      return { ok: true, value: undefined };
    },
  };
}
