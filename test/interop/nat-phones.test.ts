/**
 * Whole phones of ours behind NATs of every kind, in network namespaces, that call each other through the exchange: with its
 * relay, with STUN and with TURN (coturn), and with the address that STUN tells in place of ICE. Needs root, as our own runs
 * have; elsewhere it fails and says so.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallSettings } from '../../app/shared/call-settings.ts';
import { connectControl } from '../../proxy-core/node/control/index.ts';
import { Baresip } from '../support/baresip.ts';
import { Coturn } from '../support/coturn.ts';
import { ExchangeProcess } from '../support/exchange-process.ts';
import { EXCHANGE_ADDRESS, type NatKind, type NatSite, Netns } from '../support/netns.ts';
import { until } from '../support/until.ts';
import { buildPhone, Phone } from './phone-process/phone.ts';

const KINDS: readonly NatKind[] = ['full cone', 'restricted cone', 'port restricted', 'symmetric'];
type Cell = readonly [from: NatKind, to: NatKind];
/** All sixteen pairs, four at a time: each phone is in one call. */
const ROUNDS: readonly (readonly Cell[])[] = KINDS.map((_, round) =>
  KINDS.map((from, i) => [from, KINDS[(i + round) % KINDS.length] ?? from] as const),
);
/** Where each side shows the other another port than the one it told, nothing but a relay helps. */
const needsRelay = (cell: Cell): boolean =>
  cell.includes('symmetric') &&
  (cell.includes('port restricted') || (cell[0] === 'symmetric' && cell[1] === 'symmetric'));
const nameOf = (cell: Cell): string => cell.join(' to ');

const folder = mkdtempSync(join(tmpdir(), 'tandem-nat-phones-'));
const script = join(folder, 'phone.cjs');
const sites = new Map<NatKind, NatSite>();
const callers = new Map<NatKind, Phone>();
const called = new Map<NatKind, Phone>();
const numberOf = (side: 1 | 2, kind: NatKind): string => `${side}00${KINDS.indexOf(kind)}`;
let net: Netns;
let exchange: ExchangeProcess;
let coturn: Coturn;

const of = <T>(all: ReadonlyMap<NatKind, T>, kind: NatKind): T => all.get(kind) ?? expect.fail(kind);

beforeAll(async () => {
  buildPhone(script);
  net = Netns.open();
  net.addDefaultRoute();
  const namespace = { name: net.exchange, address: EXCHANGE_ADDRESS };
  const users = Object.fromEntries(
    KINDS.flatMap((kind) => [numberOf(1, kind), numberOf(2, kind)]).map((number) => [number, 'good-pass']),
  );
  [exchange, coturn] = await Promise.all([ExchangeProcess.start({ users, namespace }), Coturn.start({ namespace })]);
  for (const kind of KINDS) {
    const site = net.site(kind);
    sites.set(kind, site);
    callers.set(kind, new Phone(script, site));
    called.set(kind, new Phone(script, net.site(kind)));
  }
  await Promise.all(
    KINDS.flatMap((kind) => [
      of(callers, kind).register(exchange.server, numberOf(1, kind), {}),
      of(called, kind).register(exchange.server, numberOf(2, kind), { autoAnswer: 'always' }),
    ]),
  );
}, 60_000);

afterAll(async () => {
  for (const phone of [...callers.values(), ...called.values()]) phone.close();
  await coturn?.close();
  await exchange?.close();
  net?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function relayedCalls(): Promise<number | undefined> {
  const client = await connectControl(exchange.dataDir);
  try {
    return (await client?.call('status', {}))?.nat?.relayedCalls;
  } finally {
    client?.close();
  }
}

const use = (settings: Partial<CallSettings>): void => {
  for (const phone of callers.values()) phone.tell({ use: settings, relayPassword: 'secret' });
  for (const phone of called.values())
    phone.tell({ use: { ...settings, autoAnswer: 'always' }, relayPassword: 'secret' });
};

const isFree = (phone: Phone): Promise<void> =>
  phone.shows('no call', ({ calls }) => calls.every(({ state }) => state === 'ended'));

/** Of the call that is on, as ICE found it. */
async function wayOf(phone: Phone): Promise<string> {
  const way = () => phone.now?.calls.find(({ state }) => state === 'active')?.way;
  await phone.shows('the way of the sound', () => way() !== undefined);
  return way() ?? '';
}

interface Found {
  /** Cells without sound in at least one direction, and why. */
  readonly silent: string[];
  /** Cells whose sound ICE leads over a TURN server. */
  readonly byTurn: string[];
  /** How many calls of each round the exchange relays. */
  readonly byExchange: (number | undefined)[];
}

/** One calls the other in each of these cells, and both hear it. */
async function callAll(isCalled: (cell: Cell) => boolean, byIce: boolean): Promise<Found> {
  const found: Found = { silent: [], byTurn: [], byExchange: [] };
  for (const cells of ROUNDS.map((round) => round.filter(isCalled))) {
    const talks = cells.map((cell) => ({ cell, from: of(callers, cell[0]), to: of(called, cell[1]) }));
    for (const { from, cell } of talks) from.tell({ call: numberOf(2, cell[1]) });
    await Promise.all(
      talks.map(({ cell, from, to }) =>
        Promise.all([from.hearsMore(), to.hearsMore(), byIce ? wayOf(from) : '']).then(
          ([, , way]) => way.includes('relay') && found.byTurn.push(nameOf(cell)),
          (error) => found.silent.push(`${nameOf(cell)}: ${error.message}`),
        ),
      ),
    );
    found.byExchange.push(await relayedCalls());
    for (const { from } of talks) from.tell({ hangUp: true });
    await Promise.all(talks.flatMap(({ from, to }) => [isFree(from), isFree(to)]));
  }
  return found;
}

describe('two of our phones behind NATs hear each other', () => {
  it('by the relay of the exchange, in every cell', async () => {
    use({ ice: 'never' });
    expect(await callAll(() => true, false)).toEqual({ silent: [], byTurn: [], byExchange: [4, 4, 4, 4] });
  }, 90_000);

  it('with STUN, in every cell that physics allows, and the exchange relays nothing', async () => {
    use({ ice: 'always', stunServer: `${EXCHANGE_ADDRESS}:${coturn.port}` });
    const found = await callAll((cell) => !needsRelay(cell), true);
    expect(found).toEqual({ silent: [], byTurn: [], byExchange: [0, 0, 0, 0] });
  }, 90_000);

  it('with TURN, in every cell, over its relay only where nothing else goes', async () => {
    const turn = { turnServer: `${EXCHANGE_ADDRESS}:${coturn.port}`, turnUser: 'anna' };
    use({ ice: 'always', ...turn });
    const found = await callAll(() => true, true);
    expect(found).toMatchObject({ silent: [], byExchange: [0, 0, 0, 0] });
    expect(found.byTurn.sort()).toEqual(ROUNDS.flat().filter(needsRelay).map(nameOf).sort());
  }, 90_000);
});

describe('a phone without ICE on the internet, by an exchange that relays nothing', () => {
  const CONES = KINDS.filter((kind) => kind !== 'symmetric');
  const phones: Phone[] = [];
  const peers: Baresip[] = [];
  let other: ExchangeProcess;

  beforeAll(async () => {
    const namespace = { name: net.exchange, address: EXCHANGE_ADDRESS };
    const numbers = CONES.flatMap((kind) => [numberOf(1, kind), numberOf(2, kind)]);
    const users = Object.fromEntries(numbers.map((number) => [number, 'good-pass']));
    other = await ExchangeProcess.start({ users, namespace, serve: ['--relay', 'never'] });
    const started = CONES.map(async (kind) => {
      const { name, privateAddress: address } = net.host();
      const phone = new Phone(script, of(sites, kind));
      phones.push(phone);
      const aor = `sip:${numberOf(2, kind)}@${other.server}`;
      const [peer] = await Promise.all([
        Baresip.start({ aor, password: 'good-pass', codecs: ['PCMU/8000/1'], namespace: { name, address } }),
        phone.register(other.server, numberOf(1, kind), { ice: 'never' }),
      ]);
      peers.push(peer);
    });
    await Promise.all(started);
  }, 60_000);
  afterAll(async () => {
    for (const phone of phones) phone.close();
    for (const peer of peers) await peer.close();
    await other?.close();
  });

  it('is heard from behind a cone of any kind where STUN tells it our address, and else not', async () => {
    const call = (): void => {
      for (const [i, kind] of CONES.entries()) phones[i]?.tell({ call: numberOf(2, kind) });
    };
    call();
    await until('baresip to hear us', () => peers.every((peer) => peer.heardLevel() > 100));
    // It sends to the address that our phone has in its own network.
    expect(phones.map(({ heard }) => heard)).toEqual([0, 0, 0]);
    for (const phone of phones) phone.tell({ hangUp: true });
    await Promise.all(phones.map(isFree));
    const stunServer = `${EXCHANGE_ADDRESS}:${coturn.port}`;
    for (const phone of phones) phone.tell({ use: { ice: 'never', stunServer }, relayPassword: '' });
    call();
    await Promise.all(phones.map((phone) => phone.hearsMore()));
    await until('baresip to hear us again', () => peers.every((peer) => peer.heardLevel() > 100));
  });
});
