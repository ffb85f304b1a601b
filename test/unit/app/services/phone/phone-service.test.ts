import type { NetworkInterfaceInfo } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BoundedMap } from '../../../../../app/services/phone/bounded-map.ts';
import { addressForPeers } from '../../../../../app/services/phone/sockets.ts';
import type { AccountFlow } from '../../../../../app/shared/phone-port.ts';
import { buildResponse } from '../../../../../proxy-core/sip/message/build.ts';
import type { SipRequest } from '../../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import { until } from '../../../../support/until.ts';
import { WindowEnd } from '../../../proxy-core/media/window-end.ts';
import { dial, FarEnd, read, request, ServiceWorld } from './service-world.ts';

const closers: (() => unknown)[] = [];
const farEnd = async (options?: Parameters<typeof FarEnd.open>[0]): Promise<FarEnd> => {
  const end = await FarEnd.open(options);
  closers.push(() => end.close());
  return end;
};
const world = (server: string, outboundProxy?: string): ServiceWorld => {
  const made = new ServiceWorld(server, outboundProxy);
  closers.push(() => made.service.close());
  return made;
};
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const asRequest = (message: ReturnType<typeof read>): SipRequest => {
  if (message.kind !== 'request') throw new Error('a response came');
  return message;
};

describe('an account on the network', () => {
  let server: FarEnd;
  let phone: ServiceWorld;
  let flow: AccountFlow;

  beforeEach(async () => {
    server = await farEnd();
    phone = world(`127.0.0.1:${server.port}`);
    flow = await phone.open();
  });

  it('has a socket on 127.0.0.1 and keeps it when it is opened again', async () => {
    expect(flow).toMatchObject({ accountId: 'acc', transport: 'UDP', localHost: '127.0.0.1' });
    expect(await phone.open()).toEqual(flow);
  });

  it('sends to its server and hears its answer', async () => {
    expect(await phone.send(flow, request(flow).wire)).toEqual({ ok: true });
    const arrived = await server.next('the request');
    expect([arrived.host, arrived.port]).toEqual(['127.0.0.1', flow.localPort]);
    arrived.reply(buildResponse(asRequest(arrived.message), 200, { toTag: 'x' }).wire);
    const event = await phone.next('the response');
    expect(event).toMatchObject({ accountId: 'acc', flowId: flow.flowId, remotePort: server.port });
    expect(read(event.message)).toMatchObject({ kind: 'response', status: 200 });
  });

  it('answers a request on the way it came, and nothing that nobody asked', async () => {
    const asked = request({ ...flow, localPort: server.port }, { method: 'OPTIONS' });
    server.send(flow.localPort, asked.wire);
    const event = await phone.next('the request');
    const heard = asRequest(read(event.message));
    expect(await phone.send(flow, buildResponse(heard, 200, { toTag: 'x' }).wire)).toEqual({ ok: true });
    expect((await server.next('the answer')).message).toMatchObject({ kind: 'response', status: 200 });
    const invented = buildResponse(request(flow), 200, { toTag: 'x' });
    expect(await phone.send(flow, invented.wire)).toMatchObject({ ok: false });
  });

  it('goes in a dialog where the peer said, and nowhere else', async () => {
    const peer = await farEnd({ host: '127.0.0.2' });
    const invite = request(flow, { method: 'INVITE', callId: 'dialog' });
    await phone.send(flow, invite.wire);
    const arrived = await server.next('the INVITE');
    const contact = `sip:1002@127.0.0.2:${peer.port}`;
    arrived.reply(buildResponse(invite, 200, { toTag: 'peer', headers: [[H.Contact, `<${contact}>`]] }).wire);
    await phone.next('the 200');
    const inDialog = { method: 'BYE', toTag: 'peer', callId: 'dialog', uri: contact };
    expect(await phone.send(flow, request(flow, inDialog).wire)).toEqual({ ok: true });
    expect((await peer.next('the BYE')).message).toMatchObject({ method: 'BYE' });

    const stranger = await farEnd({ host: '127.0.0.3' });
    for (const wrong of [
      { ...inDialog, uri: `sip:1002@127.0.0.3:${stranger.port}` },
      { ...inDialog, routes: [`<sip:127.0.0.3:${stranger.port};lr>`] },
      { ...inDialog, uri: `${contact};transport=tcp` },
      { ...inDialog, uri: `${contact};maddr=127.0.0.3` },
    ]) {
      expect(await phone.send(flow, request(flow, wrong).wire)).toMatchObject({ ok: false });
    }
    // In another call the same address was never given: its server gets the message.
    expect(await phone.send(flow, request(flow, { ...inDialog, callId: 'other' }).wire)).toEqual({ ok: true });
    expect((await server.next('the BYE of the other call')).message).toMatchObject({ callId: 'other' });
    expect([stranger.arrivals, peer.arrivals]).toEqual([[], []]);
  });

  it('stays on this computer when it is told to', async () => {
    const invite = request(flow, { method: 'INVITE', callId: 'away' });
    await phone.send(flow, invite.wire);
    const arrived = await server.next('the INVITE');
    const contacts = ['sip:x@192.0.2.1', 'sip:x@[2001:db8::1]', 'sip:x@224.0.0.1', 'sip:x@127.0.0.1;transport=ws'];
    for (const [i, contact] of contacts.entries()) {
      arrived.reply(buildResponse(invite, 180, { toTag: `t${i}`, headers: [[H.Contact, `<${contact}>`]] }).wire);
      await phone.next('the 180');
      const ack = request(flow, { method: 'ACK', callId: 'away', toTag: `t${i}`, uri: contact });
      expect(await phone.send(flow, ack.wire)).toMatchObject({ ok: false });
    }
    // A name that nobody can look up may be one of the server's own: he gets it.
    const contact = '<sip:x@example.invalid>';
    arrived.reply(buildResponse(invite, 180, { toTag: 'named', headers: [[H.Contact, contact]] }).wire);
    await phone.next('the 180');
    const ack = { method: 'ACK', callId: 'away', toTag: 'named', uri: 'sip:x@example.invalid' };
    expect(await phone.send(flow, request(flow, ack).wire)).toEqual({ ok: true });
    expect(asRequest((await server.next('the ACK')).message).uriText).toBe('sip:x@example.invalid');
    for (const typed of ['192.0.2.1', 'office.example', '224.0.0.1:5060', '0.0.0.0', '[2001:db8::1]']) {
      const opened = await world(typed).service.handlers.sip.open({ accountId: 'acc', regId: 1 });
      expect(opened).toMatchObject({ ok: false, reason: expect.stringMatching(/127\.0\.0\.1/) });
    }
  });

  it('sends CANCEL and the ACK to a refusal after its INVITE', async () => {
    const invite = request(flow, { method: 'INVITE', branch: 'z9hG4bKsame', callId: 'same' });
    await phone.send(flow, invite.wire);
    const arrived = await server.next('the INVITE');
    arrived.reply(buildResponse(invite, 486, { toTag: 'busy', headers: [[H.Contact, '<sip:x@127.0.0.9>']] }).wire);
    await phone.next('the 486');
    const ack = request(flow, {
      method: 'ACK',
      branch: 'z9hG4bKsame',
      callId: 'same',
      toTag: 'busy',
      uri: 'sip:1002@127.0.0.1',
    });
    expect(await phone.send(flow, ack.wire)).toEqual({ ok: true });
    expect((await server.next('the ACK')).message).toMatchObject({ method: 'ACK' });
  });

  it.each([
    ['rubbish', 'no SIP at all'],
    [`OPTIONS sip:x SIP/2.0\r\n\r\n`, 'no headers'],
    ['x'.repeat(70_000), 'too large'],
    [undefined as unknown as string, 'nothing'],
  ])('refuses to send %.10s', async (message) => {
    expect(await phone.send(flow, message)).toMatchObject({ ok: false, reason: expect.stringMatching(/\.$/) });
  });

  it('names neither a flow nor an account that is not there', async () => {
    const { sip } = phone.service.handlers;
    const message = request(flow).wire;
    expect(await sip.send({ accountId: 'acc', flowId: 'old', message })).toMatchObject({ ok: false });
    expect(await sip.send({ accountId: 'eve', flowId: flow.flowId, message })).toMatchObject({ ok: false });
    expect(await sip.open({ accountId: 'eve', regId: 1 })).toMatchObject({ ok: false });
  });

  it('answers what cannot be read by itself and hears everything after it', async () => {
    for (const wire of ['', '\x00\x00', 'x'.repeat(60_000), 'OPTIONS sip:x SIP/2.0\r\nVia: y\r\n\r\n']) {
      server.send(flow.localPort, wire);
    }
    const via = `Via: SIP/2.0/UDP 127.0.0.1:${server.port};branch=z9hG4bKbad;rport`;
    server.send(
      flow.localPort,
      `OPTIONS sip:x SIP/9.0\r\n${via}\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:b@x>\r\nCall-ID: bad\r\nCSeq: 1 OPTIONS\r\n\r\n`,
    );
    expect((await server.next('the 505')).message).toMatchObject({ kind: 'response', status: 505 });
    server.send(flow.localPort, request({ ...flow, localPort: server.port }, { callId: 'after' }).wire);
    expect(read((await phone.next('the good one')).message).callId).toBe('after');
  });

  it('drops most of a flood and goes on', async () => {
    const wire = request({ ...flow, localPort: server.port }, { callId: 'flood' }).wire;
    for (let i = 0; i < 3_000; i++) server.send(flow.localPort, wire);
    await phone.next('some of it');
    let before = -1;
    await until('the flood to end', async () => {
      const now = phone.received.length;
      const still = now === before;
      before = now;
      return still;
    });
    expect(phone.received.length).toBeLessThan(1_500);
    await until('another message to pass', async () => {
      server.send(flow.localPort, request({ ...flow, localPort: server.port }, { callId: 'later' }).wire);
      return phone.received.some((event) => read(event.message).callId === 'later');
    });
  });

  it('hears its server through the flood of a stranger', async () => {
    const stranger = await farEnd();
    await phone.send(flow, request(flow, { callId: 'asked' }).wire);
    const asked = await server.next('the request');
    const flood = request({ ...flow, localPort: stranger.port }, { callId: 'flood' }).wire;
    const answer = buildResponse(asRequest(asked.message), 200, { toTag: 'x' }).wire;
    const answers = () => phone.received.filter((event) => read(event.message).callId === 'asked').length;
    // In small parts, so that it is not the system that drops them.
    for (let part = 0; part < 60; part++) {
      for (let i = 0; i < 50; i++) stranger.send(flow.localPort, flood);
      asked.reply(answer);
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
    await until('nearly all of 60 answers', () => answers() > 50);
    expect(phone.received.length).toBeLessThan(1_500);
  });

  it('closes its sockets when it is told to, and a while after the account is gone', async () => {
    await phone.service.handlers.sip.close({ accountId: 'acc' });
    expect(await phone.send(flow, request(flow).wire)).toMatchObject({ ok: false });
    const again = await phone.open();
    expect(again.flowId).not.toBe(flow.flowId);
    phone.service.configure([]);
    expect(await phone.service.handlers.sip.open({ accountId: 'acc', regId: 1 })).toMatchObject({ ok: false });
    // Signing off still reaches the registrar.
    expect(await phone.send(again, request(again, { method: 'REGISTER' }).wire)).toEqual({ ok: true });
    await server.next('the REGISTER');
  });
});

describe('the way to the server', () => {
  it('is the outbound proxy where there is one', async () => {
    const proxy = await farEnd();
    const phone = world('127.0.0.1:9', `127.0.0.1:${proxy.port}`);
    const flow = await phone.open();
    await phone.send(flow, request(flow).wire);
    await proxy.next('the request');
  });

  it('is TCP where the server says so, both ways on one connection', async () => {
    const server = await farEnd({ tcp: true });
    const phone = world(`sip:127.0.0.1:${server.port};transport=tcp`);
    const flow = await phone.open();
    expect(flow.transport).toBe('TCP');
    await phone.send(flow, request(flow, { body: 'x'.repeat(3_000) }).wire);
    const arrived = await server.next('the request');
    expect(arrived.via).toBe('TCP');
    arrived.reply(buildResponse(asRequest(arrived.message), 200, { toTag: 'x' }).wire);
    await phone.next('the response');
    arrived.reply(request({ ...flow, localPort: server.port }, { callId: 'to-us' }).wire);
    const heard = asRequest(read((await phone.next('their request')).message));
    await phone.send(flow, buildResponse(heard, 200, { toTag: 'y' }).wire);
    expect((await server.next('our answer')).port).toBe(arrived.port);
    server.dropStreams();
    const lost = await until('the notice that it broke', () => phone.closed.shift());
    expect(lost).toMatchObject({ flowId: flow.flowId, reason: expect.stringMatching(/\.$/) });
    const again = await phone.open();
    expect(again.flowId).not.toBe(flow.flowId);
  });

  it('tells that nobody listens there', async () => {
    const server = await farEnd({ tcp: true });
    await server.close();
    closers.length = 0;
    const phone = world(`sip:127.0.0.1:${server.port};transport=tcp`);
    await expect(phone.open()).rejects.toThrow(/cannot be reached/);
  });

  it('turns to TCP for what is too large for a datagram, unseen by the window', async () => {
    const server = await farEnd({ tcp: true });
    const phone = world(`127.0.0.1:${server.port}`);
    const flow = await phone.open();
    const invite = request(flow, {
      method: 'INVITE',
      body: 'x'.repeat(2_000),
      branch: 'z9hG4bKlarge',
      callId: 'large',
    });
    await phone.send(flow, invite.wire);
    // The window takes it for UDP and sends it again; once is enough.
    await phone.send(flow, invite.wire);
    const arrived = await server.next('the INVITE');
    expect([arrived.via, arrived.message.via.transport]).toEqual(['TCP', 'TCP']);
    arrived.reply(buildResponse(asRequest(arrived.message), 180, { toTag: 'x' }).wire);
    const ringing = read((await phone.next('the 180')).message);
    expect(ringing.via.toString()).toContain('SIP/2.0/UDP');
    await phone.send(flow, request(flow, { method: 'CANCEL', branch: 'z9hG4bKlarge', callId: 'large' }).wire);
    const cancel = await server.next('the CANCEL');
    expect([cancel.via, cancel.message.cseqMethod]).toEqual(['TCP', 'CANCEL']);
  });

  it('keeps to UDP for it where the server has no TCP', async () => {
    const server = await farEnd();
    const phone = world(`127.0.0.1:${server.port}`);
    const flow = await phone.open();
    for (const callId of ['first', 'second']) {
      await phone.send(flow, request(flow, { method: 'INVITE', body: 'x'.repeat(2_000), callId }).wire);
      const arrived = await server.next('the INVITE');
      expect([arrived.via, arrived.message.via.transport]).toEqual(['UDP', 'UDP']);
    }
  });

  it('hears peers that come by TCP too', async () => {
    const server = await farEnd();
    const phone = world(`127.0.0.1:${server.port}`);
    const flow = await phone.open();
    const stream = await dial(flow.localPort);
    closers.push(() => stream.destroy());
    const asked = request({ ...flow, transport: 'TCP' }, { callId: 'stream' });
    stream.write(asked.wire, 'latin1');
    const heard = asRequest(read((await phone.next('their request')).message));
    const answer = new Promise<string>((resolve) => stream.once('data', (data) => resolve(data.toString('latin1'))));
    await phone.send(flow, buildResponse(heard, 200, { toTag: 'x' }).wire);
    expect(await answer).toContain('SIP/2.0 200');
  });
});

describe('bounds', () => {
  it('a bounded map forgets what was used longest ago', () => {
    const map = new BoundedMap<string, number>(2);
    map.set('a', 1);
    map.set('b', 2);
    expect(map.get('a')).toBe(1);
    map.set('c', 3);
    expect([map.get('a'), map.get('b'), map.get('c'), map.size]).toEqual([1, undefined, 3, 2]);
  });
});

describe('media', () => {
  it('is refused for an account without a connection', async () => {
    const phone = world('127.0.0.1:5060');
    const { media } = phone.service.handlers;
    const offered = await media.offer({ sessionId: 's', accountId: 'acc', callId: 'c', webrtcOffer: 'v=0' });
    expect(offered).toMatchObject({ ok: false, status: 500 });
    expect(await media.stats({ sessionId: 's' })).toBeNull();
    await media.close({ sessionId: 's' });
  });

  it('is told that the window sent no offer', async () => {
    const phone = world('127.0.0.1:5060');
    await phone.open();
    const { media } = phone.service.handlers;
    const offered = await media.offer({ sessionId: 's', accountId: 'acc', callId: 'c', webrtcOffer: 'v=0' });
    expect(offered).toMatchObject({ ok: false, status: 400 });
  });
});

describe('where peers send sound to', () => {
  const nothing = () => ({});
  const unreachable = () => Promise.reject(new Error('ENETUNREACH'));

  it('is our address on the way to the server', async () => {
    expect(await addressForPeers('192.0.2.5', unreachable, nothing)).toBe('192.0.2.5');
  });

  it.each([
    ['the way out', async () => '192.0.2.7', '192.0.2.7'],
    ['another interface where there is no way out', unreachable, '192.0.2.9'],
    ['another interface where the way out is loopback', async () => '127.0.0.1', '192.0.2.9'],
  ])('is, where the exchange is on this computer, %s', async (_what, towards, address) => {
    const list = [
      { address: '127.0.0.1', internal: true },
      { address: 'fe80::1', internal: false },
      { address: '192.0.2.9', internal: false },
    ] as NetworkInterfaceInfo[];
    expect(await addressForPeers('127.0.0.1', towards, () => ({ all: list }))).toBe(address);
  });

  it('is loopback where there is nothing else', async () => {
    expect(await addressForPeers('127.0.0.1', unreachable, nothing)).toBe('127.0.0.1');
    expect(await addressForPeers('::1', unreachable, nothing)).toBe('::1');
  });
});

describe('where sound goes', () => {
  const SDP = 'application/sdp';
  const theirs = (port: number): string =>
    `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio ${port} RTP/AVP 0\r\n`;
  const call = { sessionId: 's', accountId: 'acc', callId: 'call' };
  let server: FarEnd;
  let phone: ServiceWorld;
  let flow: AccountFlow;
  let webrtcOffer: string;

  beforeEach(async () => {
    server = await farEnd();
    phone = world(`127.0.0.1:${server.port}`);
    flow = await phone.open();
    const window = await WindowEnd.open();
    closers.push(() => window.close());
    webrtcOffer = window.offer();
  });

  const hear = async (callId: string, body: string, type = SDP): Promise<void> => {
    const invite = { method: 'INVITE', callId, body, type };
    server.send(flow.localPort, request({ ...flow, localPort: server.port }, invite).wire);
    await phone.next('their INVITE');
  };
  const accept = (sipOffer: string, callId = 'call', accountId = 'acc') =>
    phone.service.handlers.media.accept({ ...call, accountId, callId, webrtcOffer, sipOffer });

  it('is what an offer says that came in the call, and no other', async () => {
    await hear('call', theirs(40_000));
    await hear('other', theirs(40_002));
    await hear('call', theirs(40_004), 'text/plain');
    const lookalike = theirs(40_000).replace('127', String.fromCharCode(0x131, 0x32, 0x37));
    for (const invented of [theirs(40_002), theirs(40_004), theirs(40_006), lookalike, '', {} as string]) {
      const refused = await Promise.resolve(accept(invented)).catch(() => ({ ok: false }));
      expect(refused).toMatchObject({ ok: false });
    }
    expect(await accept(theirs(40_000), 'other')).toMatchObject({ ok: false, status: 500 });
    expect(await accept(theirs(40_000), 'call', 'eve')).toMatchObject({ ok: false, status: 500 });
    expect(await phone.service.handlers.media.stats(call)).toBeNull();
    expect(await accept(theirs(40_000))).toMatchObject({ ok: true });
    // The same one again, as when its sender repeats it later.
    expect(await accept(theirs(40_000))).toMatchObject({ ok: true });
  });

  it('is what an answer says that came in the call, and no other', async () => {
    const { media } = phone.service.handlers;
    const made = await media.offer({ ...call, webrtcOffer });
    if (!made.ok) throw new Error(made.reason);
    const invite = request(flow, { method: 'INVITE', callId: 'call', body: made.sipOffer, type: SDP });
    expect(await phone.send(flow, invite.wire)).toEqual({ ok: true });
    expect(await media.answer({ ...call, sipAnswer: theirs(40_000) })).toMatchObject({ ok: false, status: 500 });
    const arrived = await server.next('the INVITE');
    const body = { type: SDP, content: theirs(40_000) };
    arrived.reply(buildResponse(asRequest(arrived.message), 200, { toTag: 'x', body }).wire);
    await phone.next('the 200');
    expect(await media.answer({ ...call, sipAnswer: theirs(40_002) })).toMatchObject({ ok: false, status: 500 });
    expect(await media.answer({ ...call, sipAnswer: theirs(40_000) })).toMatchObject({ ok: true });
  });

  it('cannot be smuggled in by a message of our own: what leaves was written by the gateway for this call', async () => {
    const made = await phone.service.handlers.media.offer({ ...call, webrtcOffer });
    if (!made.ok) throw new Error(made.reason);
    const types = [SDP, 'Application/SDP', `${SDP};charset=utf-8`];
    for (const type of types) {
      const own = request(flow, { method: 'INVITE', callId: 'call', body: theirs(40_000), type });
      expect(await phone.send(flow, own.wire)).toMatchObject({ ok: false, reason: expect.stringMatching(/\.$/) });
    }
    const elsewhere = request(flow, { method: 'INVITE', callId: 'other', body: made.sipOffer, type: SDP });
    expect(await phone.send(flow, elsewhere.wire)).toMatchObject({ ok: false });
    // Sent twice, as a message is that gets no answer.
    const invite = request(flow, { method: 'INVITE', callId: 'call', body: made.sipOffer, type: SDP });
    for (let i = 0; i < 2; i++) expect(await phone.send(flow, invite.wire)).toEqual({ ok: true });
    await server.next('the INVITE');
    await server.next('the INVITE again');
    expect(server.arrivals).toEqual([]);
  });

  describe('as candidates tell that come later', () => {
    const CANDIDATES = 'application/trickle-ice-sdpfrag';
    const ICE = `a=mid:0\r\na=ice-options:trickle\r\na=ice-ufrag:abcd\r\na=ice-pwd:${'p'.repeat(22)}\r\n`;
    const fragment = (port: number): string =>
      `a=ice-pwd:${'p'.repeat(22)}\r\na=ice-ufrag:abcd\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\n` +
      `a=candidate:1 1 UDP 1 127.0.0.1 ${port} typ host\r\n`;
    const remotes = async (): Promise<number[]> =>
      (await phone.service.handlers.media.stats(call))?.ice?.remote.map(({ port }) => port) ?? [];

    const answered = async (): Promise<void> => {
      const offer = `${theirs(9).replace('c=IN IP4 127.0.0.1', 'c=IN IP4 0.0.0.0')}${ICE}`;
      await hear('call', offer);
      const made = await phone.service.handlers.media.accept({ ...call, webrtcOffer, sipOffer: offer, trickles: true });
      expect(made).toMatchObject({ ok: true });
    };

    it('is where those that came in the call say, and no others', async () => {
      await answered();
      const { media } = phone.service.handlers;
      await hear('call', fragment(40_001), CANDIDATES);
      await hear('other', fragment(40_002), CANDIDATES);
      await hear('call', fragment(40_003), 'text/plain');
      await hear('call', fragment(40_004));
      for (let port = 40_001; port <= 40_005; port++) await media.hear({ ...call, fragment: fragment(port) });
      await media.hear({ ...call, callId: 'other', fragment: fragment(40_001) });
      expect(await remotes()).toEqual([40_001]);
    });

    it('pushes out no description, however many come', async () => {
      await hear('call', theirs(40_000));
      for (let i = 0; i < 100; i++) await hear('call', fragment(1_000 + i), CANDIDATES);
      expect(await accept(theirs(40_000))).toMatchObject({ ok: true });
    });

    it('is told others only as the gateway wrote it, in this call', async () => {
      await answered();
      const inform = (body: string, callId = 'call', type = CANDIDATES) =>
        phone.send(flow, request(flow, { method: 'INFO', toTag: 'x', callId, body, type }).wire);
      const [written = ''] = phone.told;
      expect(written).toContain('a=candidate:');
      expect(await inform(written)).toEqual({ ok: true });
      await server.next('the INFO');
      for (const type of [CANDIDATES, 'Application/Trickle-ICE-sdpfrag ; x=y']) {
        expect(await inform(fragment(40_001), 'call', type)).toMatchObject({ ok: false });
      }
      expect(await inform(written, 'other')).toMatchObject({ ok: false });
      expect(await inform(written.replace('candidate', 'Candidate'))).toMatchObject({ ok: false });
    });
  });
});
