/** Networks against which nothing is ever held. */
import { BlockList, isIPv6 } from 'node:net';
import * as v from 'valibot';
import { networkOf } from '../../../server/guard/network.ts';
import { addTo } from '../../store/networks.ts';
import { type AdminParts, change, list } from '../area.ts';
import { banKind } from '../audit/ban-kind.ts';
import { networkKind } from '../audit/network-kind.ts';
import { AdminError } from '../errors.ts';
import { networkField } from '../fields.ts';
import { NETWORKS } from '../limits.ts';
import { type Page, pageFields } from '../paging.ts';

export interface NetworkInfo {
  /** As `192.0.2.0/24`, or one address. */
  readonly network: string;
  /** Only those that are kept can be removed here. */
  readonly source: 'kept' | 'command line';
  /** ms since 1970; 0 where the command line says it. */
  readonly addedAt: number;
}

export interface TrustedNow extends NetworkInfo {
  /** Addresses whose bans ended by it. */
  readonly lifted: readonly string[];
}

export const trustArea = {
  // There are a handful: they make one page. This computer is always trusted, and not among them.
  'trust.list': list(
    v.strictObject(pageFields),
    ({ text = '', descending = false }, parts): Page<NetworkInfo> => {
      const found = networksOf(parts).filter(({ network }) => network.includes(text.toLowerCase()));
      return { items: descending ? found.reverse() : found };
    },
    {
      topic: 'trust',
      keyOf: ({ network }) => network,
      one: (key, { text = '' }, parts): NetworkInfo | undefined =>
        networksOf(parts).find(({ network }) => network === key && network.includes(text.toLowerCase())),
    },
  ),

  /** Bans of addresses in it end. */
  'trust.add': change(v.strictObject({ network: networkField }), ({ network }, parts): TrustedNow => {
    const { store, now, record } = parts;
    const { networks, bans } = store;
    if (networksOf(parts).some((one) => one.network === network)) {
      throw new AdminError('exists', `${network} is trusted already.`);
    }
    if (networks.all().length >= NETWORKS) {
      throw new AdminError(
        'invalid',
        `At most ${NETWORKS} networks are trusted: remove one first, or name a larger one.`,
      );
    }
    const lifted = bannedIn(network, parts);
    const row = { network, added_at: now() };
    const subjects = [{ kind: networkKind, key: network }, ...lifted.map((key) => ({ kind: banKind, key }))];
    record(subjects, () => {
      networks.add(row);
      for (const address of lifted) bans.remove(address);
      bans.flush();
    });
    networks.refresh();
    return { ...kept(row), lifted };
  }),

  'trust.remove': change(v.strictObject({ network: networkField }), ({ network }, parts): NetworkInfo => {
    const { store, record } = parts;
    const found = networksOf(parts).find((one) => one.network === network);
    if (found === undefined) throw new AdminError('unknown', `${network} is not trusted.`);
    if (found.source === 'command line') {
      throw new AdminError('invalid', `${network} is trusted by the command that started the exchange, not here.`);
    }
    record([{ kind: networkKind, key: network }], () => store.networks.remove(network));
    store.networks.refresh();
    return found;
  }),
};

const kept = ({ network, added_at }: { readonly network: string; readonly added_at: number }): NetworkInfo => ({
  ...{ network, source: 'kept', addedAt: added_at },
});

function networksOf({ store, facts }: AdminParts): NetworkInfo[] {
  const own = store.networks.all().map(kept);
  const given = (facts().trusted ?? []).filter((network) => !own.some((one) => one.network === network));
  return [...given.map((network): NetworkInfo => ({ network, source: 'command line', addedAt: 0 })), ...own];
}

function bannedIn(network: string, { store, now }: AdminParts): string[] {
  const list = new BlockList();
  addTo(list, network);
  const at = now();
  // A ban of IPv6 is held against a whole /64, of which a single address may be trusted.
  const around = networkOf(network.split('/', 1)[0] ?? network);
  return store.bans
    .all()
    .filter(({ address, until }) => {
      const host = address.replace(/\/64$/, '');
      return until > at && (address === around || list.check(host, isIPv6(host) ? 'ipv6' : 'ipv4'));
    })
    .map(({ address }) => address);
}
