/** A call and a change of network: what the person sees, what the other side is told, and when it is over. */
import { describe, expect, it } from 'vitest';
import type { SipRequest } from '../../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import { sdp, settle, World } from './phone-world.ts';
import { acceptChange, callOf, type Talk, talkTo } from './talks.ts';

async function talking(options: ConstructorParameters<typeof World>[0] = {}): Promise<{ world: World; talk: Talk }> {
  const world = await World.registered(options);
  return { world, talk: await talkTo(world) };
}

/** The computer got another address. Gives the REGISTER by it. */
async function moved(world: World, host = '127.0.0.9'): Promise<SipRequest> {
  world.localHost = host;
  world.softphone.networkChanged();
  return world.nextRequest('REGISTER');
}

function accepted(world: World, register: SipRequest): void {
  world.reply(register, 200, { headers: [[H.Contact, `<sip:1001@${world.localHost}:6000>;expires=60`]] });
}

const GIVEN_UP = 'The connection was lost and could not be restored within 30 seconds.';

describe('another address', () => {
  it('is told to the other side, by an offer that looks for the way anew, once the server knows of it', async () => {
    const { world, talk } = await talking();
    const before = world.clock.now();
    const register = await moved(world);
    expect(callOf(world, talk.id)).toMatchObject({ state: 'active', reconnecting: before });
    await world.nothing();
    accepted(world, register);
    const reinvite = await acceptChange(world, talk, 'sendrecv');
    expect(reinvite.header(H.Contact)).toContain('127.0.0.9:6000');
    expect(world.media).toContain('gateway offers anew');
    expect(callOf(world, talk.id).reconnecting).toBeUndefined();
    expect(await world.pass(35_000)).not.toContainEqual(expect.objectContaining({ method: 'INVITE' }));
    expect(callOf(world, talk.id).state).toBe('active');
  });

  it('leaves a call on hold on hold', async () => {
    const { world, talk } = await talking();
    world.softphone.hold(talk.id);
    await acceptChange(world, talk, 'recvonly');
    accepted(world, await moved(world));
    const reinvite = await acceptChange(world, talk, 'recvonly');
    expect(reinvite.body).toMatch(/a=sendonly/);
    expect(callOf(world, talk.id)).toMatchObject({ held: true });
    expect(callOf(world, talk.id).reconnecting).toBeUndefined();
  });

  it('is told also where offers are left to the other side', async () => {
    const world = await World.registered({ calls: { lateOffer: true } });
    const made = world.softphone.call('1002');
    if (!made.ok) throw new Error(made.reason);
    const invite = await world.nextRequest('INVITE');
    world.answer(invite, 200, 'late', sdp('late'));
    await world.nextRequest('ACK', invite.callId);
    await settle();
    accepted(world, await moved(world));
    expect((await world.nextRequest('INVITE', invite.callId)).body).not.toBe('');
  });

  it('that the other side cannot take now is told again, after a moment', async () => {
    const { world, talk } = await talking();
    accepted(world, await moved(world));
    world.reply(await world.nextRequest('INVITE', talk.dialog.callId), 503);
    await world.nextRequest('ACK', talk.dialog.callId);
    expect(callOf(world, talk.id).reconnecting).toBeDefined();
    world.clock.advance(2_000);
    await acceptChange(world, talk, 'sendrecv');
    expect(callOf(world, talk.id).reconnecting).toBeUndefined();
  });

  it('that crosses a change of the other side is told after it', async () => {
    const { world, talk } = await talking();
    accepted(world, await moved(world));
    world.reply(await world.nextRequest('INVITE', talk.dialog.callId), 491);
    await world.nextRequest('ACK', talk.dialog.callId);
    await world.pass(1_500);
    world.clock.advance(3_000);
    await acceptChange(world, talk, 'sendrecv');
    expect(world.media.filter((what) => what === 'gateway offers anew')).toHaveLength(2);
    expect(callOf(world, talk.id).reconnecting).toBeUndefined();
  });

  it('ends the call where the other side does not know it any more', async () => {
    const { world, talk } = await talking();
    accepted(world, await moved(world));
    world.reply(await world.nextRequest('INVITE', talk.dialog.callId), 481);
    await settle();
    expect(callOf(world, talk.id)).toMatchObject({
      state: 'ended',
      notice: 'The other side no longer knew this call.',
    });
  });
});

it('another way for sound than the descriptions name is offered to the other side', async () => {
  const { world, talk } = await talking();
  world.stats = { isOfferDue: true };
  world.clock.advance(1_000);
  world.stats = {};
  const reinvite = await acceptChange(world, talk, 'sendrecv');
  expect(reinvite.body).not.toBe('');
  expect(world.media).not.toContain('gateway offers anew');
  expect(callOf(world, talk.id).reconnecting).toBeUndefined();
});

describe('a computer that wakes up where it was', () => {
  it('asks whether the other side is there still, and shows nothing where it is', async () => {
    const { world, talk } = await talking();
    accepted(world, await moved(world, '127.0.0.1'));
    await settle();
    expect(callOf(world, talk.id).reconnecting).toBeUndefined();
    await acceptChange(world, talk, 'sendrecv');
    expect(world.media).toContain('gateway offers anew');
    expect(callOf(world, talk.id)).toMatchObject({ state: 'active' });
    // Only then: not with each registration.
    expect(await world.pass(60_000)).not.toContainEqual(expect.objectContaining({ method: 'INVITE' }));
  });

  it('learns at once that the other side has left, on hold too', async () => {
    const { world, talk } = await talking();
    world.softphone.hold(talk.id);
    await acceptChange(world, talk, 'recvonly');
    accepted(world, await moved(world, '127.0.0.1'));
    world.reply(await world.nextRequest('INVITE', talk.dialog.callId), 481);
    await settle();
    expect(callOf(world, talk.id)).toMatchObject({
      state: 'ended',
      notice: 'The other side no longer knew this call.',
    });
  });
});

describe('a call that cannot be saved', () => {
  it('ends after 30 seconds with the reason, and says goodbye', async () => {
    const { world, talk } = await talking();
    await moved(world);
    await world.pass(29_000);
    expect(callOf(world, talk.id).state).toBe('active');
    const sent = await world.pass(2_000);
    expect(callOf(world, talk.id)).toMatchObject({ state: 'ended', notice: GIVEN_UP });
    expect(callOf(world, talk.id).reconnecting).toBeUndefined();
    expect(sent).toContainEqual(expect.objectContaining({ method: 'BYE' }));
  });

  it('goes on where the other side is heard all the same', async () => {
    const { world, talk } = await talking();
    await moved(world);
    for (let second = 0; second < 31; second++) {
      world.stats = { received: second * 50 };
      await world.pass(1_000);
    }
    expect(callOf(world, talk.id).state).toBe('active');
    expect(callOf(world, talk.id).reconnecting).toBeUndefined();
  });

  it('may be ended by the person meanwhile', async () => {
    const { world, talk } = await talking();
    await moved(world);
    world.softphone.hangUp(talk.id);
    await settle();
    expect(callOf(world, talk.id)).toMatchObject({ state: 'ended' });
    expect(callOf(world, talk.id).notice).toBeUndefined();
    await world.pass(40_000);
  });
});

describe('sound that stops', () => {
  async function silent(): Promise<{ world: World; talk: Talk }> {
    const { world, talk } = await talking();
    await world.pass(2_000);
    world.silence('stopped');
    return { world, talk };
  }

  it('has the other side asked whether it is there still, and the call goes on where it is', async () => {
    const { world, talk } = await silent();
    expect(callOf(world, talk.id).reconnecting).toBe(world.clock.now());
    await acceptChange(world, talk, 'sendrecv');
    expect(callOf(world, talk.id).reconnecting).toBeUndefined();
    expect(callOf(world, talk.id).notice).toBe('No sound arrives from the other side.');
  });

  it('ends a call whose other side is gone', async () => {
    const { world, talk } = await silent();
    await world.pass(31_000);
    expect(callOf(world, talk.id)).toMatchObject({ state: 'ended', notice: GIVEN_UP });
  });

  it('and comes back by itself is no trouble any more', async () => {
    const { world, talk } = await silent();
    world.silence('resumed');
    await settle();
    expect(callOf(world, talk.id).reconnecting).toBeUndefined();
    await world.pass(29_000);
    expect(callOf(world, talk.id).state).toBe('active');
  });

  it('again and again is not asked about without end', async () => {
    const { world, talk } = await talking();
    await world.pass(2_000);
    let asked = 0;
    for (let minute = 0; minute < 20; minute++) {
      world.silence('stopped');
      await settle();
      if (callOf(world, talk.id).reconnecting !== undefined) {
        await acceptChange(world, talk, 'sendrecv');
        asked++;
      }
      world.silence('resumed');
      await world.pass(40_000);
    }
    expect(asked).toBe(6);
  });

  it('on hold is what was wanted', async () => {
    const { world, talk } = await talking();
    await world.pass(2_000);
    world.softphone.hold(talk.id);
    await acceptChange(world, talk, 'recvonly');
    world.silence('stopped');
    await world.nothing();
    expect(callOf(world, talk.id).reconnecting).toBeUndefined();
  });

  it('where ICE lost its way has the way looked for anew', async () => {
    const { world, talk } = await talking();
    world.stats = { ice: { state: 'lost', local: [], remote: [], pairs: [] } };
    world.clock.advance(1_000);
    await acceptChange(world, talk, 'sendrecv');
    expect(world.media).toContain('gateway offers anew');
  });
});
