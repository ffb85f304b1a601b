/** Everybody of the office, as the exchange tells a phone of ours: whole, in pieces, as changes, and not at all. */
import { describe, expect, it } from 'vitest';
import {
  COLLEAGUES,
  type ColleagueState,
  colleaguesText,
  colleagueText,
  OFFICE_EVENT,
} from '../../../../../../proxy-core/sip/bodies/colleagues.ts';
import { buildRequest } from '../../../../../../proxy-core/sip/message/build.ts';
import type { SipRequest } from '../../../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../../../proxy-core/sip/message/names.ts';
import { settle, World } from '../phone-world.ts';

type One = readonly [number: string, name: string, state: ColleagueState];
interface Told {
  readonly version: number;
  readonly isFull?: boolean;
  readonly hasMore?: boolean;
  readonly gone?: readonly string[];
}

const CONTACT = [H.Contact, '<sip:notifier@127.0.0.1:5070>'] as const;

/** Signed in at a server of that name; gives its SUBSCRIBE to the office, where there is one. */
async function signedInAt(server: string): Promise<{ world: World; asked: SipRequest[]; office: SipRequest }> {
  const world = new World();
  const register = await world.request('REGISTER');
  world.reply(register, 200, {
    headers: [
      [H.Contact, `${register.header(H.Contact)};expires=3600`],
      [H.Server, server],
    ],
  });
  const sent = await world.pass(100);
  const asked = sent.filter((one): one is SipRequest => one.kind === 'request' && one.method === 'SUBSCRIBE');
  const office = asked.find((one) => one.header(H.Event) === OFFICE_EVENT);
  return { world, asked, office: office as SipRequest };
}

async function told(): Promise<{ world: World; office: SipRequest }> {
  const { world, office } = await signedInAt('Tandem 1.0');
  world.reply(office, 200, { toTag: 'x', headers: [[H.Expires, '3600'], CONTACT] });
  return { world, office };
}

async function notify(world: World, office: SipRequest, told: Told, ...users: readonly One[]): Promise<number> {
  const { isFull = false, hasMore = false, gone = [], version } = told;
  const texts = users.map(([number, name, state]) => colleagueText({ number, name, state }));
  const content = colleaguesText({ version, domain: 'office.internal', isFull, hasMore, gone }, texts);
  world.receive(
    buildRequest({
      ...{ method: 'NOTIFY', uri: 'sip:1001@127.0.0.1:6000', callId: office.callId, cseq: world.nextCseq() },
      via: `SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKn${world.nextCseq()};rport`,
      from: '<sip:127.0.0.1>;tag=x',
      to: office.from.toString(),
      headers: [CONTACT, [H.Event, OFFICE_EVENT], [H.SubscriptionState, 'active;expires=3600']],
      body: { type: COLLEAGUES, content },
    }).wire,
  );
  await settle();
  return (await world.pass(10)).filter((one) => one.kind === 'request' && one.method === 'SUBSCRIBE').length;
}

const officeOf = (world: World) => world.news.offices?.[0];
const peopleOf = (world: World) => officeOf(world)?.people.map(({ number, name }) => `${number} ${name}`);
const lampsOf = (world: World) => Object.fromEntries(officeOf(world)?.lamps ?? []);

describe('the office', () => {
  it('is asked for at an exchange of ours only, of the exchange itself', async () => {
    const { office } = await signedInAt('Tandem 1.0');
    expect([office.uriText, office.header(H.Accept)]).toEqual(['sip:127.0.0.1:5060', COLLEAGUES]);
    const elsewhere = await signedInAt('kamailio (5.6)');
    expect(elsewhere.asked).toEqual([]);
    expect(elsewhere.world.news.offices).toEqual([]);
  });

  it.each([489, 404, 403])('is not asked for again where an older one refuses with %i', async (status) => {
    const { world, office } = await signedInAt('Tandem 0.1');
    world.reply(office, status, { toTag: 'x' });
    const sent = await world.pass(600_000);
    const again = sent.filter((one) => one.kind === 'request' && one.header(H.Event) === OFFICE_EVENT);
    expect(again).toEqual([]);
    expect(world.news.offices).toEqual([]);
  });

  it('is shown with how each is, and follows what changes; who stays the same stays the same list', async () => {
    const { world, office } = await told();
    await notify(world, office, { version: 0, isFull: true }, ['1001', 'Anna', 'available'], ['1002', '', 'offline']);
    expect([peopleOf(world), lampsOf(world)]).toEqual([['1001 Anna', '1002 '], { 1001: 'available', 1002: 'offline' }]);
    const before = officeOf(world);
    await notify(world, office, { version: 1 }, ['1002', '', 'ringing']);
    expect(lampsOf(world)).toEqual({ 1001: 'available', 1002: 'ringing' });
    expect(officeOf(world)?.people).toBe(before?.people);
    await notify(world, office, { version: 2, gone: ['1001'] }, ['1002', 'Ben', 'in-call'], ['1003', 'C', 'unknown']);
    expect([peopleOf(world), lampsOf(world)]).toEqual([['1002 Ben', '1003 C'], { 1002: 'in-call', 1003: 'unknown' }]);
  });

  it('is shown once it is whole, and what was shown stays until it is whole again', async () => {
    const { world, office } = await told();
    await notify(world, office, { version: 0, isFull: true, hasMore: true }, ['1001', 'Anna', 'available']);
    expect(peopleOf(world)).toEqual([]);
    await notify(world, office, { version: 1 }, ['1002', 'Ben', 'available']);
    expect(peopleOf(world)).toEqual(['1001 Anna', '1002 Ben']);
    await notify(world, office, { version: 2, isFull: true, hasMore: true }, ['1002', 'Ben', 'offline']);
    expect([peopleOf(world), lampsOf(world)]).toEqual([
      ['1001 Anna', '1002 Ben'],
      { 1001: 'available', 1002: 'offline' },
    ]);
    await notify(world, office, { version: 3 }, ['1003', 'C', 'offline']);
    expect(peopleOf(world)).toEqual(['1002 Ben', '1003 C']);
  });

  it('is asked for whole again where a piece is missing', async () => {
    const { world, office } = await told();
    await notify(world, office, { version: 0, isFull: true }, ['1001', 'Anna', 'available']);
    expect(await notify(world, office, { version: 2 }, ['1002', 'Ben', 'available'])).toBe(1);
    expect(peopleOf(world)).toEqual(['1001 Anna']);
  });

  it('keeps its names while there is no connection, and says nothing of how they are', async () => {
    const { world, office } = await told();
    await notify(world, office, { version: 0, isFull: true }, ['1001', 'Anna', 'available']);
    world.closeFlow('The connection is gone.');
    await settle();
    expect([peopleOf(world), lampsOf(world)]).toEqual([['1001 Anna'], {}]);
  });
});
