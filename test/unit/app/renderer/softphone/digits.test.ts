import { describe, expect, it } from 'vitest';
import type { DtmfWay } from '../../../../../app/shared/call-settings.ts';
import type { HeaderLine } from '../../../../../proxy-core/sip/message/build.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import { World } from './phone-world.ts';
import { callOf, talkTo } from './talks.ts';

const INFO: readonly HeaderLine[] = [[H.Allow, 'INVITE, ACK, BYE, INFO']];

async function sending(dtmf: DtmfWay, set: (world: World) => void = () => {}, allow = INFO) {
  const world = await World.registered({ calls: { dtmf } });
  set(world);
  const talk = await talkTo(world, '1002', allow);
  // The codec is known from the first report on.
  await world.pass(1_100);
  return { world, talk };
}

const made = (world: World) => world.media.filter((what) => /^(?:digit|tone) /.test(what));

describe('digits', () => {
  it('go by telephone-event where the other side takes it', async () => {
    const { world, talk } = await sending('auto');
    world.softphone.sendDigit(talk.id, '5');
    expect(made(world)).toEqual(['digit 5']);
  });

  it.each(['PCMU', 'PCMA', 'G722'])('go as tones in %s where it takes no events', async (codec) => {
    const { world, talk } = await sending('auto', (one) => {
      one.telephoneEvents = false;
      one.codec = codec;
    });
    world.softphone.sendDigit(talk.id, '#');
    expect(made(world)).toEqual(['tone #']);
    await world.nothing();
  });

  it('go by INFO in a codec that would spoil tones, and as tones where INFO is not taken either', async () => {
    const set = (world: World): void => {
      world.telephoneEvents = false;
      world.codec = 'opus';
    };
    const { world, talk } = await sending('auto', set);
    world.softphone.sendDigit(talk.id, '7');
    expect((await world.request('INFO')).body).toBe('Signal=7\r\nDuration=160\r\n');
    const bare = await sending('auto', set, [[H.Allow, 'INVITE, ACK, BYE']]);
    bare.world.softphone.sendDigit(bare.talk.id, '7');
    expect(made(bare.world)).toEqual(['tone 7']);
  });

  it('go as the account says', async () => {
    const tones = await sending('tones');
    tones.world.softphone.sendDigit(tones.talk.id, '1');
    expect(made(tones.world)).toEqual(['tone 1']);
    const info = await sending('info');
    info.world.softphone.sendDigit(info.talk.id, '*');
    const request = await info.world.request('INFO');
    expect([request.header(H.ContentType), request.body]).toEqual(['application/dtmf', '*']);
    const events = await sending('rtp', (world) => {
      world.telephoneEvents = false;
    });
    events.world.softphone.sendDigit(events.talk.id, '1');
    // Nothing is shown as sent that was not.
    expect(callOf(events.world, events.talk.id).digits).toBe('');
  });

  it('by INFO do not overtake each other, and go on after a refusal', async () => {
    const { world, talk } = await sending('info-relay');
    for (const digit of '123') world.softphone.sendDigit(talk.id, digit);
    for (const digit of '123') {
      const info = await world.request('INFO');
      expect(info.body).toContain(`Signal=${digit}\r\n`);
      await world.nothing();
      world.reply(info, digit === '2' ? 415 : 200);
    }
    await world.nothing();
    expect(callOf(world, talk.id).digits).toBe('123');
  });

  it('by INFO are bounded while nobody answers', async () => {
    const { world, talk } = await sending('info');
    for (let i = 0; i < 200; i++) world.softphone.sendDigit(talk.id, '1');
    expect(callOf(world, talk.id).digits.length).toBeLessThanOrEqual(65);
  });

  it('of the other side by INFO are taken', async () => {
    const { world, talk } = await sending('auto');
    world.inDialog('INFO', talk.dialog, { headers: [] });
    await world.response(200);
    world.inDialog('INFO', talk.dialog, { headers: [['Info-Package', 'x']] });
    await world.response(469);
  });
});
