/**
 * One computer of the NAT tests: finds the way of several calls by ICE, sends on each, and tells what it hears. Steered
 * by lines of JSON, which stand for SIP.
 */
import { createInterface } from 'node:readline';
import { systemClock, systemRandom } from '../../../proxy-core/media/clock.ts';
import { Gathering, type IceServers } from '../../../proxy-core/media/gathering.ts';
import { PeerIce } from '../../../proxy-core/media/peer-ice.ts';
import { DEFAULT_PORTS, openPortPair } from '../../../proxy-core/media/port-pair.ts';
import type { RemoteIce } from '../../../proxy-core/sip/sdp/index.ts';

export type Order =
  | { readonly call: string; readonly address: string; readonly isControlling: boolean; readonly servers: IceServers }
  | { readonly call: string; readonly remote: RemoteIce };
export type Report = { readonly call: string } & (
  | { readonly local: RemoteIce }
  | { readonly heard: true; readonly over: string }
);

const calls = new Map<string, PeerIce>();
const say = (report: Report): void => void process.stdout.write(`${JSON.stringify(report)}\n`);

async function open(order: Extract<Order, { address: string }>): Promise<void> {
  const { call, address, isControlling, servers } = order;
  const [clock, random] = [systemClock, systemRandom];
  const ports = await openPortPair(address, DEFAULT_PORTS, random);
  const gathered = await new Gathering({ clock, random, ports, servers }).gather();
  const ice = new PeerIce({ clock, random, ports, isControlling, gathered, isReserved: () => false });
  for (const socket of ['rtp', 'rtcp'] as const) {
    ports[socket].on('message', (data, from) => ice.received(socket, data, from));
  }
  let count = 0;
  ice.listen(() => {
    const pair = ice.snapshot().pairs.find(({ nominated, component }) => nominated && component === 1);
    if (pair && ++count === 5) say({ call, heard: true, over: `${pair.local.type} ${pair.remote.type}` });
  });
  setInterval(() => ice.send('rtp', Buffer.alloc(172, 0x80)), 50);
  calls.set(call, ice);
  const { ufrag, password, candidates } = ice.describe(true);
  say({ call, local: { ufrag, password, isLite: false, candidates: candidates.map(({ ...one }) => one) } });
}

createInterface(process.stdin)
  .on('line', (line) => {
    const order: Order = JSON.parse(line);
    if ('remote' in order) calls.get(order.call)?.agree(order.remote, true);
    else void open(order);
  })
  .on('close', () => process.exit());
