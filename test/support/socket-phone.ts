/** A test phone on sockets of its own, for an exchange on loopback. */
import { TimerWheel } from '../../proxy-core/node/clock.ts';
import { randomHex } from '../../proxy-core/node/random.ts';
import { NodeTransport } from '../../proxy-core/node/transport/node-transport.ts';
import { LateSink } from '../../proxy-core/sip/transaction/stack.ts';
import { TestPhone } from './sip-phone.ts';
import { openWebSocket } from './web-socket-port.ts';

export interface SocketPhoneOptions {
  /** Where the exchange listens, such as `tcp://127.0.0.1:5060`; names the transport too. */
  readonly listener: string;
  readonly number: string;
  readonly password: string;
}

export interface SocketPhone {
  readonly phone: TestPhone;
  /** Ends its sockets and connections. */
  readonly close: () => unknown;
}

export async function openSocketPhone({ listener, number, password }: SocketPhoneOptions): Promise<SocketPhone> {
  const shared = { clock: new TimerWheel(), random: randomHex, number, password, domain: '127.0.0.1', outbound: true };
  const [scheme = '', port = ''] = [/^\w+/.exec(listener)?.[0], /\d+$/.exec(listener)?.[0]];
  if (scheme === 'ws') {
    const socket = await openWebSocket(listener);
    const join = (sink: LateSink) => {
      socket.connect(sink);
      return socket;
    };
    const phone = new TestPhone({ ...shared, join, address: socket.address, server: socket.server });
    return { phone, close: () => socket.close() };
  }
  const late = new LateSink();
  const sockets = await NodeTransport.listen({ listeners: [`${scheme}://127.0.0.1:0`], sink: late });
  const phone = new TestPhone({
    ...shared,
    address: (sockets.listeners[0] ?? '').replace(/^\w+:\/\//, ''),
    server: { transport: scheme === 'tcp' ? 'TCP' : 'UDP', host: '127.0.0.1', port: Number(port) },
    join: (sink) => {
      late.connect(sink);
      return sockets;
    },
  });
  return { phone, close: () => sockets.close() };
}
