/** Calls in which candidates are told after the descriptions: what is waited for, what is told, and what it saves. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { CandidateNotice } from '../../../../proxy-core/media/gateway.ts';
import type { IceServers } from '../../../../proxy-core/media/gathering.ts';
import { MediaGateway } from '../../../../proxy-core/media/index.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { SlowRelay } from '../../../support/slow-relay.ts';
import { RtpEnd } from './rtp-end.ts';
import { WindowEnd } from './window-end.ts';

const ID = { sessionId: 'call', accountId: 'me' };
const STEP_MS = 10;
/** One way between the phones. */
const TRAVEL_MS = 50;
const closers: Array<() => Promise<void> | void> = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const taken = <T extends { ok: boolean }>(result: T): Extract<T, { ok: true }> => {
  if (!result.ok) throw new Error(JSON.stringify(result));
  return result as Extract<T, { ok: true }>;
};
const lines = (sdp: string, name: string): string[] => sdp.split('\r\n').filter((line) => line.startsWith(`a=${name}`));
const typesIn = (sdp: string): string[] => lines(sdp, 'candidate').map((line) => / typ (\w+)/.exec(line)?.[1] ?? '');

interface PhoneOptions {
  readonly servers?: IceServers;
  /** Our address; what it is may change. */
  readonly host?: () => string;
  readonly ice?: 'offered' | 'always' | 'never';
  readonly ports?: { readonly min: number; readonly max: number };
  readonly isReserved?: (endpoint: { readonly port: number }) => boolean;
}

async function phone(clock: FakeClock, { servers = {}, host, ice = 'always', ports, isReserved }: PhoneOptions = {}) {
  const gateway = new MediaGateway({
    localHost: host ?? (() => '127.0.0.1'),
    loopback: host === undefined,
    protection: () => ({ wanted: 'never', offered: 'sdes' }),
    ice: () => ice,
    servers: async () => servers,
    isReserved,
    clock,
    portRange: ports,
  });
  const window = await WindowEnd.open();
  closers.push(
    () => gateway.closeAll(),
    () => window.close(),
  );
  const told: CandidateNotice[] = [];
  gateway.onCandidates((notice) => void told.push(notice));
  return { gateway, window, told };
}
type Phone = Awaited<ReturnType<typeof phone>>;

/** Lets time pass, with the packets in between. */
async function pass(clock: FakeClock, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= STEP_MS) {
    clock.advance(Math.min(STEP_MS, left));
    await pause(1);
  }
}

/** What the work gives, for which time must pass, and the fake milliseconds that it took. */
async function timed<T>(clock: FakeClock, work: Promise<T>): Promise<{ value: T; ms: number }> {
  const start = clock.now();
  let done: { value: T } | undefined;
  void work.then((value) => {
    done = { value };
  });
  while (done === undefined) await pass(clock, STEP_MS);
  return { value: done.value, ms: clock.now() - start };
}

const relay = async (clock: FakeClock, delayMs: number): Promise<SlowRelay> => {
  const made = await SlowRelay.open(clock, delayMs);
  closers.push(() => made.close());
  return made;
};

async function offered(clock: FakeClock, a: Phone) {
  const { value, ms } = await timed(clock, a.gateway.offer({ ...ID, webrtcOffer: a.window.offer() }));
  return { sdp: taken(value).sipOffer, ms };
}

/** @param clock stands still if not told: nothing can be waited for then. */
async function accepted(b: Phone, sipOffer: string, trickles: boolean, clock?: FakeClock) {
  const work = b.gateway.accept({ ...ID, webrtcOffer: b.window.offer(), sipOffer, trickles });
  const { value, ms } = clock ? await timed(clock, work) : { value: await work, ms: 0 };
  return { ...taken(value), ms };
}

describe('an answer', () => {
  it('waits for no server where the caller takes candidates later, and then tells them all together', async () => {
    const clock = new FakeClock();
    const [a, b] = [await phone(clock), await phone(clock, { servers: { turn: (await relay(clock, 700)).server } })];
    const { sdp } = await offered(clock, a);
    expect(lines(sdp, 'end-of-candidates')).toHaveLength(1);
    const answer = await accepted(b, sdp, true);
    expect([typesIn(answer.sipAnswer), lines(answer.sipAnswer, 'end-of-candidates')]).toEqual([['host', 'host'], []]);
    taken(await a.gateway.answer({ ...ID, sipAnswer: answer.sipAnswer, trickles: true }));
    expect(a.told).toMatchObject([{ isNews: false }]);
    expect(b.told).toMatchObject([{ isNews: false }]);
    await pass(clock, 900);
    const last = b.told.at(-1)?.fragment ?? '';
    expect([b.told.length, b.told.at(-1)?.isNews]).toEqual([2, true]);
    expect(typesIn(last)).toEqual(['host', 'host', 'relay', 'relay']);
    expect([lines(last, 'mid'), lines(last, 'end-of-candidates')]).toEqual([['a=mid:0'], ['a=end-of-candidates']]);
    expect(lines(last, 'ice-ufrag')).toEqual(lines(answer.sipAnswer, 'ice-ufrag'));
    a.gateway.hear({ ...ID, fragment: last });
    expect(a.gateway.stats(ID)?.ice?.remote.map(({ type }) => type)).toEqual(['host', 'host', 'relay', 'relay']);
  });

  it('has nothing to tell later where no server is asked', async () => {
    const clock = new FakeClock();
    const [a, b] = [await phone(clock), await phone(clock)];
    const answer = await accepted(b, (await offered(clock, a)).sdp, true);
    expect(lines(answer.sipAnswer, 'end-of-candidates')).toHaveLength(1);
    await pass(clock, 1_000);
    expect(b.told.filter(({ isNews }) => isNews)).toEqual([]);
  });

  it.each<[string, boolean, (sdp: string) => string]>([
    ['does not take INFO', false, (sdp) => sdp],
    ['does not say so in its description', true, (sdp) => sdp.replace('trickle ', '')],
    ['does not name its line', true, (sdp) => sdp.replace('a=mid:0\r\n', '')],
  ])('waits as ever where the caller %s, and tells nothing later', async (_, trickles, change) => {
    const clock = new FakeClock();
    const [a, b] = [await phone(clock), await phone(clock, { servers: { turn: (await relay(clock, 700)).server } })];
    const answer = await accepted(b, change((await offered(clock, a)).sdp), trickles, clock);
    expect(answer.ms).toBeGreaterThanOrEqual(700);
    expect(typesIn(answer.sipAnswer)).toEqual(['host', 'host', 'relay', 'relay']);
    await pass(clock, 500);
    expect(b.told).toEqual([]);
  });
});

describe('an offer', () => {
  it('tells an unknown peer all that comes within three seconds, and the rest later where it takes that', async () => {
    const clock = new FakeClock();
    const slow = await relay(clock, 5_000);
    const [a, b] = [await phone(clock, { servers: { turn: slow.server }, ice: 'offered' }), await phone(clock)];
    const offer = await offered(clock, a);
    expect([typesIn(offer.sdp), lines(offer.sdp, 'end-of-candidates')]).toEqual([['host', 'host'], []]);
    expect(offer.ms).toBeGreaterThanOrEqual(3_000);
    expect(offer.ms).toBeLessThan(4_000);
    const answer = await accepted(b, offer.sdp, true);
    taken(await a.gateway.answer({ ...ID, sipAnswer: answer.sipAnswer, trickles: true }));
    await pass(clock, 2_200);
    expect(a.told.map(({ isNews }) => isNews)).toEqual([false, true]);
    b.gateway.hear({ ...ID, fragment: a.told.at(-1)?.fragment ?? '' });
    expect(b.gateway.stats(ID)?.ice?.remote.map(({ type }) => type)).toEqual(['host', 'host', 'relay', 'relay']);
    // Another phone of a fork answers: it knows the offer only, and hears the rest as well.
    const c = await phone(clock);
    const other = await accepted(c, offer.sdp, true);
    taken(await a.gateway.answer({ ...ID, sipAnswer: other.sipAnswer, trickles: true }));
    expect(a.told.at(-1)).toEqual(a.told.at(-2));
    expect(a.told.at(-1)?.isNews).toBe(true);
  });

  it('within a call waits for nothing once the peer is known to take candidates: an ICE restart, too', async () => {
    const clock = new FakeClock();
    const slow = await relay(clock, 60_000);
    const [a, b] = [await phone(clock, { servers: { turn: slow.server } }), await phone(clock)];
    const first = await accepted(b, (await offered(clock, a)).sdp, true);
    taken(await a.gateway.answer({ ...ID, sipAnswer: first.sipAnswer, trickles: true }));
    // The clock stands still.
    const { sipOffer } = taken(await a.gateway.offer({ ...ID, webrtcOffer: a.window.offer(), restart: true }));
    const before = a.told.length;
    const second = await accepted(b, sipOffer, true);
    expect(a.told).toHaveLength(before);
    taken(await a.gateway.answer({ ...ID, sipAnswer: second.sipAnswer, trickles: true }));
    expect(lines(a.told.at(-1)?.fragment ?? '', 'ice-ufrag')).toEqual(lines(sipOffer, 'ice-ufrag'));
  });

  it('from another address, as after a change of network, goes out at once, and what is found there is told later', async () => {
    const clock = new FakeClock();
    const slow = await relay(clock, 2_000);
    let host = '127.0.0.1';
    const a = await phone(clock, { servers: { turn: slow.server }, host: () => host });
    const b = await phone(clock);
    const first = await accepted(b, (await offered(clock, a)).sdp, true);
    taken(await a.gateway.answer({ ...ID, sipAnswer: first.sipAnswer, trickles: true }));
    host = '127.0.0.2';
    // The clock stands still.
    const { sipOffer } = taken(await a.gateway.offer({ ...ID, webrtcOffer: a.window.offer(), restart: true }));
    expect([typesIn(sipOffer), lines(sipOffer, 'end-of-candidates')]).toEqual([['host', 'host'], []]);
    expect(sipOffer).toContain('c=IN IP4 127.0.0.2\r\n');
    const before = a.told.length;
    const second = await accepted(b, sipOffer, true);
    taken(await a.gateway.answer({ ...ID, sipAnswer: second.sipAnswer, trickles: true }));
    await pass(clock, 2_200);
    expect(a.told.slice(before).map(({ isNews }) => isNews)).toEqual([false, true]);
    const { fragment = '' } = a.told.at(-1) ?? {};
    expect(lines(fragment, 'ice-ufrag')).toEqual(lines(sipOffer, 'ice-ufrag'));
    expect(typesIn(fragment)).toEqual(['host', 'host', 'relay', 'relay']);
  });

  it('to a peer without ICE gives back what comes late', async () => {
    const clock = new FakeClock();
    const slow = await relay(clock, 5_000);
    const [a, peer] = [await phone(clock, { servers: { turn: slow.server } }), await RtpEnd.open()];
    closers.push(() => peer.close());
    await offered(clock, a);
    taken(await a.gateway.answer({ ...ID, sipAnswer: peer.sdp('0'), trickles: true }));
    await pass(clock, 3_000);
    expect(a.told).toEqual([]);
    await a.gateway.closeAll();
    expect(clock.waiting).toBe(0);
  });
});

describe('what a peer tells', () => {
  async function answering() {
    const clock = new FakeClock();
    const [a, b] = [await phone(clock), await phone(clock)];
    const bare = (await offered(clock, a)).sdp.replace('a=end-of-candidates\r\n', '');
    const answer = await accepted(b, bare, true);
    const [ufrag = '', password = ''] = ['ice-ufrag', 'ice-pwd'].map((name) => lines(bare, name)[0]);
    const fragment = (port: number, over: { who?: string; mid?: string; end?: boolean } = {}): string =>
      [
        ...(over.who === undefined ? [ufrag, password] : [`a=ice-ufrag:${over.who}`, password]),
        'm=audio 9 RTP/AVP 0',
        `a=mid:${over.mid ?? '0'}`,
        `a=candidate:1 1 UDP 1000 127.0.0.1 ${port} typ srflx raddr 0.0.0.0 rport 9`,
        ...(over.end ? ['a=end-of-candidates'] : []),
        '',
      ].join('\r\n');
    const remotes = (): number[] =>
      b.gateway
        .stats(ID)
        ?.ice?.remote.map(({ port }) => port)
        .slice(2) ?? [];
    const hear = (text: string): void => b.gateway.hear({ ...ID, fragment: text });
    return { clock, a, b, bare, answer, fragment, remotes, hear };
  }

  it('is taken once, as long as it has not ended', async () => {
    const { fragment, hear, remotes } = await answering();
    for (const text of [fragment(5_001), fragment(5_001), fragment(5_002, { end: true }), fragment(5_003)]) hear(text);
    expect(remotes()).toEqual([5_001, 5_002]);
  });

  it('of another description or another line, and what is broken, changes nothing', async () => {
    const { fragment, hear, remotes } = await answering();
    const wrong = [
      fragment(5_001, { who: 'else' }),
      fragment(5_002, { mid: '1' }),
      'a=candidate',
      '',
      fragment(1).repeat(99),
    ];
    for (const text of wrong) hear(text);
    hear(fragment(5_060).replace('127.0.0.1', '192.0.2.1'));
    expect(remotes()).toEqual([]);
  });

  it('before its answer is kept for it; of each phone of a fork what is its own', async () => {
    const clock = new FakeClock();
    const a = await phone(clock);
    const { sdp } = await offered(clock, a);
    const answers = await Promise.all(
      [0, 1].map(async (i) => {
        const other = await phone(clock);
        const { sipAnswer } = await accepted(other, sdp, true);
        const fragment = [
          ...lines(sipAnswer, 'ice-ufrag'),
          ...lines(sipAnswer, 'ice-pwd'),
          'm=audio 9 RTP/AVP 0',
          'a=mid:0',
          `a=candidate:1 1 UDP 1000 127.0.0.1 ${5_001 + i} typ srflx raddr 0.0.0.0 rport 9`,
          '',
        ].join('\r\n');
        return { sipAnswer: sipAnswer.replace('a=end-of-candidates\r\n', ''), fragment };
      }),
    );
    for (const { fragment } of answers) a.gateway.hear({ ...ID, fragment });
    for (const [i, { sipAnswer }] of answers.entries()) {
      taken(await a.gateway.answer({ ...ID, sipAnswer, trickles: true }));
      expect(
        a.gateway
          .stats(ID)
          ?.ice?.remote.slice(2)
          .map(({ port }) => port),
      ).toEqual([5_001 + i]);
    }
  });

  it('after the end of the call, or in one that knows no ICE, changes nothing', async () => {
    const { b, fragment, hear } = await answering();
    await b.gateway.close(ID);
    hear(fragment(5_001));
    expect(b.gateway.stats(ID)).toBeNull();
  });
});

/**
 * A call over a network that takes its time. Fake milliseconds from the INVITE until both have heard the other; undefined
 * where they never do.
 */
async function untilHeard(clock: FakeClock, a: Phone, b: Phone, trickles: boolean): Promise<number | undefined> {
  const travelling: { readonly at: number; readonly to: Phone; readonly fragment: string }[] = [];
  const { sdp } = await offered(clock, a);
  const start = clock.now();
  await pass(clock, TRAVEL_MS);
  const answer = await accepted(b, sdp, trickles, trickles ? undefined : clock);
  await b.window.connect(answer.webrtcAnswer);
  await pass(clock, TRAVEL_MS);
  const answered = taken(await a.gateway.answer({ ...ID, sipAnswer: answer.sipAnswer, trickles }));
  await a.window.connect(answered.webrtcAnswer);
  // Those of the called one wait for the ACK.
  const acknowledged = clock.now() + TRAVEL_MS;
  for (let sent = 0, time = 0; clock.now() - start < 15_000; ) {
    for (; sent < b.told.length; sent++) {
      const at = Math.max(clock.now(), acknowledged) + TRAVEL_MS;
      travelling.push({ at, to: a, fragment: b.told[sent]?.fragment ?? '' });
    }
    while (travelling[0] && travelling[0].at <= clock.now()) {
      const { to, fragment } = travelling.shift() ?? expect.fail();
      to.gateway.hear({ ...ID, fragment });
    }
    time += 960;
    for (const { window } of [a, b]) window.send(111, time, Buffer.from([1, 2, 3]));
    await pass(clock, STEP_MS);
    if (a.window.received.length > 0 && b.window.received.length > 0) return clock.now() - start;
  }
  return undefined;
}

describe('with a TURN server that takes 2.8 s, of the one called', () => {
  it('there is sound both ways 0.2 s after the INVITE, in place of 3 s', async () => {
    const seconds = async (trickles: boolean): Promise<number> => {
      const clock = new FakeClock();
      const slow = await relay(clock, 2_800);
      const [a, b] = [await phone(clock), await phone(clock, { servers: { turn: slow.server } })];
      return ((await untilHeard(clock, a, b, trickles)) ?? Number.POSITIVE_INFINITY) / 1_000;
    };
    const [told, waited] = [await seconds(true), await seconds(false)];
    expect(waited).toBeGreaterThanOrEqual(2.9);
    expect(told).toBeLessThan(1);
    expect(waited - told).toBeGreaterThan(2);
  });
});

describe('with a TURN server that takes 5 s and is the only way', () => {
  it('there is sound at all', async () => {
    const heard = async (trickles: boolean): Promise<number | undefined> => {
      const clock = new FakeClock();
      const [fast, slow] = [await relay(clock, 0), await relay(clock, 5_000)];
      const [here, there] = [
        { min: 20_000, max: 20_999 },
        { min: 21_000, max: 21_999 },
      ];
      const isOf =
        ({ min, max }: typeof here) =>
        ({ port }: { readonly port: number }): boolean =>
          port >= min && port <= max;
      const a = await phone(clock, { servers: { turn: fast.server }, ports: here, isReserved: isOf(there) });
      const b = await phone(clock, { servers: { turn: slow.server }, ports: there, isReserved: isOf(here) });
      return untilHeard(clock, a, b, trickles);
    };
    const told = await heard(true);
    expect(told).toBeGreaterThanOrEqual(5_000);
    expect(told).toBeLessThan(7_000);
    expect(await heard(false)).toBeUndefined();
  });
});
