import { describe, expect, it } from 'vitest';
import { cpimHeader, cpimPart, parseCpim } from '../../../../../../proxy-core/sip/bodies/cpim.ts';
import { cpimText, imdnBody, readImdn } from '../../../../../../proxy-core/sip/bodies/imdn.ts';
import { readXml } from '../../../../../../proxy-core/sip/bodies/read-xml.ts';
import { toBytes } from '../../../../../../proxy-core/sip/grammar/text.ts';
import { buildRequest, type HeaderLine } from '../../../../../../proxy-core/sip/message/build.ts';
import { H } from '../../../../../../proxy-core/sip/message/names.ts';
import { settle, World } from '../phone-world.ts';

interface Written {
  readonly type?: string;
  readonly body?: string;
  readonly from?: string;
  readonly to?: string;
  readonly callId?: string;
  readonly headers?: readonly HeaderLine[];
}

function write(world: World, written: Written = {}): void {
  const { type = 'text/plain', body = 'Hello', from = '"Bob" <sip:1002@127.0.0.1>', to = '1001' } = written;
  const number = world.nextCseq();
  const request = buildRequest({
    ...{ method: 'MESSAGE', uri: `sip:${to}@127.0.0.1:6000`, callId: written.callId ?? `m${number}`, cseq: 1 },
    via: `SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKm${number};rport`,
    from: `${from};tag=bob`,
    to: '<sip:1001@127.0.0.1>',
    headers: written.headers ?? [],
    body: { type, content: body },
  });
  world.receive(request.wire);
}

const asking = (text: string) =>
  cpimText({ from: 'sip:1002@127.0.0.1', to: 'sip:1001@127.0.0.1', id: 'theirs', now: 0, text });

const ours = { from: 'sip:1001@127.0.0.1:5060', to: 'sip:1002@127.0.0.1:5060', messageId: 'm1' };
const notice = (disposition: 'stored' | 'delivered' | 'failed', messageId = 'm1') =>
  imdnBody({ asked: { ...ours, messageId, wants: new Set() }, disposition, id: 'n', now: 0 });

describe('a message that comes', () => {
  it('is kept, and only then taken', async () => {
    const world = await World.registered();
    write(world, { body: toBytes('Grüße 👋\r\nBob\u0007\r\n'), callId: 'a' });
    await world.response(200);
    expect(world.messages).toEqual([
      {
        ...{ id: 'in 1002 a 1', accountId: 'acc-1', peer: '1002', name: 'Bob', text: 'Grüße 👋\nBob' },
        ...{ at: world.clock.now(), direction: 'in', isRead: false },
      },
    ]);
    world.keeps = false;
    write(world);
    await world.response(480);
  });

  it.each<[string, Written, number]>([
    ['of another kind', { type: 'text/html', body: '<b>' }, 415],
    ['that is packed', { headers: [[H.ContentEncoding, 'gzip']] }, 415],
    ['in letters that nobody knows', { type: 'text/plain; charset=klingon' }, 415],
    ['in an envelope that is none', { type: 'message/cpim', body: 'x' }, 415],
    [
      'in an envelope with a picture',
      { type: 'message/cpim', body: 'From: <a>\r\n\r\nContent-Type: image/png\r\n\r\nx' },
      415,
    ],
    ['without end', { body: 'x'.repeat(20_001) }, 413],
    ['to nobody in particular', { to: '100' }, 404],
    ['from no SIP address', { from: '<tel:+420221>' }, 400],
  ])('%s is refused', async (_, written, status) => {
    const world = await World.registered();
    write(world, written);
    const refusal = await world.response(status);
    if (status === 415) expect(refusal.header(H.Accept)).toBe('text/plain, message/cpim');
    expect(world.messages).toEqual([]);
  });

  it('empty, or of control characters alone, is taken and not shown', async () => {
    const world = await World.registered();
    write(world, { body: ' \u0001\r\n' });
    await world.response(200);
    expect(world.messages).toEqual([]);
  });

  it('in Latin-1 is read as such', async () => {
    const world = await World.registered();
    write(world, { type: 'text/plain; charset=ISO-8859-1', body: 'caf\xe9' });
    await world.response(200);
    expect(world.messages[0]?.text).toBe('café');
  });

  it('from elsewhere is answered there', async () => {
    const world = await World.registered();
    write(world, { from: '<sip:eve@elsewhere.example:5070>' });
    await world.response(200);
    expect(world.messages[0]).toMatchObject({ peer: 'eve@elsewhere.example:5070', name: '' });
  });

  it('is confirmed to who wants to know of its delivery', async () => {
    const world = await World.registered();
    const { type, content } = asking('Hi');
    write(world, { type, body: content });
    await world.response(200);
    expect(world.messages[0]?.text).toBe('Hi');
    const told = await world.request('MESSAGE');
    expect(told.uriText).toBe('sip:1002@127.0.0.1');
    const cpim = parseCpim(told.body);
    if (cpim === undefined) throw new Error('no envelope');
    expect(readImdn(cpim, readXml)).toEqual({ messageId: 'theirs', disposition: 'delivered' });
    world.reply(told, 200, {});
    await world.nothing();
  });

  it('is not confirmed where it could not be kept', async () => {
    const world = await World.registered();
    world.keeps = false;
    const { type, content } = asking('Hi');
    write(world, { type, body: content });
    await world.response(480);
    await world.nothing();
  });

  it('among too many is asked to come later', async () => {
    const world = await World.registered();
    const answers: number[] = [];
    for (let i = 0; i < 210; i++) write(world);
    await settle();
    for (const message of await world.pass(1)) if (message.kind === 'response') answers.push(message.status);
    expect(answers.filter((status) => status === 200).length).toBe(200);
    expect(answers.filter((status) => status === 480).length).toBe(10);
    await world.pass(2_000);
    write(world);
    await world.nextResponse(200);
  });
});

describe('a message that goes', () => {
  const send = (world: World, text = 'Hello', target = '1002') => world.softphone.sendMessage('m1', target, text);

  it('asks to be told of its delivery, and tells what becomes of it', async () => {
    const world = await World.registered();
    expect(send(world, 'Ahoj Žofie')).toEqual({ ok: true, peer: '1002', accountId: 'acc-1' });
    const message = await world.request('MESSAGE');
    expect(message.uriText).toBe('sip:1002@127.0.0.1:5060');
    expect(message.header(H.Contact)).toBeUndefined();
    const cpim = parseCpim(message.body);
    if (cpim === undefined) throw new Error('no envelope');
    expect(cpimHeader(cpim, 'urn:ietf:params:imdn', 'Message-ID')).toBe('m1');
    expect(cpimPart(cpim)).toEqual({ type: 'text/plain', content: toBytes('Ahoj Žofie') });
    world.reply(message, 202, { toTag: 'x' });
    await settle();
    expect(world.fates).toEqual([{ accountId: 'acc-1', id: 'm1', state: 'kept' }]);
    const { type, content } = notice('delivered');
    write(world, { type, body: content });
    await world.response(200);
    expect(world.fates[1]).toEqual({ accountId: 'acc-1', id: 'm1', state: 'delivered' });
    const failed = notice('failed', 'm2');
    write(world, { type: failed.type, body: failed.content });
    await world.response(200);
    expect(world.fates[2]).toEqual({
      ...{ accountId: 'acc-1', id: 'm2', state: 'failed' },
      reason: 'It could not be delivered.',
    });
    expect(world.messages).toEqual([]);
  });

  it('goes as plain text where the envelope is not understood', async () => {
    const world = await World.registered();
    send(world);
    world.reply(await world.request('MESSAGE'), 415, { toTag: 'x' });
    const plain = await world.request('MESSAGE');
    expect([plain.header(H.ContentType), plain.body]).toEqual(['text/plain; charset=UTF-8', 'Hello']);
    world.reply(plain, 200, { toTag: 'x' });
    await settle();
    expect(world.fates).toEqual([{ accountId: 'acc-1', id: 'm1', state: 'sent' }]);
  });

  it('that a phone without envelopes refuses once it is there goes to it again as plain text', async () => {
    const world = await World.registered();
    send(world);
    world.reply(await world.request('MESSAGE'), 202, { toTag: 'x' });
    const { type, content } = notice('failed');
    write(world, { type, body: content });
    await world.response(200);
    const plain = await world.request('MESSAGE');
    expect(plain.body).toBe('Hello');
    world.reply(plain, 200, { toTag: 'x' });
    await settle();
    expect(world.fates.map(({ state }) => state)).toEqual(['kept', 'sent']);
    // Once is enough, and the next one goes so at once.
    write(world, { type, body: content });
    await world.response(200);
    expect(world.fates.at(-1)?.state).toBe('failed');
    world.softphone.sendMessage('m2', '1002', 'Next');
    expect((await world.request('MESSAGE')).body).toBe('Next');
  });

  it('is sent with the password', async () => {
    const world = await World.registered();
    send(world);
    const first = await world.request('MESSAGE');
    world.reply(first, 407, { headers: [[H.ProxyAuthenticate, 'Digest realm="office", nonce="n", qop="auth"']] });
    const second = await world.request('MESSAGE');
    expect([second.cseq, second.callId]).toEqual([first.cseq + 1, first.callId]);
    expect(second.header(H.ProxyAuthorization)).toContain('nonce="n"');
  });

  it.each([
    [404, 'There is no such number: 1002.'],
    [480, '1002 is not available now.'],
    [413, 'The message is too long.'],
    [599, 'The message was refused (599).'],
  ])('that is refused with %s fails with a reason', async (status, reason) => {
    const world = await World.registered();
    send(world);
    world.reply(await world.request('MESSAGE'), status, { toTag: 'x' });
    await settle();
    expect(world.fates).toEqual([{ accountId: 'acc-1', id: 'm1', state: 'failed', reason }]);
  });

  it('fails where nobody answers', async () => {
    const world = await World.registered();
    send(world);
    await world.pass(33_000);
    expect(world.fates).toEqual([
      { accountId: 'acc-1', id: 'm1', state: 'failed', reason: 'The server does not answer.' },
    ]);
  });

  it('to no address does not begin', async () => {
    const world = await World.registered();
    expect(send(world, 'x', 'a b')).toEqual({ ok: false, reason: 'a b is not a number or an address.' });
    await world.nothing();
  });
});

describe('a notice', () => {
  it.each([
    ['of storing', notice('stored').content, 'stored'],
    ['of delivery', notice('delivered').content, 'delivered'],
    ['of failure', notice('failed').content, 'failed'],
    ['that was forbidden', notice('failed').content.replace('<failed/>', '<forbidden/>'), 'failed'],
  ])('%s is read', (_, content, disposition) => {
    const cpim = parseCpim(content);
    expect(cpim && readImdn(cpim, readXml)).toEqual({ messageId: 'm1', disposition });
  });

  it.each([
    ['no XML', '<imdn'],
    ['another document', '<html/>'],
    ['of no message', '<imdn><delivery-notification><status><delivered/></status></delivery-notification></imdn>'],
    [
      'that it was shown',
      '<imdn><message-id>m</message-id><display-notification><status><displayed/></status></display-notification></imdn>',
    ],
  ])('with %s changes nothing', async (_, xml) => {
    const world = await World.registered();
    write(world, {
      type: 'message/cpim',
      body: `From: <sip:1002@x>\r\nTo: <sip:1001@x>\r\n\r\nContent-Type: message/imdn+xml\r\n\r\n${xml}`,
    });
    await world.response(200);
    expect(world.fates).toEqual([]);
    expect(world.messages).toEqual([]);
  });
});
