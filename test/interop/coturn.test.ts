/** What coturn tells of our sockets. */
import { expect, it } from 'vitest';
import { systemClock, systemRandom } from '../../proxy-core/media/clock.ts';
import { Discovery } from '../../proxy-core/media/ice/discovery.ts';
import { DEFAULT_PORTS, openPortPair } from '../../proxy-core/media/port-pair.ts';
import { Coturn } from '../support/coturn.ts';

it('coturn tells where both sockets of a call are seen', async () => {
  const coturn = await Coturn.start();
  const ports = await openPortPair('127.0.0.1', DEFAULT_PORTS, systemRandom);
  const server = { address: '127.0.0.1', port: coturn.port };
  const discovery = new Discovery({ clock: systemClock, random: systemRandom, ports, server });
  try {
    expect(await discovery.find()).toEqual({
      rtp: { address: '127.0.0.1', port: ports.port },
      rtcp: { address: '127.0.0.1', port: ports.port + 1 },
    });
  } finally {
    discovery.close();
    await ports.close();
    await coturn.close();
  }
});
