import { afterEach, describe, expect, it } from 'vitest';
import { type AnnounceOptions, announceOffice } from '../../../../../proxy-core/node/join/announce.ts';
import { OfficeFinder } from '../../../../../proxy-core/node/join/found-offices.ts';
import { openMulticast } from '../../../../../proxy-core/node/join/multicast.ts';
import { freePort } from '../../../../support/ports.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0).reverse()) close();
});

function finderOn(port: number, now = { at: 0 }): OfficeFinder {
  const finder = new OfficeFinder({ loopback: true, port, now: () => (now.at += 2_000) });
  closing.push(() => finder.close());
  return finder;
}

function announce(port: number, options: Partial<AnnounceOptions> = {}): { close(): void } {
  const given = { name: () => 'office.example', port: 5060, transport: 'TCP', loopback: true } as const;
  let at = 0;
  const announcement = announceOffice({ ...given, multicastPort: port, now: () => (at += 2_000), ...options });
  closing.push(() => announcement.close());
  return announcement;
}

/** Somebody on the network who says what he likes. */
function stranger(port: number): ReturnType<typeof openMulticast> {
  const socket = openMulticast({ loopback: true, port });
  closing.push(() => socket.destroy());
  return socket;
}

const SERVICE = '_tandem-office._tcp.local';
const records = (name: string, txt: unknown, port: number, ttl = 120) => ({
  answers: [
    { name: SERVICE, type: 'PTR', ttl, data: `${name}.${SERVICE}` },
    { name: `${name}.${SERVICE}`, type: 'SRV', ttl, data: { port, target: 'x.local' } },
    { name: `${name}.${SERVICE}`, type: 'TXT', ttl, data: txt },
  ],
});

describe('offices on the network', () => {
  it('are found by name, and gone when they say goodbye', async () => {
    const port = await freePort();
    const finder = finderOn(port);
    announce(port, { name: () => 'Ateliér Novák', port: 5080 });
    const other = announce(port, { name: () => 'b.example', port: 5061, transport: 'TLS' });
    await expect
      .poll(() => finder.look())
      .toEqual([
        { name: 'Ateliér Novák', server: '127.0.0.1:5080' },
        { name: 'b.example', server: 'sip:127.0.0.1:5061;transport=tls' },
      ]);
    other.close();
    await expect.poll(() => finder.look().map(({ name }) => name)).toEqual(['Ateliér Novák']);
  });

  it('are two where two have the same name, and forgotten when they are silent', async () => {
    const port = await freePort();
    const now = { at: 0 };
    const finder = finderOn(port, now);
    announce(port, { port: 5060 });
    announce(port, { port: 5070 });
    await expect.poll(() => finder.look()).toHaveLength(2);
    now.at += 121_000;
    expect(finder.look()).toEqual([]);
  });

  it('are few, with short names, whatever is said', async () => {
    const port = await freePort();
    const finder = finderOn(port);
    const loud = stranger(port);
    finder.look();
    await new Promise<void>((resolve) => loud.on('ready', () => resolve()));
    const say = (): void => {
      loud.respond(records('control', ['name=a\u202e\u0007b', 'by=TLS;x=y'], 5060));
      loud.respond(records('long', [`name=${'x'.repeat(200)}`], 5060));
      loud.respond(records('nameless', [], 5060));
      loud.respond(records('no-port', ['name=no port'], 0));
      loud.respond({ answers: [{ name: SERVICE, type: 'PTR', ttl: 120, data: `alone.${SERVICE}` }] });
      for (let at = 0; at < 40; at++) loud.respond(records(`many-${at}`, [`name=z${at}`], 5060));
    };
    await expect
      .poll(() => {
        say();
        return finder.look().length;
      })
      .toBe(32);
    const names = finder.look().map(({ name }) => name);
    expect(names).toContain('ab');
    expect(names).toContain('x'.repeat(60));
    expect(names).toContain('127.0.0.1');
    expect(names).not.toContain('no port');
    expect(finder.look().every(({ server }) => server === '127.0.0.1:5060')).toBe(true);
  });

  it('are answered for once a second at most', async () => {
    const port = await freePort();
    const asking = stranger(port);
    let heard = 0;
    asking.on('response', () => {
      heard += 1;
    });
    await new Promise<void>((resolve) => asking.on('ready', () => resolve()));
    let at = 0;
    announce(port, { now: () => at });
    await expect.poll(() => heard).toBe(1);
    for (let count = 0; count < 50; count++) asking.query(SERVICE, 'PTR');
    at = 1_000;
    asking.query(SERVICE, 'PTR');
    await expect.poll(() => heard).toBeGreaterThanOrEqual(2);
    expect(heard).toBe(2);
  });
});
