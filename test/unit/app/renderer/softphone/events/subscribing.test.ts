import { describe, expect, it } from 'vitest';
import type { WatchedPerson } from '../../../../../../app/shared/watched-person.ts';
import { MAX_WATCHED } from '../../../../../../app/shared/watched-person.ts';
import { buildRequest, type HeaderLine } from '../../../../../../proxy-core/sip/message/build.ts';
import type { SipRequest } from '../../../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../../../proxy-core/sip/message/names.ts';
import { account, settle, World } from '../phone-world.ts';

const ben: WatchedPerson = { target: '1002', name: 'Ben' };

const pidf = (basic: string, note = '') =>
  `<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:1002@x"><tuple id="a"><status><basic>${basic}</basic>` +
  `</status><note>${note}</note></tuple></presence>`;

const lamp = (version: number, state: 'full' | 'partial', dialogs: string) =>
  `<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="${version}" state="${state}" entity="sip:1002@x">` +
  `${dialogs}</dialog-info>`;
const ringing =
  '<dialog id="1" call-id="c" local-tag="l" remote-tag="r" direction="recipient"><state>early</state>' +
  '<remote><identity>sip:1003@x</identity></remote></dialog>';

interface Told {
  readonly tag?: string;
  readonly state?: string;
  readonly body?: string;
  readonly type?: string;
  readonly cseq?: number;
  readonly event?: string;
  readonly headers?: readonly HeaderLine[];
}

/** A NOTIFY of the notifier that took `subscribe`. */
function notify(world: World, subscribe: SipRequest, told: Told = {}): void {
  const { tag = 'server', state = 'active;expires=600', body, cseq = world.nextCseq(), headers = [] } = told;
  const event = told.event ?? subscribe.header(H.Event) ?? '';
  const type = told.type ?? subscribe.header(H.Accept) ?? '';
  const request = buildRequest({
    ...{ method: 'NOTIFY', uri: 'sip:1001@127.0.0.1:6000', callId: subscribe.callId, cseq },
    via: `SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKn${world.nextCseq()};rport`,
    from: `<sip:1002@127.0.0.1>;tag=${tag}`,
    to: subscribe.from.toString(),
    headers: [[H.Contact, '<sip:notifier@127.0.0.1:5070>'], [H.Event, event], [H.SubscriptionState, state], ...headers],
    body: body === undefined ? undefined : { type, content: body },
  });
  world.receive(request.wire);
}

const accept = (world: World, subscribe: SipRequest, expires = 600, tag = 'server'): void =>
  world.reply(subscribe, 200, {
    toTag: tag,
    headers: [
      [H.Expires, String(expires)],
      [H.Contact, '<sip:notifier@127.0.0.1:5070>'],
    ],
  });

interface Watching {
  readonly world: World;
  readonly presence: SipRequest;
  readonly lamps: SipRequest;
}

/** Signed in, with both SUBSCRIBEs for Ben on their way. */
async function watching(people: readonly WatchedPerson[] = [ben]): Promise<Watching> {
  const world = await World.registered({ accounts: [{ ...account, people }], expires: 3_600 });
  const presence = await world.request('SUBSCRIBE');
  const lamps = await world.request('SUBSCRIBE');
  return { world, presence, lamps };
}

/** The server has none for lamps, so that presence alone is looked at. */
async function watchingPresence(): Promise<Watching> {
  const watched = await watching();
  watched.world.reply(watched.lamps, 489, { toTag: 'x' });
  await settle();
  return watched;
}

const stateOf = (world: World) => world.news.people[0]?.state;

describe('a person who is watched', () => {
  it('is asked for once the account has signed in, and shown as he is told', async () => {
    const { world, presence, lamps } = await watching();
    expect(presence.uriText).toBe('sip:1002@127.0.0.1:5060');
    expect([presence.header(H.Event), presence.header(H.Accept)]).toEqual(['presence', 'application/pidf+xml']);
    expect([lamps.header(H.Event), lamps.header(H.Accept)]).toEqual(['dialog', 'application/dialog-info+xml']);
    expect(presence.header(H.Contact)).toBe('<sip:1001@127.0.0.1:6000>');
    expect(presence.callId).not.toBe(lamps.callId);
    expect(world.news.people).toEqual([
      { accountId: 'acc-1', target: '1002', number: '1002', name: 'Ben', state: 'unknown', note: '' },
    ]);
    accept(world, presence);
    notify(world, presence, { body: pidf('open', 'Back at two') });
    await world.response(200);
    expect(world.news.people[0]).toMatchObject({ state: 'available', note: 'Back at two' });
    accept(world, lamps);
    notify(world, lamps, { body: lamp(0, 'full', ringing) });
    await world.response(200);
    expect(world.news.people[0]).toMatchObject({
      state: 'ringing',
      ringing: {
        caller: '1003',
        target: 'sip:1003@x',
        replaces: { callId: 'c', toTag: 'r', fromTag: 'l', earlyOnly: true },
      },
    });
    notify(world, lamps, { body: lamp(1, 'partial', ringing.replace('early', 'confirmed')) });
    await world.response(200);
    expect(stateOf(world)).toBe('in-call');
    notify(world, lamps, { body: lamp(2, 'partial', ringing.replace('early', 'terminated')) });
    notify(world, presence, { body: pidf('closed') });
    await world.pass(10);
    expect(stateOf(world)).toBe('offline');
  });

  it('is shown also where the NOTIFY comes before the answer, and by its dialog', async () => {
    const { world, presence } = await watchingPresence();
    notify(world, presence, { tag: 'other', body: pidf('open') });
    await world.response(200);
    accept(world, presence, 600, 'not-the-one');
    await settle();
    expect(stateOf(world)).toBe('available');
    const [refresh] = await world.pass(595_000).then((sent) => sent.filter(({ kind }) => kind === 'request'));
    expect(refresh?.to.tag).toBe('other');
  });

  it('is not there where the server has no document of him, and has no calls', async () => {
    const { world, presence, lamps } = await watching();
    for (const one of [presence, lamps]) accept(world, one);
    notify(world, lamps, { body: lamp(0, 'full', ringing) });
    notify(world, presence);
    await world.pass(10);
    expect(stateOf(world)).toBe('ringing');
    notify(world, lamps);
    await world.response(200);
    expect(stateOf(world)).toBe('offline');
  });

  it('is not known before he has allowed it', async () => {
    const { world, presence } = await watchingPresence();
    accept(world, presence);
    notify(world, presence, { state: 'pending;expires=600', body: pidf('closed') });
    await world.response(200);
    expect(world.news.people[0]).toMatchObject({
      state: 'unknown',
      problem: 'The other side has not allowed it yet.',
    });
    notify(world, presence, { body: pidf('open') });
    await world.response(200);
    expect(world.news.people[0]).not.toHaveProperty('problem');
    expect(stateOf(world)).toBe('available');
  });

  it('is called by the account that watches when the call at his phone is picked up', async () => {
    const { world, lamps } = await watching();
    accept(world, lamps);
    notify(world, lamps, { body: lamp(0, 'full', ringing) });
    await world.pass(10);
    const call = world.news.people[0]?.ringing;
    if (call === undefined) throw new Error('nothing rings');
    expect(world.softphone.call(call.target, { replaces: call.replaces })).toMatchObject({ ok: true });
    const invite = await world.nextRequest('INVITE');
    expect(invite.header(H.Replaces)).toBe('c;to-tag=r;from-tag=l;early-only');
    expect(invite.uriText).toBe('sip:1003@x');
  });

  it('is no longer watched when he is taken off the list', async () => {
    const { world, presence, lamps } = await watching();
    for (const one of [presence, lamps]) {
      accept(world, one);
      notify(world, one);
    }
    await world.pass(10);
    world.softphone.setAccounts([{ ...account, people: [] }]);
    const end = await world.request('SUBSCRIBE');
    expect([end.header(H.Expires), end.callId, end.to.tag]).toEqual(['0', presence.callId, 'server']);
    expect(world.news.people).toEqual([]);
    world.reply(end, 200, {});
    notify(world, presence, { state: 'terminated;reason=timeout' });
    await world.nextResponse(200);
    notify(world, presence, { body: pidf('open') });
    await world.nextResponse(481);
  });

  it('is said to be no address where he is none, and only so many are watched', async () => {
    const many = Array.from({ length: MAX_WATCHED + 50 }, (_, i) => ({ target: String(2000 + i), name: '' }));
    const world = await World.registered({
      accounts: [{ ...account, people: [{ target: 'a b', name: '' }, ...many] }],
    });
    expect(world.news.people.length).toBe(MAX_WATCHED);
    expect(world.news.people.find(({ target }) => target === 'a b')?.problem).toBe(
      'a b is not a number or an address.',
    );
    // They come little by little.
    await settle();
    let asked = 0;
    for (let turns = 0; turns < 60 && asked < 2 * (MAX_WATCHED - 1); turns++) {
      const sent = await world.pass(200);
      const fresh = sent.filter((message) => message.kind === 'request' && message.method === 'SUBSCRIBE');
      asked = new Set([...fresh.map(({ callId }) => callId)]).size + asked;
      expect(fresh.length).toBeLessThan(60);
    }
    expect(asked).toBeGreaterThan(0);
  });
});

describe('a subscription', () => {
  it('is refreshed in its dialog before it ends, with its password', async () => {
    const { world, presence } = await watchingPresence();
    world.reply(presence, 401, { headers: [[H.WwwAuthenticate, 'Digest realm="office", nonce="n", qop="auth"']] });
    const again = await world.request('SUBSCRIBE');
    expect(again.cseq).toBe(presence.cseq + 1);
    expect(again.header(H.Authorization)).toContain('nonce="n"');
    accept(world, again, 100);
    notify(world, again, { body: pidf('open'), state: 'active;expires=100' });
    await world.response(200);
    const sent = await world.pass(95_000);
    const refresh = sent.find((message) => message.kind === 'request' && message.method === 'SUBSCRIBE');
    expect(refresh).toMatchObject({ callId: again.callId, cseq: again.cseq + 1 });
    expect(refresh?.kind === 'request' && refresh.uriText).toBe('sip:notifier@127.0.0.1:5070');
    expect(refresh?.to.tag).toBe('server');
    expect(stateOf(world)).toBe('available');
  });

  it('asks for as long as the server wants it (423)', async () => {
    const { world, presence } = await watchingPresence();
    world.reply(presence, 423, { headers: [[H.MinExpires, '1800']] });
    const again = await world.request('SUBSCRIBE');
    expect(again.header(H.Expires)).toBe('1800');
    world.reply(again, 423, { headers: [[H.MinExpires, '60']] });
    await world.nothing();
  });

  it('tells why where the server does not do it (489), and asks again only after signing in anew', async () => {
    const { world, presence } = await watchingPresence();
    world.reply(presence, 489, {});
    await settle();
    expect(world.news.people[0]).toMatchObject({
      state: 'unknown',
      problem: 'The server does not tell this kind of news.',
    });
    const sent = await world.pass(600_000);
    expect(sent.filter((message) => message.kind === 'request' && message.method === 'SUBSCRIBE')).toEqual([]);
  });

  it('waits as long as a busy server asks (503)', async () => {
    const { world, presence } = await watchingPresence();
    world.reply(presence, 503, { headers: [[H.RetryAfter, '40']] });
    await settle();
    expect(world.news.people[0]?.problem).toBe('The server refused to tell of this number (503).');
    expect(await world.pass(39_000)).toEqual([]);
    const [again] = await world.pass(1_500);
    expect(again).toMatchObject({ method: 'SUBSCRIBE' });
    expect(again?.callId).not.toBe(presence.callId);
  });

  it('is made anew where the server has forgotten it (481)', async () => {
    const { world, presence } = await watchingPresence();
    accept(world, presence, 60);
    notify(world, presence, { body: pidf('open'), state: 'active;expires=60' });
    const sent = await world.pass(54_500);
    const refresh = sent.find((message) => message.kind === 'request') as SipRequest;
    world.reply(refresh, 481, {});
    const fresh = await world.request('SUBSCRIBE');
    expect(fresh.to.tag).toBeUndefined();
    expect(fresh.callId).not.toBe(presence.callId);
    // The former dialog is over.
    notify(world, presence, { body: pidf('closed') });
    await world.response(481);
    accept(world, fresh);
    notify(world, fresh, { body: pidf('closed') });
    await world.response(200);
    expect(stateOf(world)).toBe('offline');
  });

  it('is made anew with growing pauses where nobody answers', async () => {
    const { world, presence } = await watchingPresence();
    const at: number[] = [];
    const ids = new Set([presence.callId]);
    for (let seconds = 0; seconds < 300; seconds++) {
      for (const message of await world.pass(1_000)) {
        if (message.kind !== 'request' || message.method !== 'SUBSCRIBE' || ids.has(message.callId)) continue;
        ids.add(message.callId);
        at.push(seconds);
      }
    }
    // 32 s of waiting, then pauses of 2, 4, 8 … s.
    expect(at.length).toBeGreaterThan(3);
    const gaps = at.map((second, i) => second - (at[i - 1] ?? 0));
    expect(gaps.every((gap, i) => i === 0 || gap >= (gaps[i - 1] ?? 0))).toBe(true);
    expect(gaps[0]).toBeGreaterThanOrEqual(33);
  });

  it('is given up where the NOTIFY that belongs to it does not come (Timer N)', async () => {
    const { world, presence } = await watchingPresence();
    accept(world, presence);
    await world.pass(34_000);
    expect(world.news.people[0]?.problem).toBe('The server tells nothing about this number.');
    const [again] = (await world.pass(3_000)).filter(({ kind }) => kind === 'request');
    expect(again?.callId).not.toBe(presence.callId);
  });

  it.each([
    ['deactivated', undefined, 0],
    ['timeout', undefined, 0],
    ['probation', 20, 20],
    ['probation', undefined, 30],
    ['giveup', 15, 15],
    ['giveup', undefined, 300],
    ['something', undefined, 2],
  ])('that ends because of %s (%s s) is made again after %s s', async (reason, retry, seconds) => {
    const { world, presence } = await watchingPresence();
    accept(world, presence);
    notify(world, presence, { body: pidf('open') });
    await world.response(200);
    const after = retry === undefined ? '' : `;retry-after=${retry}`;
    notify(world, presence, { state: `terminated;reason=${reason}${after}` });
    await world.response(200);
    if (seconds > 0)
      expect((await world.pass(seconds * 1_000 - 100)).filter(({ kind }) => kind === 'request')).toEqual([]);
    const sent = seconds === 0 ? [await world.request('SUBSCRIBE')] : await world.pass(seconds * 200 + 1_000);
    const [again] = sent.filter(({ kind }) => kind === 'request');
    expect(again?.callId).not.toBe(presence.callId);
    expect(again?.to.tag).toBeUndefined();
  });

  it.each([
    ['rejected', 'The other side does not want to be watched.'],
    ['noresource', 'The server does not know this number.'],
  ])('that ends because of %s is not made again', async (reason, words) => {
    const { world, presence } = await watchingPresence();
    accept(world, presence);
    notify(world, presence, { state: `terminated;reason=${reason}` });
    await world.pass(900_000);
    expect(world.news.people[0]).toMatchObject({ state: 'unknown', problem: words });
    world.restartService();
    await world.acceptRegistration();
    const sent = await world.pass(5_000);
    const asked = sent.filter((message) => message.kind === 'request' && message.method === 'SUBSCRIBE');
    expect([...new Set(asked.map((message) => message.header(H.Event)))]).toEqual(['dialog']);
  });

  it('that ends as invariant keeps what it told', async () => {
    const { world, presence } = await watchingPresence();
    accept(world, presence);
    notify(world, presence, { state: 'terminated;reason=invariant', body: pidf('open') });
    await world.pass(900_000);
    expect(stateOf(world)).toBe('available');
  });

  it('is not made again at once for ever by a server that ends it each time', async () => {
    const { world, presence } = await watchingPresence();
    let subscribe = presence;
    let count = 0;
    for (let seconds = 0; seconds < 30; seconds++) {
      accept(world, subscribe);
      notify(world, subscribe);
      notify(world, subscribe, { state: 'terminated;reason=deactivated' });
      for (const message of await world.pass(1_000)) {
        if (message.kind !== 'request' || message.method !== 'SUBSCRIBE' || message.callId === subscribe.callId)
          continue;
        subscribe = message;
        count++;
      }
    }
    expect(count).toBeLessThan(6);
  });

  it('is refreshed once the registration comes back, and unknown before', async () => {
    const { world, presence, lamps } = await watching();
    for (const one of [presence, lamps]) {
      accept(world, one);
      notify(world, one, { body: one === presence ? pidf('open') : lamp(0, 'full', '') });
    }
    await world.pass(10);
    expect(stateOf(world)).toBe('available');
    world.openFails = 'The server is away.';
    world.closeFlow('The server closed the connection.');
    await world.pass(10);
    expect(stateOf(world)).toBe('unknown');
    world.openFails = undefined;
    const sent = await world.pass(3_000);
    const register = sent.find((message) => message.kind === 'request' && message.method === 'REGISTER') as SipRequest;
    world.reply(register, 200, { headers: [[H.Contact, `${register.header(H.Contact)};expires=60`]] });
    const refresh = await world.request('SUBSCRIBE');
    expect([refresh.callId, refresh.to.tag]).toEqual([presence.callId, 'server']);
    world.reply(refresh, 481, {});
    const other = await world.request('SUBSCRIBE');
    expect(other.callId).toBe(lamps.callId);
    const fresh = await world.request('SUBSCRIBE');
    expect(fresh.to.tag).toBeUndefined();
  });

  it('has all told again where a partial document is missing, but not without end', async () => {
    const { world, presence, lamps } = await watching();
    world.reply(presence, 489, {});
    accept(world, lamps);
    notify(world, lamps, { body: lamp(0, 'full', '') });
    notify(world, lamps, { body: lamp(5, 'partial', ringing) });
    const refresh = await world.nextRequest('SUBSCRIBE', lamps.callId);
    accept(world, refresh);
    notify(world, lamps, { body: lamp(9, 'partial', ringing) });
    expect((await world.pass(10)).filter(({ kind }) => kind === 'request')).toEqual([]);
    notify(world, lamps, { body: lamp(10, 'full', ringing) });
    await world.nextResponse(200);
    expect(stateOf(world)).toBe('ringing');
  });
});

describe('a NOTIFY', () => {
  const deep = '<a>'.repeat(50_000 / 7) + '</a>'.repeat(50_000 / 7);
  it.each<[string, Told, number]>([
    ['of another event', { event: 'reg' }, 481],
    ['of another id', { event: 'presence;id=7' }, 481],
    ['without a state', { state: ' ' }, 400],
    ['of another type', { type: 'text/html', body: '<b>' }, 415],
    ['that is packed', { body: 'x', headers: [[H.ContentEncoding, 'gzip']] }, 415],
    ['that is too large', { body: 'x'.repeat(40_000) }, 413],
    ['that needs what we lack', { headers: [[H.Require, 'eventlist']] }, 420],
  ])('%s is refused, and changes nothing', async (_, told, status) => {
    const { world, presence } = await watchingPresence();
    accept(world, presence);
    notify(world, presence, { body: pidf('open') });
    await world.response(200);
    notify(world, presence, told);
    await world.response(status);
    expect(stateOf(world)).toBe('available');
  });

  it.each([
    ['no XML', 'hello'],
    ['cut off', pidf('open').slice(0, 80)],
    ['another document', '<html/>'],
    ['with a DOCTYPE', `<!DOCTYPE x [<!ENTITY a "b">]>${pidf('open')}`],
    ['too deep', deep.slice(0, 30_000)],
    ['with too many elements', `<presence xmlns="urn:ietf:params:xml:ns:pidf">${'<tuple/>'.repeat(3_000)}</presence>`],
  ])('with a document that is %s leaves him unknown', async (_, body) => {
    const { world, presence } = await watchingPresence();
    accept(world, presence);
    notify(world, presence, { body });
    await world.response(200);
    expect(stateOf(world)).toBe('unknown');
    notify(world, presence, { body: pidf('open') });
    await world.response(200);
    expect(stateOf(world)).toBe('available');
  });

  it('older than the last is refused, and one of another dialog too', async () => {
    const { world, presence } = await watchingPresence();
    accept(world, presence);
    notify(world, presence, { body: pidf('open'), cseq: 5_000 });
    await world.response(200);
    notify(world, presence, { body: pidf('closed'), cseq: 4_999 });
    await world.response(500);
    notify(world, presence, { body: pidf('closed'), tag: 'second-fork' });
    await world.response(481);
    expect(stateOf(world)).toBe('available');
  });

  it('with more calls than anybody has is not believed', async () => {
    const { world, presence, lamps } = await watching();
    world.reply(presence, 489, {});
    accept(world, lamps);
    const many = Array.from({ length: 65 }, (_, i) => ringing.replace('id="1"', `id="${i}"`)).join('');
    notify(world, lamps, { body: lamp(0, 'full', many) });
    await world.nextResponse(200);
    expect(stateOf(world)).toBe('unknown');
  });
});

describe('the mailbox', () => {
  const summary = (text: string) => ({ type: 'application/simple-message-summary', body: text });

  it('is watched where a number for it is known', async () => {
    const world = await World.registered({ calls: { voicemail: '*97' } });
    const subscribe = await world.request('SUBSCRIBE');
    expect([subscribe.uriText, subscribe.header(H.Event)]).toEqual(['sip:1001@127.0.0.1:5060', 'message-summary']);
    accept(world, subscribe);
    notify(world, subscribe, summary('Messages-Waiting: yes\r\nVoice-Message: 3/2 (1/0)\r\n'));
    await world.response(200);
    expect(world.news.mailboxes).toEqual([{ accountId: 'acc-1', isWaiting: true, fresh: 3, old: 2 }]);
    world.softphone.setAccounts([account]);
    await settle();
    expect(world.news.mailboxes).toEqual([]);
  });

  it('is believed also where nobody has asked, as some servers tell it', async () => {
    const world = await World.registered();
    const unasked = (body: string) =>
      world.receive(
        buildRequest({
          ...{ method: 'NOTIFY', uri: 'sip:1001@127.0.0.1:6000', callId: `u${world.nextCseq()}`, cseq: 1 },
          via: `SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKu${world.nextCseq()}`,
          from: '<sip:pbx@127.0.0.1>;tag=pbx',
          to: '<sip:1001@127.0.0.1>',
          headers: [[H.Event, 'message-summary']],
          body: { type: 'application/simple-message-summary', content: body },
        }).wire,
      );
    unasked('Messages-Waiting: yes\r\n');
    await world.response(200);
    expect(world.news.mailboxes).toEqual([{ accountId: 'acc-1', isWaiting: true, fresh: 0, old: 0 }]);
    unasked('hello');
    await world.response(481);
    unasked('Messages-Waiting: no\r\n');
    await world.response(200);
    expect(world.news.mailboxes[0]?.isWaiting).toBe(false);
  });
});

it('tells the servers that it goes when it signs out', async () => {
  const { world, presence } = await watchingPresence();
  accept(world, presence);
  notify(world, presence);
  await world.response(200);
  world.softphone.setAccounts([]);
  const end = await world.request('SUBSCRIBE');
  expect(end.header(H.Expires)).toBe('0');
  await world.request('REGISTER');
});
