/** A phone that is registered and in a call, what strangers throw at it, and what must hold after each piece. */
import { expect } from 'vitest';
import { H } from '../../proxy-core/sip/message/names.ts';
import { wholeMessage } from '../fuzz/session.ts';
import { settle, World } from '../unit/app/renderer/softphone/phone-world.ts';
import { answeredFrom, callOf, type Talk } from '../unit/app/renderer/softphone/talks.ts';

/** Answers and rings for one message from outside; more would make the phone a weapon against others. */
const MOST_SENT = 3;

export class HardyPhone {
  readonly world: World;
  readonly talk: Talk;
  /** Each status that it answered a stranger with. */
  readonly said = new Set<number>();
  /** Timers that wait while nothing but registration and call is there. */
  readonly #calm: number;
  #asked = 0;

  private constructor(world: World, talk: Talk) {
    this.world = world;
    this.talk = talk;
    this.#calm = world.clock.waiting;
  }

  static async open(): Promise<HardyPhone> {
    const world = await World.registered({ expires: 7_200, calls: { autoAnswer: 'intercom', transfers: 'always' } });
    const talk = await answeredFrom(world);
    await world.pass(40_000);
    return new HardyPhone(world, talk);
  }

  /** Throws with what does not hold any more. */
  async take(wire: string): Promise<void> {
    const { world } = this;
    world.receive(wire);
    await settle();
    const sent = await world.pass(0);
    for (const one of sent) if (one.kind === 'response') this.said.add(one.status);
    if (sent.length > MOST_SENT) throw new Error(`${sent.length} messages for one`);
    await this.check();
  }

  /** It answers, its call goes on, it is registered, and nothing that it sent is torn. */
  async check(): Promise<void> {
    const { world, talk } = this;
    for (const wire of world.unreadable.splice(0)) {
      // To what cannot be read, the answer names the same sender, call and number (RFC 3261 §8.2.6.2).
      if (!/^SIP\/2\.0 (?:4\d\d|505) /.test(wire)) throw new Error(`it sent what nobody can read: ${wire}`);
      wholeMessage(wire);
    }
    const branch = `z9hG4bKalive${this.#asked++}`;
    world.receive(
      [
        'OPTIONS sip:1001@127.0.0.1:6000 SIP/2.0',
        `Via: SIP/2.0/UDP 127.0.0.1:5060;branch=${branch};rport`,
        'From: <sip:watch@127.0.0.1>;tag=watch',
        'To: <sip:1001@127.0.0.1>',
        `Call-ID: ${branch}`,
        'CSeq: 1 OPTIONS',
        'Max-Forwards: 70',
        'Content-Length: 0',
        '\r\n',
      ].join('\r\n'),
    );
    const answers = await world.pass(0);
    const answer = answers.find(({ via }) => via.branch === branch);
    if (answer?.kind !== 'response' || answer.status !== 200) throw new Error('it does not answer OPTIONS any more');
    if (callOf(world, talk.id).state !== 'active') throw new Error('the call that was on has ended');
    if (world.registration?.state !== 'registered') throw new Error('it is not registered any more');
  }

  /** Whoever rings is sent away. */
  async decline(): Promise<void> {
    for (const { id, state } of this.world.calls) if (state === 'incoming') this.world.softphone.decline(id);
    await settle();
  }

  /** Everything that strangers left behind runs out; the call can still be ended by those who are in it. */
  async comesToRest(): Promise<void> {
    const { world, talk } = this;
    await this.decline();
    await world.pass(200_000);
    expect(world.calls.map(({ id }) => id)).toEqual([talk.id]);
    expect(world.clock.waiting).toBe(this.#calm);
    world.inDialog('BYE', talk.dialog);
    const bye = await world.nextResponse(200);
    expect(bye.header(H.CSeq)).toContain('BYE');
    expect(callOf(world, talk.id).state).toBe('ended');
  }
}
