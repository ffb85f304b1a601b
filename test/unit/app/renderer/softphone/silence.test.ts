/** Silence in both directions, and the cause of it in words. */
import { describe, expect, it } from 'vitest';
import { MicrophoneWatch } from '../../../../../app/renderer/softphone/call/microphone-watch.ts';
import { type SilenceFacts, silenceWords } from '../../../../../app/renderer/softphone/call/silence-words.ts';
import type { SoundLevels } from '../../../../../app/renderer/softphone/media.ts';
import type { IceView, WayFacts } from '../../../../../app/shared/phone-port.ts';
import { settle, World } from './phone-world.ts';
import { callOf, talkTo } from './talks.ts';

const target = { address: '198.51.100.7', port: 4000 };
const way: WayFacts = {
  ...{ target, local: '192.0.2.9', fromWindow: 100, foreign: 0, foreignFrom: null, unreadable: 0 },
  ...{ sendError: '', answer: 'none' },
};
const facts: SilenceFacts = { received: 0, protection: '', ice: null };
const ice = (state: IceView['state']): IceView => ({ state, local: [], remote: [], pairs: [] });

describe('the words', () => {
  it.each<[string, Partial<SilenceFacts>, Partial<WayFacts>, RegExp]>([
    ['no packet', {}, {}, /not one packet came/],
    ['packets that stopped', { received: 80 }, {}, /any more: its packets have stopped/],
    [
      'a closed port',
      {},
      { answer: 'refused' },
      /198\.51\.100\.7 port 4000 refuses ours: that port is closed or blocked/,
    ],
    ['an address that is not reached', {}, { answer: 'unreachable' }, /198\.51\.100\.7 cannot be reached from this/],
    ['a network that is not there', {}, { sendError: 'ENETUNREACH' }, /cannot be reached from this network/],
    ['a firewall here', {}, { sendError: 'EPERM' }, /none goes out: a firewall on this computer/],
    [
      'a wrong address',
      {},
      { foreign: 4, foreignFrom: { address: '203.0.113.5', port: 9 } },
      /arrives from 203\.0\.113\.5 port 9, but the other side said 198\.51\.100\.7 port 4000/,
    ],
    [
      'an address of another network',
      {},
      { target: { address: '10.0.0.5', port: 4000 } },
      /told the address 10\.0\.0\.5, which is known in its own network only/,
    ],
    ['another key', { protection: 'AEAD_AES_128_GCM' }, { unreadable: 9 }, /protected with another key/],
    ['another codec', {}, { unreadable: 9 }, /not in a codec that was agreed on/],
    ['no address at all', {}, { target: null }, /told no address/],
    ['no way by ICE', { ice: ice('failed') }, { target: null }, /routers or firewalls let nothing through/],
  ])('name %s', (_, more, moreOfWay, words) => {
    expect(silenceWords({ ...facts, ...more }, { ...way, ...moreOfWay })).toMatch(words);
  });

  it('blame no network of its own where both sides are in one', () => {
    const together = { ...way, local: '10.0.0.9', target: { address: '10.0.0.5', port: 4000 } };
    expect(silenceWords(facts, together)).toMatch(/not one packet came/);
  });

  it('say no more than is known', () => {
    expect(silenceWords(undefined, undefined)).toBe('No sound arrives from the other side.');
  });
});

describe('the microphone', () => {
  const levels = (energy: number, microphoneMuted = false): SoundLevels => ({
    ...{ microphone: 0, heard: 0, packets: 0 },
    ...{ energy, microphoneMuted },
  });
  const seconds = (watch: MicrophoneWatch, count: number, make: (i: number) => Parameters<MicrophoneWatch['add']>) =>
    Array.from({ length: count }, (_, i) => watch.add(...make(i)));

  it('that gives nothing from the beginning is told within three seconds of looking, and no longer once it is heard', () => {
    const watch = new MicrophoneWatch();
    const told = seconds(watch, 5, (i) => [levels(0), i * 50, true]);
    expect(told).toEqual([undefined, undefined, undefined, 'silent', 'silent']);
    expect(watch.add(levels(1), 300, true)).toBeUndefined();
  });

  it('that was heard may be quiet for longer', () => {
    const watch = new MicrophoneWatch();
    seconds(watch, 3, (i) => [levels(i), i * 50, true]);
    const told = seconds(watch, 20, (i) => [levels(2), 200 + i * 50, true]);
    expect(told.indexOf('silent')).toBe(19);
  });

  it('that is muted by itself is told, and so is sound that does not leave the window', () => {
    expect(seconds(new MicrophoneWatch(), 4, (i) => [levels(i, true), i * 50, true]).at(-1)).toBe('device-muted');
    expect(seconds(new MicrophoneWatch(), 4, (i) => [levels(i), 7, true]).at(-1)).toBe('none-out');
  });

  it('is nobody’s business while the person is muted or holds the call', () => {
    const told = seconds(new MicrophoneWatch(), 30, () => [levels(0, true), 7, false]);
    expect(told.every((fault) => fault === undefined)).toBe(true);
  });
});

describe('on the card', () => {
  const pass = async (world: World, count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      world.clock.advance(1_000);
      await settle();
    }
  };

  it('the cause is named at once where the gateway knows it', async () => {
    const world = await World.registered();
    const { id } = await talkTo(world);
    world.received = 0;
    world.way = { ...way, answer: 'refused' };
    await pass(world, 1);
    world.silence('never');
    await settle();
    expect(callOf(world, id).notice).toMatch(/198\.51\.100\.7 port 4000 refuses ours/);
    world.silence('resumed');
    await settle();
    expect(callOf(world, id).notice).toBeUndefined();
  });

  it.each<[string, 'deviceMuted' | 'silentMicrophone', RegExp]>([
    ['a device that is muted', 'deviceMuted', /cannot hear you: the microphone is muted by a switch/],
    ['a microphone that gives nothing', 'silentMicrophone', /nothing at all is heard from your microphone/i],
  ])('%s is told, not while the person is muted', async (_, what, words) => {
    const world = await World.registered();
    const { id } = await talkTo(world);
    world[what] = true;
    world.softphone.setMuted(id, true);
    await pass(world, 6);
    expect(callOf(world, id).notice).toBeUndefined();
    world.softphone.setMuted(id, false);
    await pass(world, 5);
    expect(callOf(world, id).notice).toMatch(words);
    world[what] = false;
    await pass(world, 2);
    expect(callOf(world, id).notice).toBeUndefined();
  });
});
