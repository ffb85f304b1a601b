/** The gateway in a process of its own, as the phone service is; or plain sockets that send each datagram back. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { MediaGateway } from '../../../proxy-core/media/index.ts';
import { type GatewayAsk, type GatewayTold, type Kind, protectionOf } from './messages.ts';

const gateway = new MediaGateway({
  localHost: () => '127.0.0.1',
  protection: (kind) => protectionOf(kind as Kind),
  loopback: true,
});
let calls = 0;

async function answer(ask: GatewayAsk): Promise<GatewayTold> {
  const { id } = ask;
  switch (ask.do) {
    case 'cpu': {
      const { user, system } = process.cpuUsage();
      return { id, cpu: user + system };
    }
    case 'echo': {
      const socket = createSocket('udp4');
      socket.on('message', (data, from) => socket.send(data, from.port, from.address, () => undefined));
      socket.bind(0, '127.0.0.1');
      await once(socket, 'listening');
      return { id, port: socket.address().port };
    }
    case 'close-all':
      await gateway.closeAll();
      return { id, done: true };
    case 'accept': {
      const { kind, webrtcOffer, sipOffer } = ask;
      const made = await gateway.accept({ sessionId: `call-${calls++}`, accountId: kind, webrtcOffer, sipOffer });
      return made.ok ? { id, ...made } : { id, failed: made.reason };
    }
  }
}

process.on('message', (ask: GatewayAsk) => void answer(ask).then((told) => process.send?.(told)));
process.on('disconnect', () => process.exit(0));
// What is asked before somebody listens is lost.
process.send?.('ready');
