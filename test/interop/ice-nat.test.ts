/**
 * ICE through NATs of every kind, in network namespaces, with coturn on the internet between them: sound is measured at
 * both ends of every pair of kinds. Needs root, as our own runs have; elsewhere it fails and says so.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IceServers } from '../../proxy-core/media/index.ts';
import { Coturn } from '../support/coturn.ts';
import { EXCHANGE_ADDRESS, type NatKind, type NatSite, Netns } from '../support/netns.ts';
import { until } from '../support/until.ts';
import type { Order, Report } from './ice/nat-side.ts';

const KINDS: readonly NatKind[] = ['full cone', 'restricted cone', 'port restricted', 'symmetric'];
const PAIRS = KINDS.flatMap((a, i) => KINDS.slice(i).map((b) => [a, b] as const));
/** Where each side shows the other another port than the one it told, nothing but a relay helps. */
const needsRelay = (a: NatKind, b: NatKind): boolean =>
  b === 'symmetric' && (a === 'symmetric' || a === 'port restricted');

class Side {
  readonly reports: Report[] = [];
  readonly #process: ChildProcess;
  readonly #address: string;

  constructor(script: string, { name, privateAddress }: NatSite) {
    this.#address = privateAddress;
    const [program = '', ...words] = ['ip', 'netns', 'exec', name, process.execPath, script];
    this.#process = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'] });
    if (this.#process.stdout) {
      createInterface(this.#process.stdout).on('line', (line) => this.reports.push(JSON.parse(line)));
    }
  }

  open(call: string, isControlling: boolean, servers: IceServers): void {
    this.#tell({ call, address: this.#address, isControlling, servers });
  }

  /** Undefined as long as it is not told. */
  local(call: string) {
    const report = this.reports.find((one) => one.call === call && 'local' in one);
    return report && 'local' in report ? report.local : undefined;
  }

  over(call: string): string | undefined {
    const report = this.reports.find((one) => one.call === call && 'heard' in one);
    return report && 'heard' in report ? report.over : undefined;
  }

  agree(call: string, other: Side): void {
    const remote = other.local(call);
    if (remote) this.#tell({ call, remote });
  }

  close(): void {
    this.#process.kill('SIGKILL');
  }

  #tell(order: Order): void {
    this.#process.stdin?.write(`${JSON.stringify(order)}\n`);
  }
}

let net: Netns;
let coturn: Coturn;
const folder = mkdtempSync(join(tmpdir(), 'tandem-ice-'));
const sides = new Map<string, Side>();
const side = (end: 'a' | 'b', kind: NatKind): Side =>
  sides.get(`${end} ${kind}`) ?? expect.fail(`no side behind ${kind}`);

beforeAll(async () => {
  const script = join(folder, 'side.cjs');
  const entry = fileURLToPath(new URL('./ice/nat-side.ts', import.meta.url));
  buildSync({
    entryPoints: [entry],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  });
  net = Netns.open();
  net.addDefaultRoute();
  coturn = await Coturn.start({ namespace: { name: net.exchange, address: EXCHANGE_ADDRESS } });
  for (const kind of KINDS) for (const end of ['a', 'b']) sides.set(`${end} ${kind}`, new Side(script, net.site(kind)));
});

afterAll(async () => {
  for (const one of sides.values()) one.close();
  await coturn?.close();
  net?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** All pairs at once: what takes its time is waiting. */
async function callAll(pairs: typeof PAIRS, servers: IceServers): Promise<Map<string, string>> {
  const calls = pairs.map(([a, b]) => ({
    name: `${a} ${b} ${Object.keys(servers)}`,
    a: side('a', a),
    b: side('b', b),
  }));
  for (const { name, a, b } of calls) {
    a.open(name, true, servers);
    b.open(name, false, servers);
  }
  await until('all candidates', () => calls.every(({ name, a, b }) => a.local(name) && b.local(name)), 20_000);
  for (const { name, a, b } of calls) {
    a.agree(name, b);
    b.agree(name, a);
  }
  const heard = () => calls.filter(({ name, a, b }) => a.over(name) && b.over(name));
  await until('sound both ways', () => heard().length === calls.length, 20_000).catch(() => undefined);
  return new Map(pairs.map(([a, b], i) => [`${a} to ${b}`, calls[i]?.a.over(calls[i].name) ?? 'nothing']));
}

describe('sound both ways by ICE', () => {
  it('with STUN, wherever physics allows', async () => {
    const found = await callAll(
      PAIRS.filter(([a, b]) => !needsRelay(a, b)),
      { stun: { address: EXCHANGE_ADDRESS, port: coturn.port } },
    );
    expect([...found].filter(([, over]) => over === 'nothing' || over.includes('relay'))).toEqual([]);
    expect(found.size).toBe(8);
  });

  it('with TURN, everywhere, and over the relay only where nothing else goes', async () => {
    const found = await callAll(PAIRS, { turn: coturn.server('udp') });
    const relayed = [...found].filter(([, over]) => over.includes('relay')).map(([pair]) => pair);
    expect([...found].filter(([, over]) => over === 'nothing')).toEqual([]);
    expect(relayed).toEqual(['port restricted to symmetric', 'symmetric to symmetric']);
  });
});
