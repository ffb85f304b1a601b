/** Calls whose way is found by ICE, between two gateways and with peers that have none. */
import { afterEach, describe, expect, it } from 'vitest';
import { systemRandom } from '../../../../proxy-core/media/clock.ts';
import type { IceSnapshot } from '../../../../proxy-core/media/ice/snapshot.ts';
import { MediaGateway } from '../../../../proxy-core/media/index.ts';
import type { WantedProtection } from '../../../../proxy-core/media/peer-protection.ts';
import { until } from '../../../support/until.ts';
import { packet } from './parts.ts';
import { RtpEnd } from './rtp-end.ts';
import { WindowEnd } from './window-end.ts';

const ID = { sessionId: 'call', accountId: 'me' };
const closers: Array<() => Promise<void> | void> = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const taken = <T extends { ok: boolean }>(result: T): Extract<T, { ok: true }> => {
  if (!result.ok) throw new Error(JSON.stringify(result));
  return result as Extract<T, { ok: true }>;
};
const portOf = (sdp: string): number => Number(/^m=audio (\d+) /m.exec(sdp)?.[1]);
const lines = (sdp: string, name: string): string[] =>
  sdp.split('\r\n').filter((line) => line.startsWith(`a=${name}:`));

async function phone(protection: WantedProtection, ice: 'never' | 'offered' | 'always' = 'always', reserved = 0) {
  const gateway = new MediaGateway({
    localHost: () => '127.0.0.1',
    loopback: true,
    protection: () => protection,
    ice: () => ice,
    isReserved: ({ port }) => port === reserved,
    random: systemRandom,
  });
  const window = await WindowEnd.open();
  closers.push(
    () => gateway.closeAll(),
    () => window.close(),
  );
  return { gateway, window };
}
type Phone = Awaited<ReturnType<typeof phone>>;

/** An offer of `a` and its answer. @param fresh those whose windows are not connected yet. */
async function connect(a: Phone, b: Phone, fresh: readonly Phone[]) {
  const { sipOffer } = taken(await a.gateway.offer({ ...ID, webrtcOffer: a.window.offer() }));
  const accepted = taken(await b.gateway.accept({ ...ID, webrtcOffer: b.window.offer(), sipOffer }));
  const { webrtcAnswer } = taken(await a.gateway.answer({ ...ID, sipAnswer: accepted.sipAnswer }));
  if (fresh.includes(a)) await a.window.connect(webrtcAnswer);
  if (fresh.includes(b)) await b.window.connect(accepted.webrtcAnswer);
  return { sipOffer, sipAnswer: accepted.sipAnswer };
}

/** Sends both ways until both hear something new. */
async function hear(a: Phone, b: Phone, type = 111): Promise<void> {
  const before = [a.window.received.length, b.window.received.length];
  let time = 0;
  await until('sound both ways', () => {
    time += 960;
    for (const { window } of [a, b]) window.send(type, time, Buffer.from([1, 2, 3]));
    return a.window.received.length > (before[0] ?? 0) && b.window.received.length > (before[1] ?? 0);
  });
}

const stateOf = ({ gateway }: Phone): IceSnapshot['state'] | undefined => gateway.stats(ID)?.ice?.state;

describe('a call between two that have ICE', () => {
  it.each<[string, WantedProtection]>([
    ['in the clear', { wanted: 'never', offered: 'sdes' }],
    ['under SDES', { wanted: 'always', offered: 'sdes' }],
    ['under DTLS', { wanted: 'always', offered: 'dtls' }],
  ])('carries sound %s, and goes on after a later offer', async (_, protection) => {
    const [a, b] = [await phone(protection), await phone(protection)];
    const first = await connect(a, b, [a, b]);
    await hear(a, b);
    await until('the way', () => stateOf(a) === 'connected' && stateOf(b) === 'connected');
    const again = await connect(b, a, []);
    expect(lines(again.sipOffer, 'ice-ufrag')).toEqual(lines(first.sipAnswer, 'ice-ufrag'));
    expect([stateOf(a), stateOf(b)]).toEqual(['connected', 'connected']);
    await hear(a, b);
    const third = await connect(a, b, []);
    const components = protection.offered === 'dtls' ? 1 : 2;
    expect(lines(third.sipOffer, 'remote-candidates')[0]?.split(' ')).toHaveLength(3 * components);
  });

  it('begins anew where the other side says so', async () => {
    const wish = { wanted: 'offered', offered: 'sdes' } as const;
    const [a, b] = [await phone(wish), await phone(wish)];
    const first = await connect(a, b, [a, b]);
    await hear(a, b);
    const c = await phone(wish);
    const again = await connect(c, b, [c]);
    expect(lines(again.sipAnswer, 'ice-ufrag')).not.toEqual(lines(first.sipAnswer, 'ice-ufrag'));
    await hear(c, b);
    await until('the way', () => stateOf(c) === 'connected' && stateOf(b) === 'connected');
  });

  it('begins anew where we want it, with the same sockets, and is heard meanwhile as it was', async () => {
    const wish = { wanted: 'never', offered: 'sdes' } as const;
    const [a, b] = [await phone(wish), await phone(wish)];
    const first = await connect(a, b, [a, b]);
    await hear(a, b);
    await until('the way', () => stateOf(a) === 'connected' && stateOf(b) === 'connected');
    const { sipOffer } = taken(await a.gateway.offer({ ...ID, webrtcOffer: a.window.offer(), restart: true }));
    expect(portOf(sipOffer)).toBe(portOf(first.sipOffer));
    expect(lines(sipOffer, 'ice-ufrag')).not.toEqual(lines(first.sipOffer, 'ice-ufrag'));
    expect(lines(sipOffer, 'remote-candidates')).toEqual([]);
    await hear(a, b);
    const { sipAnswer } = taken(await b.gateway.accept({ ...ID, webrtcOffer: b.window.offer(), sipOffer }));
    expect(lines(sipAnswer, 'ice-ufrag')).not.toEqual(lines(first.sipAnswer, 'ice-ufrag'));
    taken(await a.gateway.answer({ ...ID, sipAnswer }));
    await hear(a, b);
    await until('the way anew', () => stateOf(a) === 'connected' && stateOf(b) === 'connected');
  });

  it('wants an offer of the way that was chosen where the other side named another, once, from the side that chose', async () => {
    const wish = { wanted: 'never', offered: 'sdes' } as const;
    const [a, b] = [await phone(wish), await phone(wish)];
    const elsewhere = await RtpEnd.open();
    closers.push(() => elsewhere.close());
    const due = () => [a, b].map(({ gateway }) => gateway.stats(ID)?.isOfferDue);
    const { sipOffer } = taken(await a.gateway.offer({ ...ID, webrtcOffer: a.window.offer() }));
    const accepted = taken(await b.gateway.accept({ ...ID, webrtcOffer: b.window.offer(), sipOffer }));
    expect(due()).toEqual([false, false]);
    const { port } = elsewhere;
    const sipAnswer = accepted.sipAnswer
      .replace(/^m=audio \d+/m, `m=audio ${port}`)
      .replace(
        'a=candidate:',
        `a=rtcp:${portOf(accepted.sipAnswer) + 1}\r\na=candidate:far 1 UDP 1 127.0.0.1 ${port} typ host\r\na=candidate:`,
      );
    const { webrtcAnswer } = taken(await a.gateway.answer({ ...ID, sipAnswer }));
    await Promise.all([a.window.connect(webrtcAnswer), b.window.connect(accepted.webrtcAnswer)]);
    await until('the way', () => stateOf(a) === 'connected' && stateOf(b) === 'connected');
    expect(due()).toEqual([true, false]);
    const again = await connect(a, b, []);
    expect(lines(again.sipOffer, 'remote-candidates')).toHaveLength(1);
    expect(due()).toEqual([false, false]);
    await hear(a, b);
  });

  it('is carried as ever where somebody between changed the address only', async () => {
    const wish = { wanted: 'offered', offered: 'sdes' } as const;
    const [b, peer] = [await phone(wish, 'offered'), await RtpEnd.open()];
    closers.push(() => peer.close());
    const sipOffer = peer.sdp(
      '0',
      'a=ice-ufrag:abcd',
      `a=ice-pwd:${'p'.repeat(22)}`,
      'a=candidate:1 1 UDP 2130706431 127.0.0.1 9 typ host',
    );
    const { sipAnswer, webrtcAnswer } = taken(
      await b.gateway.accept({ ...ID, webrtcOffer: b.window.offer(), sipOffer }),
    );
    expect(sipAnswer).toContain('a=ice-mismatch');
    expect(sipAnswer).not.toContain('a=candidate');
    await b.window.connect(webrtcAnswer);
    peer.send(portOf(sipAnswer), packet({ sequence: 1 }));
    await until('sound', () => b.window.received.length === 1);
  });
});

describe('a call with a peer that has no ICE', () => {
  it.each(['offered', 'always'] as const)('is carried as ever (%s)', async (ice) => {
    const a = await phone({ wanted: 'offered', offered: 'sdes' }, ice);
    const peer = await RtpEnd.open();
    closers.push(() => peer.close());
    const { sipOffer } = taken(await a.gateway.offer({ ...ID, webrtcOffer: a.window.offer() }));
    expect(lines(sipOffer, 'candidate')).toHaveLength(ice === 'always' ? 2 : 0);
    const { webrtcAnswer } = taken(await a.gateway.answer({ ...ID, sipAnswer: peer.sdp('0') }));
    await a.window.connect(webrtcAnswer);
    peer.send(portOf(sipOffer), packet({ sequence: 1 }));
    a.window.send(0, 0, Buffer.from([1]));
    await until('sound both ways', () => peer.received.length === 1 && a.window.received.length === 1);
    expect(a.gateway.stats(ID)?.ice).toBeNull();
  });

  it('says nothing of ICE where it is never wanted', async () => {
    const wish = { wanted: 'offered', offered: 'sdes' } as const;
    const [a, b] = [await phone(wish), await phone(wish, 'never')];
    const { sipAnswer } = await connect(a, b, [a, b]);
    expect(sipAnswer).not.toMatch(/a=(ice|candidate)/);
    await hear(a, b);
  });
});

describe('what a peer must not do', () => {
  const offer = (peer: RtpEnd, candidates: string[]): string =>
    peer.sdp(
      '0',
      'a=ice-ufrag:abcd',
      `a=ice-pwd:${'p'.repeat(22)}`,
      `a=candidate:1 1 UDP 2130706431 127.0.0.1 ${peer.port} typ host`,
      ...candidates,
    );

  it('have checks sent outside this computer with --loopback, to groups, to names or to sockets for SIP', async () => {
    const peer = await RtpEnd.open();
    closers.push(() => peer.close());
    const b = await phone({ wanted: 'offered', offered: 'sdes' }, 'offered', 5060);
    const sipOffer = offer(peer, [
      'a=candidate:2 1 UDP 2130706430 192.0.2.7 4000 typ host',
      'a=candidate:3 1 UDP 2130706430 239.1.1.1 4000 typ host',
      'a=candidate:4 1 UDP 2130706430 255.255.255.255 4000 typ host',
      'a=candidate:5 1 UDP 2130706430 b2c1.local 4000 typ host',
      'a=candidate:6 1 UDP 2130706430 127.0.0.1 5060 typ host',
      'a=candidate:7 1 TCP 2130706430 127.0.0.1 4000 typ host tcptype passive',
      'a=candidate:8 3 UDP 2130706430 127.0.0.1 4000 typ host',
    ]);
    taken(await b.gateway.accept({ ...ID, webrtcOffer: b.window.offer(), sipOffer }));
    expect(b.gateway.stats(ID)?.ice?.remote).toEqual([
      { component: 1, type: 'host', address: '127.0.0.1', port: peer.port },
    ]);
  });

  it('have sound sent to where no check was answered, nor be heard from there', async () => {
    const peer = await RtpEnd.open();
    closers.push(() => peer.close());
    const b = await phone({ wanted: 'offered', offered: 'sdes' }, 'offered');
    const accepted = taken(await b.gateway.accept({ ...ID, webrtcOffer: b.window.offer(), sipOffer: offer(peer, []) }));
    await b.window.connect(accepted.webrtcAnswer);
    for (let i = 0; i < 10; i++) {
      b.window.send(0, i * 160, Buffer.from([1]));
      peer.send(portOf(accepted.sipAnswer), packet({ sequence: i }));
    }
    await until('a check', () => peer.raw.length > 0);
    for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
    expect([peer.received.length, b.window.received.length]).toEqual([0, 0]);
  });
});
