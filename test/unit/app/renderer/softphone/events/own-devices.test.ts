/** The other devices of the user, as a registrar tells of them, well or badly. */
import { describe, expect, it } from 'vitest';
import { buildRequest } from '../../../../../../proxy-core/sip/message/build.ts';
import type { SipRequest } from '../../../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../../../proxy-core/sip/message/names.ts';
import { settle, World } from '../phone-world.ts';
import { type Talk, talkTo } from '../talks.ts';

const contact = (id: number, label: string, host = '192.0.2.7', more = '', state = 'active') =>
  `<contact id="${id}" state="${state}" event="registered"><uri>sip:1001@${host}:5060</uri>${more}` +
  `<device xmlns="tag:tandem.invalid,2026:device" ${label}/></contact>`;
const instance = (urn: string) => `<unknown-param name="+sip.instance">"&lt;${urn}&gt;"</unknown-param>`;

/** Registered at a server that names `events`, and in a call. */
async function talking(events: string): Promise<{ world: World; talk: Talk; own: string }> {
  const world = new World();
  const register = await world.request('REGISTER');
  const own = register.header(H.Contact) ?? '';
  world.reply(register, 200, {
    headers: [
      [H.Contact, `${own};expires=3600`],
      [H.AllowEvents, events],
    ],
  });
  await settle();
  await world.nothing();
  return { world, talk: await talkTo(world), own };
}

async function asked() {
  const { world, talk, own } = await talking('presence, reg');
  const subscribe = await world.nextRequest('SUBSCRIBE');
  expect([subscribe.header(H.Event), subscribe.header(H.Accept)]).toEqual(['reg', 'application/reginfo+xml']);
  world.reply(subscribe, 200, {
    toTag: 'server',
    headers: [
      [H.Expires, '600'],
      [H.Contact, '<sip:notifier@127.0.0.1:5070>'],
    ],
  });
  const tell = async (contacts: string, version: number, state = 'full') => {
    notify(
      world,
      subscribe,
      `<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="${version}" state="${state}">` +
        `<registration aor="sip:1001@x" id="r" state="active">${contacts}</registration></reginfo>`,
    );
    await world.nextResponse(200);
    await settle();
  };
  return { world, talk, own, subscribe, tell };
}

function notify(world: World, subscribe: SipRequest, content: string): void {
  const { wire } = buildRequest({
    ...{ method: 'NOTIFY', uri: 'sip:1001@127.0.0.1:6000', callId: subscribe.callId, cseq: world.nextCseq() },
    via: `SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKn${world.nextCseq()};rport`,
    from: '<sip:1001@127.0.0.1>;tag=server',
    to: subscribe.from.toString(),
    headers: [
      [H.Contact, '<sip:notifier@127.0.0.1:5070>'],
      [H.Event, 'reg'],
      [H.SubscriptionState, 'active;expires=600'],
    ],
    body: { type: 'application/reginfo+xml', content },
  });
  world.receive(wire);
}

const names = (world: World) => world.news.devices?.[0]?.devices.map(({ name }) => name);

describe("the user's other devices", () => {
  it('are asked for where the registrar tells of them, as long as there is a call', async () => {
    const { world, talk, subscribe, tell } = await asked();
    await tell(contact(1, 'label="Kitchen"'), 0);
    expect(world.news.devices).toEqual([
      { accountId: 'acc-1', devices: [{ id: 'sip:1001@192.0.2.7:5060', name: 'Kitchen' }] },
    ]);
    world.inDialog('BYE', talk.dialog);
    await world.nextResponse(200);
    expect((await world.nextRequest('SUBSCRIBE', subscribe.callId)).header(H.Expires)).toBe('0');
    expect(world.news.devices).toEqual([]);
  });

  it('are not asked for elsewhere', async () => {
    const { world } = await talking('presence, register');
    await world.nothing();
    expect(world.news.devices).toEqual([]);
  });

  it('are all but this one, and one each, however many connections they have', async () => {
    const { world, own, tell } = await asked();
    const here = /<(urn:uuid:[^>]+)>/.exec(own)?.[1] ?? '';
    await tell(
      contact(1, 'label="Here"', '192.0.2.1', instance(here)) +
        contact(2, 'label="Desk"', '192.0.2.2', instance('urn:uuid:d')) +
        contact(3, 'label="Desk"', '192.0.2.3', instance('urn:uuid:d')) +
        '<contact id="4" state="active"><uri>sip:1001@127.0.0.1:6000</uri></contact>',
      0,
    );
    expect(names(world)).toEqual(['Desk']);
  });

  it('are told apart by where they stand where their names are the same', async () => {
    const { world, tell } = await asked();
    const snom = 'program="snomD785/10.1.175"';
    await tell(
      contact(1, snom) +
        contact(2, snom, '192.0.2.8') +
        contact(3, 'program="Tandem (kitchen-pc)"', '192.0.2.9') +
        contact(4, '', '192.0.2.10'),
      0,
    );
    expect(names(world)).toEqual(['snomD785 (192.0.2.7)', 'snomD785 (192.0.2.8)', 'Tandem (kitchen-pc)', '192.0.2.10']);
  });

  it('come and go by what is told in its turn; what is missing is asked for', async () => {
    const { world, subscribe, tell } = await asked();
    await tell(contact(1, 'label="A"'), 4);
    await tell(contact(2, 'label="B"', '192.0.2.8'), 5, 'partial');
    expect(names(world)).toEqual(['A', 'B']);
    await tell(contact(1, 'label="A"', '192.0.2.7', '', 'terminated'), 6, 'partial');
    expect(names(world)).toEqual(['B']);
    // Told before, and late.
    await tell(contact(1, 'label="A"'), 5, 'partial');
    expect(names(world)).toEqual(['B']);
    await tell(contact(3, 'label="C"', '192.0.2.9'), 9, 'partial');
    expect((await world.nextRequest('SUBSCRIBE', subscribe.callId)).to.tag).toBe('server');
    await tell(contact(3, 'label="C"', '192.0.2.9'), 10);
    expect(names(world)).toEqual(['C']);
  });

  it('are as many as can be chosen from, whatever is told', async () => {
    const { world, subscribe, tell } = await asked();
    const many = (from: number) =>
      Array.from({ length: 60 }, (_, i) => contact(from + i, `label="${from + i}"`, `192.0.2.${from + i}`)).join('');
    await tell(many(0), 0);
    expect(names(world)).toHaveLength(16);
    // Together too many: all of it is asked for anew.
    await tell(many(100), 1, 'partial');
    await world.nextRequest('SUBSCRIBE', subscribe.callId);
    expect(names(world)).toEqual([]);
  });

  it('are unknown as long as what is told cannot be read', async () => {
    const { world, subscribe, tell } = await asked();
    await tell(contact(1, 'label="A"'), 0);
    notify(world, subscribe, '<reginfo');
    await world.nextResponse(200);
    await settle();
    expect(world.news.devices).toEqual([]);
  });
});
