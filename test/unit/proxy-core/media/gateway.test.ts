import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { MediaGateway } from '../../../../proxy-core/media/index.ts';
import { ntpMiddle, ntpTime, serialiseReport } from '../../../../proxy-core/media/rtcp-packet.ts';
import { until } from '../../../support/until.ts';
import { closedAfterEach, gatewayParts, portIn, taken } from './gateway-parts.ts';
import { packet } from './parts.ts';
import { RtpEnd } from './rtp-end.ts';
import { WindowEnd, type WindowOfferOptions } from './window-end.ts';

const ID = { sessionId: 'call', accountId: 'me' };
const closers = closedAfterEach();

const directionIn = (sdp: string): string | undefined => /^a=(sendrecv|sendonly|recvonly|inactive)\r?$/m.exec(sdp)?.[1];
const parts = () =>
  gatewayParts(closers, { localHost: (accountId) => (accountId === 'me' ? '192.0.2.200' : undefined) });

/** A call that we made: the peer answers with these formats. */
async function called(formats: string, attributes: string[], offerOptions: WindowOfferOptions = {}) {
  const all = await parts();
  const { gateway, window, peer } = all;
  const { sipOffer } = taken(await gateway.offer({ ...ID, webrtcOffer: window.offer(offerOptions) }));
  const { webrtcAnswer } = taken(await gateway.answer({ ...ID, sipAnswer: peer.sdp(formats, ...attributes) }));
  await window.connect(webrtcAnswer);
  return { ...all, sipOffer, webrtcAnswer, port: portIn(sipOffer) };
}

const OPUS = ['a=rtpmap:96 opus/48000/2', 'a=rtpmap:101 telephone-event/8000'];

/** Lets everything that was sent on loopback arrive, for the times when nothing is to be seen of it. */
async function settled(): Promise<void> {
  for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** Packets both ways, 20 ms apart by the gateway's clock. */
async function exchange(
  call: Omit<Awaited<ReturnType<typeof called>>, 'sipOffer' | 'webrtcAnswer' | 'notices'>,
  peerType: number,
  windowType: number,
  count = 20,
): Promise<void> {
  const { peer, window, clock, port } = call;
  for (let i = 0; i < count; i++) {
    const payload = Buffer.from([i, 1, 2]);
    peer.send(port, packet({ payloadType: peerType, sequence: 7 + i, timestamp: i * 160, payload }));
    window.send(windowType, i * 160, Buffer.from([i, 3, 4]));
    await until(`packet ${i} both ways`, () => peer.received.length > i && window.received.length > i);
    clock.advance(20);
  }
}

describe('a call that we make', () => {
  it('offers all codecs on a fresh even port of 127.0.0.1', async () => {
    const { gateway, window } = await parts();
    const { sipOffer } = taken(await gateway.offer({ ...ID, webrtcOffer: window.offer() }));
    expect(sipOffer).toContain('c=IN IP4 127.0.0.1\r\n');
    expect(sipOffer).toMatch(/^m=audio \d+ RTP\/AVP 111 9 0 8 110 126\r$/m);
    expect(portIn(sipOffer) % 2).toBe(0);
    expect(sipOffer).not.toMatch(/ice|fingerprint|extmap|red|CN/);
  });

  it('carries payloads untouched both ways and maps the numbers', async () => {
    const call = await called('96 101', OPUS);
    await exchange(call, 111, 111);
    const { window, peer } = call;
    expect(window.received.map((p) => [p.payloadType, ...p.payload])).toEqual(
      Array.from({ length: 20 }, (_, i) => [111, i, 1, 2]),
    );
    expect(peer.received.map((p) => [p.payloadType, ...p.payload])).toEqual(
      Array.from({ length: 20 }, (_, i) => [96, i, 3, 4]),
    );
    // No header extension may reach the peer: the twelve bytes of the header and the payload are all.
    expect(peer.raw.every((data) => data.length === 15 && data[0] === 0x80)).toBe(true);
    expect(call.webrtcAnswer).toMatch(/^m=audio \d+ UDP\/TLS\/RTP\/SAVPF 111 110\r$/m);
    expect(call.webrtcAnswer).toContain(`a=ssrc:${window.received[0]?.ssrc} `);
    expect(call.webrtcAnswer).not.toContain('extmap');
  });

  it('counts what passed, what is missing and how long it is silent', async () => {
    const call = await called('0', []);
    await exchange(call, 0, 0);
    call.peer.send(call.port, packet({ sequence: 7 + 22, timestamp: 22 * 160 }));
    await until('the last packet', () => call.window.received.length === 21);
    call.clock.advance(300);
    expect(call.gateway.stats(ID)).toMatchObject({ received: 21, sent: 20, lost: 2, silentMs: 300, codec: 'PCMU' });
    expect(call.gateway.stats({ sessionId: 'other' })).toBeNull();
  });

  it('takes a packet with the number that the peer asked for itself', async () => {
    const call = await called('96 101', OPUS);
    await exchange(call, 96, 111);
    expect(call.window.received.every((p) => p.payloadType === 111)).toBe(true);
  });

  it('lets a later answer replace the first and gives the same text where nothing changed', async () => {
    const call = await called('96 101', OPUS);
    const again = await call.gateway.answer({ ...ID, sipAnswer: call.peer.sdp('96 101', ...OPUS) });
    expect(taken(again).webrtcAnswer).toBe(call.webrtcAnswer);
    const other = await RtpEnd.open();
    closers.push(() => other.close());
    const moved = taken(await call.gateway.answer({ ...ID, sipAnswer: other.sdp('8') }));
    expect(moved.webrtcAnswer).toMatch(/SAVPF 8\r$/m);
    call.window.send(8, 0, Buffer.from([9]));
    await until('sound at the new place', () => other.received.length === 1);
    expect(other.received[0]?.payloadType).toBe(8);
  });

  it('passes on what the peer asks of the encoder, and nothing else', async () => {
    const call = await called('96', [
      'a=rtpmap:96 opus/48000/2',
      'a=fmtp:96 stereo=1;maxaveragebitrate=28000;useinbandfec=1;usedtx=1 a=x',
      'a=ptime:40',
    ]);
    expect(call.webrtcAnswer).toContain('a=fmtp:111 maxaveragebitrate=28000;useinbandfec=1\r\n');
    expect(call.webrtcAnswer).toContain('a=ptime:40\r\n');
  });
});

describe('a call that comes in', () => {
  it.each<[string, string, string[], string, number, number]>([
    ['Opus', '100 0', ['a=rtpmap:100 opus/48000/2'], 'opus', 100, 111],
    ['G.722', '9 8', [], 'G722', 9, 9],
    ['PCMU', '0', [], 'PCMU', 0, 0],
    ['PCMA', '8', [], 'PCMA', 8, 8],
  ])('answers with %s and carries it', async (_name, formats, attributes, codec, peerType, windowType) => {
    const all = await parts();
    const { gateway, window, peer } = all;
    const { sipAnswer, webrtcAnswer } = taken(
      await gateway.accept({ ...ID, webrtcOffer: window.offer(), sipOffer: peer.sdp(formats, ...attributes) }),
    );
    await window.connect(webrtcAnswer);
    await exchange({ ...all, port: portIn(sipAnswer) }, peerType, windowType);
    expect(gateway.stats(ID)).toMatchObject({ codec, received: 20, sent: 20, lost: 0 });
  });

  it('follows the preference that the window puts into its order', async () => {
    const { gateway, window, peer } = await parts();
    const accepted = await gateway.accept({
      ...ID,
      webrtcOffer: window.offer({ formats: '8 111 0 126 110' }),
      sipOffer: peer.sdp('96 0 8 101', ...OPUS),
    });
    expect(taken(accepted).sipAnswer).toMatch(/RTP\/AVP 8 101\r$/m);
    expect(taken(accepted).webrtcAnswer).toMatch(/SAVPF 8 126\r$/m);
  });
});

describe('key presses', () => {
  const press = (duration: number, end = false): Buffer => {
    const payload = Buffer.from([5, end ? 0x8a : 0x0a, 0, 0]);
    payload.writeUInt16BE(duration, 2);
    return payload;
  };

  it('go from 48 kHz in the window to 8 kHz at the peer, and back', async () => {
    const call = await called('96 101', OPUS);
    await exchange(call, 111, 111);
    call.window.send(110, 9600, press(960), true);
    call.window.send(110, 9600, press(4800, true));
    call.peer.send(call.port, packet({ payloadType: 126, sequence: 27, timestamp: 555, payload: press(800, true) }));
    await until('the events', () => call.peer.received.length === 22 && call.window.received.length === 21);
    const [first, second] = call.peer.received.slice(-2);
    expect([first?.payloadType, first?.marker, first?.payload]).toEqual([101, true, press(160)]);
    expect([second?.payloadType, second?.payload]).toEqual([101, press(800, true)]);
    expect(second?.timestamp).toBe(first?.timestamp);
    const heard = call.window.received.at(-1);
    expect([heard?.payloadType, heard?.payload]).toEqual([110, press(4800, true)]);
  });

  it('pass unscaled beside G.711', async () => {
    const call = await called('0 101', ['a=rtpmap:101 telephone-event/8000']);
    await exchange(call, 0, 0);
    call.window.send(126, 3200, press(160), true);
    await until('the event', () => call.peer.received.length === 21);
    expect(call.peer.received.at(-1)).toMatchObject({ payloadType: 101, payload: press(160) });
  });
});

describe('changes during a call', () => {
  it('keeps one SSRC and an unbroken count towards the window when the peer changes its own', async () => {
    const call = await called('0', []);
    await exchange(call, 0, 0);
    for (let i = 0; i < 5; i++) {
      call.peer.send(call.port, packet({ ssrc: 0x5555, sequence: 40_000 + i, timestamp: 77 + i * 160 }));
      await until('the packet', () => call.window.received.length === 21 + i);
      call.clock.advance(20);
    }
    const { received } = call.window;
    expect(new Set(received.map((p) => p.ssrc)).size).toBe(1);
    for (const [i, p] of received.slice(1).entries()) {
      expect((p.sequence - (received[i]?.sequence ?? 0)) & 0xffff).toBe(1);
      expect((p.timestamp - (received[i]?.timestamp ?? 0)) >>> 0).toBe(160);
    }
    expect(call.gateway.stats(ID)?.lost).toBe(0);
  });

  it('holds and resumes on the same ports and transport', async () => {
    const call = await called('0', []);
    await exchange(call, 0, 0);
    const held = taken(await call.gateway.offer({ ...ID, webrtcOffer: call.window.offer({ direction: 'inactive' }) }));
    expect(directionIn(held.sipOffer)).toBe('inactive');
    expect(portIn(held.sipOffer)).toBe(call.port);
    const answer = taken(await call.gateway.answer({ ...ID, sipAnswer: call.peer.sdp('0', 'a=inactive') }));
    expect(directionIn(answer.webrtcAnswer)).toBe('inactive');
    call.window.send(0, 9000, Buffer.from([1]));
    call.peer.send(call.port, packet({ sequence: 27 }));
    await settled();

    const back = taken(await call.gateway.offer({ ...ID, webrtcOffer: call.window.offer() }));
    const resumed = taken(await call.gateway.answer({ ...ID, sipAnswer: call.peer.sdp('0') }));
    expect(directionIn(resumed.webrtcAnswer)).toBe('sendrecv');
    expect(portIn(resumed.webrtcAnswer)).toBe(portIn(call.webrtcAnswer));
    const versions = [call.sipOffer, held.sipOffer, back.sipOffer].map((sdp) =>
      Number(/^o=- \d+ (\d+)/m.exec(sdp)?.[1]),
    );
    expect(versions).toEqual([1, 2, 3]);
    call.window.send(0, 9160, Buffer.from([2]));
    call.peer.send(call.port, packet({ sequence: 28, payload: Buffer.from([42]) }));
    await until('sound again', () => call.peer.received.length === 21 && call.window.received.length === 21);
    expect(call.peer.received.at(-1)?.payload).toEqual(Buffer.from([2]));
    expect(call.window.received.at(-1)?.payload).toEqual(Buffer.from([42]));
  });

  it.each<[string, string[], string]>([
    ['by direction', ['a=sendonly'], 'sendonly'],
    ['by 0.0.0.0', ['c=IN IP4 0.0.0.0'], 'sendonly'],
    ['both ways', ['a=inactive'], 'inactive'],
  ])('is held by the peer %s', async (_name, attributes, windowDirection) => {
    const call = await called('0', []);
    await exchange(call, 0, 0);
    const held = taken(
      await call.gateway.accept({
        ...ID,
        webrtcOffer: call.window.offer(),
        sipOffer: call.peer.sdp('0', ...attributes),
      }),
    );
    expect(directionIn(held.sipAnswer)).toBe(windowDirection === 'inactive' ? 'inactive' : 'recvonly');
    expect(directionIn(held.webrtcAnswer)).toBe(windowDirection);
    call.window.send(0, 9000, Buffer.from([1]));
    await settled();
    taken(await call.gateway.accept({ ...ID, webrtcOffer: call.window.offer(), sipOffer: call.peer.sdp('0') }));
    call.window.send(0, 9160, Buffer.from([2]));
    await until('sound again', () => call.peer.received.length === 21);
    expect(call.peer.received.at(-1)?.payload).toEqual(Buffer.from([2]));
  });

  it('changes the codec by a later offer of the peer, and keeps numbers in ours', async () => {
    const call = await called('96 101', OPUS);
    const changed = taken(
      await call.gateway.accept({ ...ID, webrtcOffer: call.window.offer(), sipOffer: call.peer.sdp('8') }),
    );
    expect(changed.webrtcAnswer).toMatch(/SAVPF 8\r$/m);
    expect(call.gateway.stats(ID)?.codec).toBe('PCMA');
    const later = taken(await call.gateway.offer({ ...ID, webrtcOffer: call.window.offer() }));
    expect(later.sipOffer).toMatch(/RTP\/AVP 111 9 0 8 110 126\r$/m);
  });

  it('goes on as before when a later offer is refused', async () => {
    const call = await called('0', []);
    taken(await call.gateway.offer({ ...ID, webrtcOffer: call.window.offer({ direction: 'inactive' }) }));
    expect(await call.gateway.answer({ ...ID, sipAnswer: 'nonsense' })).toMatchObject({ ok: false, status: 400 });
    const refused = { ...ID, webrtcOffer: call.window.offer(), sipOffer: call.peer.sdp('18') };
    expect(await call.gateway.accept(refused)).toMatchObject({ ok: false, status: 488 });
    await exchange(call, 0, 0);
  });

  it('gives another peer connection of the window a transport of its own', async () => {
    const call = await called('0', []);
    const fresh = await WindowEnd.open();
    closers.push(() => fresh.close());
    taken(await call.gateway.offer({ ...ID, webrtcOffer: fresh.offer() }));
    const { webrtcAnswer } = taken(await call.gateway.answer({ ...ID, sipAnswer: call.peer.sdp('0') }));
    await fresh.connect(webrtcAnswer);
    await exchange({ ...call, window: fresh }, 0, 0);
  });
});

describe('RTCP', () => {
  it('reports to both sides, and tells the window what the peer lost', async () => {
    const call = await called('0', []);
    await exchange(call, 0, 0);
    call.peer.sendRtcp(
      call.port + 1,
      serialiseReport(
        {
          ssrc: 0xabcd,
          sender: undefined,
          blocks: [
            {
              ssrc: call.peer.received[0]?.ssrc ?? 0,
              fractionLost: 64,
              cumulativeLost: 5,
              highestSequence: 1,
              jitter: 9,
              lastReport: 0,
              sinceLastReport: 0,
            },
          ],
        },
        'peer',
      ),
    );
    const toWindow = await until('a report on the peer’s loss', () => {
      call.clock.advance(2500);
      return call.window.reports.find((report) => report.blocks[0]?.fractionLost === 64);
    });
    expect(toWindow.blocks[0]?.ssrc).toBe(1001);
    expect(call.window.reports.some((report) => report.sender?.packets === 20)).toBe(true);
    const toPeer = await until('a sender report', () => call.peer.reports.find((report) => report.sender));
    expect(toPeer.sender).toMatchObject({ packets: 20, octets: 60 });
    expect(toPeer.blocks[0]).toMatchObject({ ssrc: 0xabcd, cumulativeLost: 0 });
    expect(call.gateway.stats(ID)).toMatchObject({ peer: { lost: 5, lossPercent: 25 }, roundTripMs: null });
    if (!toPeer.sender) throw new Error('no sender report');
    const { ntpSeconds, ntpFraction } = toPeer.sender;
    const lastReport = ntpMiddle(toPeer.sender);
    const block = { fractionLost: 0, cumulativeLost: 5, highestSequence: 1, jitter: 160, sinceLastReport: 65_536 };
    const ssrc = call.peer.received[0]?.ssrc ?? 0;
    call.clock.advance(1_080);
    const answer = { ssrc: 0xabcd, sender: undefined, blocks: [{ ...block, ssrc, lastReport }] };
    call.peer.sendRtcp(call.port + 1, serialiseReport(answer, 'peer'));
    const stats = await until('the way there and back', () => {
      const found = call.gateway.stats(ID);
      return found?.roundTripMs === null ? undefined : found;
    });
    expect(stats).toMatchObject({ peer: { lost: 5, lossPercent: 0, jitterMs: 20 } });
    // All but the second that the peer says it waited.
    const sentAt = (ntpSeconds - ntpTime(0).ntpSeconds) * 1000 + (ntpFraction * 1000) / 2 ** 32;
    expect(stats.roundTripMs).toBeCloseTo(call.clock.now() - sentAt - 1000, 0);
  });
});

describe('silence', () => {
  it('is told when nothing comes, when it stops and when it is back', async () => {
    const call = await called('0', []);
    call.clock.advance(10_000);
    expect(call.notices).toEqual([{ sessionId: 'call', silentMs: 3000, cause: 'never' }]);
    await exchange(call, 0, 0);
    expect(call.notices.at(-1)).toMatchObject({ cause: 'resumed', silentMs: 10_000 });
    call.clock.advance(3000);
    expect(call.notices.at(-1)).toMatchObject({ cause: 'stopped' });
    expect(call.notices).toHaveLength(3);
  });

  it('is not told on hold', async () => {
    const call = await called('0', ['a=inactive']);
    call.clock.advance(60_000);
    expect(call.notices).toEqual([]);
  });
});

describe('hostile input', () => {
  it('drops junk, other payload types and other sources, and goes on', async () => {
    const call = await called('0', []);
    await exchange(call, 0, 0);
    const thief = await RtpEnd.open();
    closers.push(() => thief.close());
    for (let i = 0; i < 300; i++) {
      call.peer.sendRaw(call.port, Buffer.alloc(i % 40, i));
      call.peer.sendRtcp(call.port + 1, Buffer.alloc(i % 60, i));
      thief.send(call.port, packet({ sequence: 27 + i, ssrc: 3 }));
      if (i % 50 === 0) await settled();
    }
    call.peer.send(call.port, packet({ payloadType: 77, sequence: 27 }));
    await settled();
    call.peer.send(call.port, packet({ sequence: 28, payload: Buffer.from([99]) }));
    await until('the good packet', () => call.window.received.some((p) => p.payload[0] === 99));
    expect(call.gateway.stats(ID)).toMatchObject({ received: 21, lost: 1 });
    call.window.send(0, 9000, Buffer.from([1]));
    await until('sound to the peer', () => call.peer.received.length === 21);
    expect(thief.received).toHaveLength(0);
  });

  it('passes no more of a flood than a codec could send', async () => {
    const call = await called('0', []);
    await exchange(call, 0, 0);
    for (let i = 0; i < 3000; i++) {
      call.peer.send(call.port, packet({ sequence: (27 + i) & 0xffff }));
      if (i % 100 === 0) await settled();
    }
    await settled();
    expect(call.gateway.stats(ID)?.received).toBe(20 + 500);
    call.clock.advance(1000);
    call.peer.send(call.port, packet({ sequence: 3028, payload: Buffer.from([99]) }));
    await until('sound after the flood', () => call.window.received.some((p) => p.payload[0] === 99));
  });

  it('answers no binding request that is not signed for it', async () => {
    const { gateway, window } = await parts();
    taken(await gateway.offer({ ...ID, webrtcOffer: window.offer() }));
    const { webrtcAnswer } = taken(await gateway.answer({ ...ID, sipAnswer: (await openPeer()).sdp('0') }));
    const intruder = createSocket('udp4');
    intruder.bind(0, '127.0.0.1');
    await once(intruder, 'listening');
    closers.push(() => void intruder.close());
    let answered = 0;
    intruder.on('message', () => answered++);
    const request = Buffer.concat([Buffer.from([0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42]), Buffer.alloc(12, 1)]);
    intruder.send(request, portIn(webrtcAnswer), '127.0.0.1');
    await window.connect(webrtcAnswer);
    expect(answered).toBe(0);
  });

  it.each<[string, (window: WindowEnd) => string]>([
    ['no SDP', () => 'hello'],
    ['no audio', () => 'v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n'],
    ['no ICE', (window) => window.offer().replace(/a=ice-ufrag.*\r\n/, '')],
    ['no fingerprint', (window) => window.offer().replace(/a=fingerprint.*\r\n/, '')],
    ['a passive end', (window) => window.offer().replace('actpass', 'passive')],
    ['only codecs that no peer takes', (window) => window.offer({ formats: '63 13 110' })],
  ])('refuses an offer of the window with %s and keeps nothing', async (_name, make) => {
    const { gateway, window } = await parts();
    expect(await gateway.offer({ ...ID, webrtcOffer: make(window) })).toMatchObject({ ok: false, status: 400 });
    expect(gateway.stats(ID)).toBeNull();
  });

  it('refuses what it has no way to', async () => {
    const { gateway, window, peer } = await parts();
    const webrtcOffer = window.offer();
    expect(await gateway.offer({ ...ID, accountId: 'other', webrtcOffer })).toMatchObject({ ok: false, status: 500 });
    expect(await gateway.answer({ ...ID, sipAnswer: peer.sdp('0') })).toMatchObject({ ok: false, status: 400 });
    const elsewhere = peer.sdp('0').replaceAll('127.0.0.1', '192.0.2.1');
    expect(await gateway.accept({ ...ID, webrtcOffer, sipOffer: elsewhere })).toMatchObject({ ok: false, status: 488 });
    const ipv6 = peer.sdp('0').replaceAll('IP4 127.0.0.1', 'IP6 2001:db8::1');
    expect(await gateway.accept({ ...ID, webrtcOffer, sipOffer: ipv6 })).toMatchObject({ ok: false, status: 488 });
    expect(gateway.stats(ID)).toBeNull();
  });
});

describe('the end of a call', () => {
  const canBind = async (port: number): Promise<boolean> => {
    const socket = createSocket('udp4');
    try {
      socket.bind(port, '127.0.0.1');
      await once(socket, 'listening');
      return true;
    } catch {
      return false;
    } finally {
      socket.close();
    }
  };

  it('frees every port and timer', async () => {
    const call = await called('0', []);
    await exchange(call, 0, 0);
    const ports = [call.port, call.port + 1, portIn(call.webrtcAnswer)];
    expect(await Promise.all(ports.map(canBind))).toEqual([false, false, false]);
    await call.gateway.close(ID);
    expect(await Promise.all(ports.map(canBind))).toEqual([true, true, true]);
    expect(call.clock.waiting).toBe(0);
    expect(call.gateway.stats(ID)).toBeNull();
    await call.gateway.close(ID);
  });

  it('frees what was still being opened', async () => {
    const { gateway, window, clock } = await parts();
    const opening = gateway.offer({ ...ID, webrtcOffer: window.offer() });
    await gateway.close(ID);
    expect(await opening).toMatchObject({ ok: false, status: 500 });
    expect(clock.waiting).toBe(0);
  });

  it('says so when no pair of ports is free', async () => {
    const { window } = await parts();
    const inUse = await openPeer();
    const gateway = new MediaGateway({
      localHost: () => '127.0.0.1',
      loopback: true,
      protection: () => ({ wanted: 'offered', offered: 'sdes' }),
      portRange: { min: inUse.port - (inUse.port % 2), max: inUse.port - (inUse.port % 2) + 1 },
    });
    const result = await gateway.offer({ ...ID, webrtcOffer: window.offer() });
    expect(result).toMatchObject({
      ok: false,
      status: 500,
      reason: expect.stringContaining('No free pair of RTP ports'),
    });
  });

  it('keeps to the range of ports that it was given', async () => {
    const { window } = await parts();
    const gateway = new MediaGateway({
      localHost: () => '127.0.0.1',
      loopback: true,
      protection: () => ({ wanted: 'offered', offered: 'sdes' }),
      portRange: { min: 28_001, max: 28_099 },
    });
    closers.push(() => gateway.closeAll());
    const { sipOffer } = taken(await gateway.offer({ ...ID, webrtcOffer: window.offer() }));
    expect(portIn(sipOffer)).toBeGreaterThanOrEqual(28_002);
    expect(portIn(sipOffer)).toBeLessThanOrEqual(28_098);
  });
});

async function openPeer(): Promise<RtpEnd> {
  const peer = await RtpEnd.open();
  closers.push(() => peer.close());
  return peer;
}
