/** Calls that still ring while the connection of the account ends or becomes another one (RFC 3261 §17.2.1, RFC 5626 §5.3). */
import { describe, expect, it } from 'vitest';
import { editRequest } from '../../../../../proxy-core/sip/message/edit.ts';
import type { SipMessage, SipRequest } from '../../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import { Via } from '../../../../../proxy-core/sip/message/via.ts';
import { sdp, settle, World } from './phone-world.ts';

/** The computer has another address; the registrar takes it. */
async function moves(world: World, to = '127.0.0.9'): Promise<void> {
  world.localHost = to;
  world.softphone.networkChanged();
  await settle();
}

async function accepted(world: World): Promise<void> {
  const register = await world.nextRequest('REGISTER');
  world.reply(register, 200, { headers: [[H.Contact, `${register.header(H.Contact)};expires=60`]] });
  await settle();
}

describe('a call from here that rings', () => {
  async function ringing(world: World): Promise<SipRequest> {
    world.softphone.call('1002');
    const invite = await world.nextRequest('INVITE');
    world.answer(invite, 180, 'ben');
    await settle();
    expect(world.call.state).toBe('ringing');
    return invite;
  }

  it('is sent again by the new connection, and goes on where the server has seen that', async () => {
    const world = await World.registered();
    const invite = await ringing(world);
    await moves(world);
    const again = await world.nextRequest('INVITE');
    expect(again.wire).toBe(invite.wire);
    expect(world.call).toMatchObject({ state: 'ringing', reconnecting: expect.any(Number) });
    world.answer(invite, 180, 'ben');
    await accepted(world);
    expect(world.call.reconnecting).toBeUndefined();
    await world.pass(20_000);
    expect(world.call.state).toBe('ringing');
  });

  it('tells the other side where we are once it has answered', async () => {
    const world = await World.registered();
    const invite = await ringing(world);
    await moves(world);
    await world.nextRequest('INVITE');
    world.answer(invite, 200, 'ben', sdp('theirs'));
    await world.nextRequest('ACK', invite.callId);
    const change = await world.nextRequest('INVITE', invite.callId);
    expect(change.to.tag).toBe('ben');
    expect(change.header(H.Contact)).toContain('@127.0.0.9:');
    expect(world.media).toContain('gateway offers anew');
    world.reply(change, 200, { body: { type: 'application/sdp', content: sdp('changed') } });
    await world.nextRequest('ACK', invite.callId);
    await settle();
    expect(world.call).toMatchObject({ state: 'active' });
    expect(world.call.reconnecting).toBeUndefined();
  });

  it('is given up where the server does not say a word by the new way, and the person is told', async () => {
    const world = await World.registered();
    const invite = await ringing(world);
    await moves(world);
    await world.nextRequest('INVITE');
    const sent = await world.pass(5_500);
    const lines = sent.map((message) => (message.kind === 'request' ? message.method : message.status));
    expect(lines.filter((method) => method === 'INVITE')).toHaveLength(3);
    const cancel = sent.find((message) => message.kind === 'request' && message.method === 'CANCEL');
    expect(cancel?.via.branch).toBe(invite.via.branch);
    expect(world.call).toMatchObject({
      state: 'ended',
      notice: 'The network changed while it rang, and the server did not follow. Call again.',
    });
  });

  it('waits for a connection while there is none, and not without end', async () => {
    const world = await World.registered({ transport: 'TCP' });
    await ringing(world);
    world.openFails = 'The server cannot be reached.';
    world.closeFlow('The connection broke.');
    await settle();
    expect(world.call).toMatchObject({ state: 'ringing', reconnecting: world.clock.now() });
    await world.pass(20_000);
    expect(world.call.state).toBe('ringing');
    await world.pass(10_500);
    expect(world.call).toMatchObject({
      state: 'ended',
      notice: 'The connection was lost while it rang and did not come back within 30 seconds.',
    });
  });

  it('goes on by the other flow at once', async () => {
    const world = new World({ twoWays: true });
    for (const _flow of [1, 2]) {
      const register = await world.request('REGISTER');
      const contact = `${register.header(H.Contact)};expires=60`;
      world.reply(register, 200, {
        headers: [
          [H.Contact, contact],
          [H.Require, 'outbound'],
        ],
      });
      await settle();
    }
    const invite = await ringing(world);
    world.closeFlow('The server closed the connection.');
    expect((await world.nextRequest('INVITE')).wire).toBe(invite.wire);
    world.receive(world.answered(invite, 180, 'ben'), 2);
    await settle();
    expect(world.call.reconnecting).toBeUndefined();
  });

  it('ends by the person, by the way that there is', async () => {
    const world = await World.registered();
    await ringing(world);
    await moves(world);
    await world.nextRequest('INVITE');
    world.softphone.hangUp(world.call.id);
    await world.nextRequest('CANCEL');
    const later = await world.pass(10_000);
    expect(later.filter((message) => message.kind === 'request' && message.method === 'INVITE')).toEqual([]);
    expect(world.call.notice).toBeUndefined();
  });

  describe('and is given up while there is no connection', () => {
    const requests = (sent: readonly SipMessage[], method: string) =>
      sent.filter((message) => message.kind === 'request' && message.method === method);

    /** It rings, the connection breaks, the person hangs up. */
    async function unsaid(): Promise<{ world: World; invite: SipRequest }> {
      const world = await World.registered({ transport: 'TCP' });
      const invite = await ringing(world);
      world.openFails = 'The server cannot be reached.';
      world.closeFlow('The connection broke.');
      await settle();
      world.softphone.hangUp(world.call.id);
      await settle();
      expect([world.call.state, world.call.notice]).toEqual(['ended', undefined]);
      return { world, invite };
    }

    it.each([10_000, 100_000])('stops ringing once there is one again, %i ms later', async (ms) => {
      const { world, invite } = await unsaid();
      expect(await world.pass(ms)).toEqual([]);
      world.openFails = undefined;
      world.softphone.networkChanged();
      const cancel = await world.nextRequest('CANCEL');
      expect([cancel.via.branch, cancel.uriText, cancel.cseq]).toEqual([
        invite.via.branch,
        invite.uriText,
        invite.cseq,
      ]);
      world.reply(cancel, 200);
      world.answer(invite, 487, 'ben');
      await world.nextRequest('ACK', invite.callId);
      const later = await world.pass(40_000);
      expect([...requests(later, 'CANCEL'), ...requests(later, 'INVITE')]).toEqual([]);
      expect(world.calls).toEqual([]);
    });

    it('is taken and ended where it was answered meanwhile', async () => {
      const { world, invite } = await unsaid();
      await world.pass(1_000);
      world.openFails = undefined;
      world.softphone.networkChanged();
      await world.nextRequest('CANCEL');
      world.answer(invite, 200, 'ben', sdp('theirs'));
      await world.nextRequest('ACK', invite.callId);
      await world.nextRequest('BYE', invite.callId);
    });

    it('hears nothing any more after three minutes, when nobody rings', async () => {
      const { world } = await unsaid();
      await world.pass(181_000);
      world.openFails = undefined;
      world.softphone.networkChanged();
      expect(requests(await world.pass(60_000), 'CANCEL')).toEqual([]);
      expect(world.calls).toEqual([]);
    });

    it('is told so again where the connection broke before anybody answered to that', async () => {
      const world = await World.registered({ transport: 'TCP' });
      const invite = await ringing(world);
      world.softphone.hangUp(world.call.id);
      await world.nextRequest('CANCEL');
      world.closeFlow('The connection broke.');
      world.softphone.networkChanged();
      expect((await world.nextRequest('CANCEL')).via.branch).toBe(invite.via.branch);
    });

    it('is told so again where the network refused that, though it seemed to be there', async () => {
      const world = await World.registered();
      const invite = await ringing(world);
      world.sendFails = true;
      world.softphone.hangUp(world.call.id);
      await settle();
      world.sendFails = false;
      const sent = await world.pass(2_500);
      expect(requests(sent, 'CANCEL').map(({ via }) => via.branch)).toContain(invite.via.branch);
    });
  });
});

describe('a call to here that rings', () => {
  const branches = (invite: SipRequest, branch: string): SipRequest =>
    editRequest(invite)
      .replaceFirst(H.Via, new Via('UDP', '127.0.0.1', 5060, `;branch=${branch};rport`).toString())
      .toMessage();

  /** It rings; then the same INVITE comes by another branch. */
  async function comesAgain(
    world: World,
    change: () => Promise<void>,
  ): Promise<{ first: SipRequest; second: SipRequest }> {
    const first = world.invite(sdp('theirs'));
    await world.nextResponse(180);
    await change();
    const second = branches(first, 'z9hG4bKsecond');
    world.receive(second.wire);
    await settle();
    return { first, second };
  }

  it('is taken over by the same INVITE on another connection: the first is over, and one call rings', async () => {
    const world = await World.registered({ transport: 'TCP' });
    const { first, second } = await comesAgain(world, async () => {
      world.clock.advance(10_000);
      world.closeFlow('The server closed the connection.');
      await accepted(world);
    });
    const rings = await world.nextResponse(180);
    expect(rings.via.branch).toBe(second.via.branch);
    expect((await world.nextResponse(482)).via.branch).toBe(first.via.branch);
    expect(world.calls).toHaveLength(1);
    // The CANCEL of the first is late, that of the second counts.
    const cancel = (invite: SipRequest) =>
      world.receive(
        editRequest(invite)
          .remove(H.Contact)
          .toMessage()
          .wire.replace(/^INVITE/, 'CANCEL')
          .replace(/(CSeq: \d+) INVITE/, '$1 CANCEL'),
      );
    cancel(first);
    await world.nextResponse(200);
    expect(world.call.state).toBe('incoming');
    world.softphone.answer(world.call.id);
    const ok = await world.nextResponse(200);
    expect([ok.via.branch, ok.to.tag]).toEqual([second.via.branch, rings.to.tag]);
    expect(world.call.state).toBe('connecting');
  });

  it('by the same connection is a merged request still (482)', async () => {
    const world = await World.registered();
    const { second } = await comesAgain(world, async () => {});
    expect((await world.nextResponse(482)).via.branch).toBe(second.via.branch);
    expect(world.call.state).toBe('incoming');
  });

  it('hears the answer again where that was lost with the connection', async () => {
    const world = await World.registered();
    const first = world.invite(sdp('theirs'));
    await world.nextResponse(180);
    world.softphone.answer(world.call.id);
    const answer = await world.nextResponse(200);
    await moves(world);
    world.receive(branches(first, 'z9hG4bKsecond').wire);
    const again = await world.nextResponse(200);
    expect([again.via.branch, again.to.tag, again.body]).toEqual(['z9hG4bKsecond', answer.to.tag, answer.body]);
    world.inDialog('ACK', {
      ...{ callId: first.callId, cseq: first.cseq, remote: first.from.toString() },
      local: `${first.to.toString()};tag=${answer.to.tag}`,
    });
    const later = await world.pass(8_000);
    expect(later.filter((message) => message.kind === 'response')).toEqual([]);
    expect(world.call.state).toBe('active');
  });

  it('is one call still where its caller had to begin anew', async () => {
    const world = await World.registered();
    const first = world.invite(sdp('theirs'));
    await world.nextResponse(180);
    const wire = branches(first, 'z9hG4bKsecond').wire.replace(/CSeq: \d+/, `CSeq: ${world.nextCseq()}`);
    world.receive(wire);
    expect((await world.nextResponse(180)).via.branch).toBe('z9hG4bKsecond');
    expect(world.calls.map(({ state }) => state)).toEqual(['incoming']);
  });
});
