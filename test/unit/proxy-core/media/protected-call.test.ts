/** Calls whose sound is protected towards the peer by keys in the descriptions. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fingerprintOf } from '../../../../proxy-core/media/dtls/association.ts';
import { serialiseReport } from '../../../../proxy-core/media/rtcp-packet.ts';
import { serialiseRtp } from '../../../../proxy-core/media/rtp-packet.ts';
import { SRTP_SUITES, suiteNamed } from '../../../../proxy-core/media/srtp/suites.ts';
import { type Certificate, createCertificate } from '../../../../proxy-core/media/window-transport.ts';
import type { Protection } from '../../../../proxy-core/sip/sdp/index.ts';
import { until } from '../../../support/until.ts';
import { closedAfterEach, gatewayParts, portIn } from './gateway-parts.ts';
import { packet } from './parts.ts';
import { RtpEnd } from './rtp-end.ts';

const ID = { sessionId: 'call', accountId: 'me' };
const closers = closedAfterEach();

const parts = (wanted: Protection, offered: 'sdes' | 'dtls' = 'sdes') =>
  gatewayParts(closers, { localHost: () => '192.0.2.200', protection: () => ({ wanted, offered }) });

const keyOf = (suiteName: string, base64: string) => {
  const suite = suiteNamed(suiteName) ?? expect.fail(`no suite ${suiteName}`);
  return { suite, material: Buffer.from(base64, 'base64') };
};
const newKey = (suiteName: string): string => {
  const { suite } = keyOf(suiteName, '');
  return randomBytes(suite.keyLength + suite.saltLength).toString('base64');
};
const theirKey = (sdp: string, suite: string): string =>
  new RegExp(`^a=crypto:\\d+ ${suite} inline:(\\S+)`, 'm').exec(sdp)?.[1] ?? expect.fail(`no key for ${suite}`);

/** A protected call that the peer makes. */
async function answered(suite: string, wanted: Protection = 'offered') {
  const all = await parts(wanted);
  const { gateway, window, peer } = all;
  const key = newKey(suite);
  const sipOffer = peer.sdpOver('RTP/SAVP', '0', `a=crypto:1 ${suite} inline:${key}`);
  const accepted = await gateway.accept({ ...ID, webrtcOffer: window.offer(), sipOffer });
  if (!accepted.ok) return expect.fail(accepted.reason);
  const port = portIn(accepted.sipAnswer);
  peer.protect(keyOf(suite, key), keyOf(suite, theirKey(accepted.sipAnswer, suite)));
  await window.connect(accepted.webrtcAnswer);
  return { ...all, port, sipOffer };
}

describe.each(SRTP_SUITES.map(({ name }) => name))('%s', (suite) => {
  it('carries sound and reports both ways', async () => {
    const { window, peer, port, clock, gateway } = await answered(suite);
    for (let i = 0; i < 5; i++) {
      peer.send(port, packet({ sequence: 7 + i, timestamp: i * 160, payload: Buffer.from([i, 1]) }));
      window.send(0, i * 160, Buffer.from([i, 2]));
      await until(`packet ${i} both ways`, () => peer.received.length > i && window.received.length > i);
      clock.advance(20);
    }
    expect(window.received.map((p) => [...p.payload])).toEqual([0, 1, 2, 3, 4].map((i) => [i, 1]));
    expect(peer.received.map((p) => [...p.payload])).toEqual([0, 1, 2, 3, 4].map((i) => [i, 2]));
    expect(gateway.stats(ID)).toMatchObject({ protection: suite });
    clock.advance(8000);
    await until('a report at the peer', () => peer.reports.length > 0);
    expect((peer.reports[0]?.blocks[0]?.highestSequence ?? 0) % 0x10000).toBe(11);
  });
});

describe('a protected call', () => {
  const SUITE = 'AES_CM_128_HMAC_SHA1_80';

  it('is not moved by sound in the clear, nor by what was heard before', async () => {
    const { window, peer, port } = await answered(SUITE);
    const stranger = await RtpEnd.open();
    closers.push(() => stranger.close());
    for (let i = 0; i < 10; i++) stranger.send(port, packet({ sequence: i }));
    peer.send(port, packet({ sequence: 50 }));
    await until('the peer', () => window.received.length === 1);
    window.send(0, 0, Buffer.from([9]));
    await until('sound at the peer', () => peer.received.length === 1);
    expect(stranger.raw).toHaveLength(0);
  });

  it('takes reports of the peer, and no others', async () => {
    const { window, peer, port, clock } = await answered(SUITE);
    window.send(0, 0, Buffer.from([9]));
    await until('sound at the peer', () => peer.received.length === 1);
    const ssrc = peer.received[0]?.ssrc ?? 0;
    const block = {
      ssrc,
      fractionLost: 128,
      cumulativeLost: 5,
      highestSequence: 1,
      jitter: 3,
      lastReport: 0,
      sinceLastReport: 0,
    };
    peer.sendRtcp(port + 1, serialiseReport({ ssrc: 5, sender: undefined, blocks: [block] }, 'peer'));
    await until('what the peer reported, at the window', () => {
      clock.advance(1000);
      return window.reports.some((report) => report.blocks[0]?.fractionLost === 128);
    });
  });

  it('goes on under the same keys when the peer offers again, and under new ones when it says so', async () => {
    const { window, peer, port, gateway, sipOffer } = await answered(SUITE);
    peer.send(port, packet({ sequence: 50 }));
    await until('the first', () => window.received.length === 1);
    const again = await gateway.accept({ ...ID, webrtcOffer: window.offer(), sipOffer });
    expect(again.ok).toBe(true);
    peer.send(port, packet({ sequence: 51 }));
    await until('the second', () => window.received.length === 2);

    const key = newKey(SUITE);
    const changed = peer.sdpOver('RTP/SAVP', '0', `a=crypto:1 ${SUITE} inline:${key}`);
    const rekeyed = await gateway.accept({ ...ID, webrtcOffer: window.offer(), sipOffer: changed });
    if (!rekeyed.ok) return expect.fail(rekeyed.reason);
    peer.protect(keyOf(SUITE, key), keyOf(SUITE, theirKey(rekeyed.sipAnswer, SUITE)));
    peer.send(port, packet({ sequence: 52 }));
    await until('the third', () => window.received.length === 3);
  });

  it('is what we offer where no call may go without', async () => {
    const { gateway, window, peer, clock } = await parts('always');
    const offered = await gateway.offer({ ...ID, webrtcOffer: window.offer() });
    if (!offered.ok) return expect.fail(offered.reason);
    expect(offered.sipOffer).toContain('RTP/SAVP');
    const [tag, key] = [4, newKey(SUITE)];
    const refused = await gateway.answer({ ...ID, sipAnswer: peer.sdp('0') });
    expect(refused).toMatchObject({ ok: false, status: 488 });
    const sipAnswer = peer.sdpOver('RTP/SAVP', '0', `a=crypto:${tag} ${SUITE} inline:${key}`);
    const taken = await gateway.answer({ ...ID, sipAnswer });
    if (!taken.ok) return expect.fail(taken.reason);
    peer.protect(keyOf(SUITE, key), keyOf(SUITE, theirKey(offered.sipOffer, SUITE)));
    await window.connect(taken.webrtcAnswer);
    window.send(0, 0, Buffer.from([1]));
    await until('sound at the peer', () => peer.received.length === 1);
    clock.advance(20);
  });
});

describe('a call under DTLS', () => {
  const printIn = (sdp: string) => {
    const [, algorithm = '', value = ''] = /^a=fingerprint:(\S+) (\S+)/m.exec(sdp) ?? [];
    return { algorithm, value };
  };
  const print = (certificate: Certificate): string => {
    const { algorithm, value } = fingerprintOf(certificate);
    return `a=fingerprint:${algorithm} ${value}`;
  };

  it.each([
    ['actpass', 'active', 'server'],
    ['active', 'passive', 'client'],
    ['passive', 'active', 'server'],
  ] as const)('that the peer offers as %s is answered as %s and carries sound', async (theirs, ours, role) => {
    const { gateway, window, peer, clock } = await parts('offered');
    const certificate = await createCertificate();
    const sipOffer = peer.sdpOver('UDP/TLS/RTP/SAVPF', '0', print(certificate), `a=setup:${theirs}`, 'a=rtcp-mux');
    const accepted = await gateway.accept({ ...ID, webrtcOffer: window.offer(), sipOffer });
    if (!accepted.ok) return expect.fail(accepted.reason);
    expect(accepted.sipAnswer).toContain(`a=setup:${ours}`);
    expect(accepted.sipAnswer).toContain('a=rtcp-mux');
    const port = portIn(accepted.sipAnswer);
    await window.connect(accepted.webrtcAnswer);
    await peer.shakeHands(port, { role, certificate, fingerprints: [printIn(accepted.sipAnswer)] });
    await until('the gateway to be ready', () => gateway.stats(ID)?.protection === 'AEAD_AES_128_GCM');
    peer.send(port, packet({ sequence: 7, payload: Buffer.from([5]) }));
    window.send(0, 0, Buffer.from([6]));
    await until('sound both ways', () => peer.received.length > 0 && window.received.length > 0);

    // Offered again by the same peer, the association stays, and so does its role.
    const again = await gateway.accept({ ...ID, webrtcOffer: window.offer(), sipOffer });
    if (!again.ok) return expect.fail(again.reason);
    expect(again.sipAnswer).toContain(`a=setup:${ours}`);
    peer.send(port, packet({ sequence: 8, payload: Buffer.from([5]) }));
    await until('more sound', () => window.received.length > 1);
    clock.advance(20);
  });

  it.each([
    ['active', 'client'],
    ['passive', 'server'],
  ] as const)('that we offer is answered by the peer as %s and carries sound', async (theirs, role) => {
    const { gateway, window, peer } = await parts('always', 'dtls');
    const certificate = await createCertificate();
    const offered = await gateway.offer({ ...ID, webrtcOffer: window.offer() });
    if (!offered.ok) return expect.fail(offered.reason);
    expect(offered.sipOffer).toMatch(/UDP\/TLS\/RTP\/SAVP [\s\S]*a=setup:actpass[\s\S]*a=rtcp-mux/);
    const sipAnswer = peer.sdpOver('UDP/TLS/RTP/SAVP', '0', print(certificate), `a=setup:${theirs}`, 'a=rtcp-mux');
    const taken = await gateway.answer({ ...ID, sipAnswer });
    if (!taken.ok) return expect.fail(taken.reason);
    await window.connect(taken.webrtcAnswer);
    await peer.shakeHands(portIn(offered.sipOffer), { role, certificate, fingerprints: [printIn(offered.sipOffer)] });
    await until('the gateway to be ready', () => gateway.stats(ID)?.protection !== '');
    window.send(0, 0, Buffer.from([6]));
    await until('sound at the peer', () => peer.received.length > 0);
  });

  it('sends and takes nothing in the clear, and nothing at all to somebody else than the description names', async () => {
    const { gateway, window, peer } = await parts('offered');
    const [certificate, other] = [await createCertificate(), await createCertificate()];
    const sipOffer = peer.sdpOver('UDP/TLS/RTP/SAVPF', '0', print(other), 'a=setup:active', 'a=rtcp-mux');
    const accepted = await gateway.accept({ ...ID, webrtcOffer: window.offer(), sipOffer });
    if (!accepted.ok) return expect.fail(accepted.reason);
    const port = portIn(accepted.sipAnswer);
    await window.connect(accepted.webrtcAnswer);
    let isEstablished = false;
    void peer
      .shakeHands(port, { role: 'client', certificate, fingerprints: [printIn(accepted.sipAnswer)] })
      .then(() => (isEstablished = true));
    for (let i = 0; i < 30; i++) {
      peer.sendRaw(port, serialiseRtp(packet({ sequence: i })));
      window.send(0, i * 160, Buffer.from([i]));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect([isEstablished, peer.raw.length, window.received.length]).toEqual([false, 0, 0]);
    expect(gateway.stats(ID)).toMatchObject({ protection: '' });
  });
});
