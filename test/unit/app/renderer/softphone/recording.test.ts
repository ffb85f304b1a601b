import { expect, it } from 'vitest';
import type { RecordingView } from '../../../../../app/renderer/softphone/snapshots.ts';
import { settle, World, type WorldOptions } from './phone-world.ts';
import { callOf, talkTo } from './talks.ts';

async function talking(options: WorldOptions = {}) {
  const world = await World.registered(options);
  const { id } = await talkTo(world);
  const view = (): RecordingView | undefined => callOf(world, id).recording;
  const record = async (on: boolean): Promise<void> => {
    world.softphone.record(id, on);
    await settle();
  };
  const piece = async (...bytes: number[]): Promise<void> => {
    world.tape?.piece(Uint8Array.from(bytes));
    await settle();
  };
  return { world, id, view, record, piece, files: world.recordings };
}

it('is written piece by piece while the call goes on, and checked once it is over', async () => {
  const { world, id, view, record, piece, files } = await talking();
  await record(true);
  expect(view()).toMatchObject({ state: 'on', since: world.clock.now() });
  expect(world.media).toContain('records');
  await piece(1, 2);
  await piece(3);
  expect(files.files).toEqual([{ who: ' 1002', pieces: [1, 2, 3], ended: false }]);
  world.clock.advance(10_000);
  files.seconds = 10;
  world.softphone.hangUp(id);
  await settle();
  expect(callOf(world, id).state).toBe('ended');
  expect(view()).toMatchObject({ state: 'kept', seconds: 10 });
  expect(view()).not.toHaveProperty('fault');
  expect(files.files[0]?.ended).toBe(true);
});

it.each<[string, Partial<{ seconds: number; level: number }>, RegExp]>([
  ['too short', { seconds: 3 }, /only 3 of 10 seconds/],
  ['silent', { seconds: 10, level: 0.001 }, /nothing is to be heard/i],
])('says when it turns out %s', async (_, change, words) => {
  const { world, view, record, files } = await talking();
  await record(true);
  world.clock.advance(10_000);
  Object.assign(files, change);
  await record(false);
  expect(view()).toMatchObject({ state: 'kept', fault: expect.stringMatching(words) });
});

it('says when it cannot be played', async () => {
  const { view, record, files } = await talking();
  Object.assign(files, { loudest: () => Promise.reject(new Error('no Opus')) });
  await record(true);
  await record(false);
  expect(view()).toMatchObject({ state: 'kept', fault: 'Recorded, but it cannot be played.' });
});

it('a full disk is told at once, with what there is of the recording, and the call goes on', async () => {
  const { world, id, view, record, piece, files } = await talking();
  await record(true);
  await piece(1);
  files.full = true;
  await piece(2);
  expect(view()).toMatchObject({ state: 'failed', reason: 'The recording broke off. The disk is full.', id: '0' });
  expect(callOf(world, id).state).toBe('active');
  await piece(3);
  expect(files.files[0]).toMatchObject({ pieces: [1], ended: true });
  files.full = false;
  await record(true);
  expect(view()).toMatchObject({ state: 'on' });
});

it('a folder that cannot be written to is told at once, and the call goes on', async () => {
  const { world, id, view, record, files } = await talking();
  files.refuse = 'Tandem may not write into /nowhere.';
  await record(true);
  expect(view()).toEqual({ state: 'failed', reason: 'Tandem may not write into /nowhere.' });
  expect(callOf(world, id).state).toBe('active');
  expect(world.media).not.toContain('records');
});

it('begins by itself where the account records every call, once, and tells both sides where that is wanted', async () => {
  const world = await World.registered({ calls: { record: true } });
  world.recordings.told = true;
  const { id } = await talkTo(world);
  await settle();
  expect(callOf(world, id).recording).toMatchObject({ state: 'on' });
  expect(world.media).toContain('records and tells');
  world.softphone.record(id, false);
  world.clock.advance(1_000);
  await settle();
  world.clock.advance(1_000);
  await settle();
  expect(callOf(world, id).recording).toMatchObject({ state: 'kept' });
  expect(world.recordings.files).toHaveLength(1);
});

it('ends by itself where the recorder breaks off, and a disk that is too slow ends it too', async () => {
  const one = await talking();
  await one.record(true);
  one.world.tape?.ended('The recording broke off inside this computer.');
  await settle();
  expect(one.view()).toMatchObject({ state: 'failed', reason: expect.stringMatching(/inside this computer/) });
  const two = await talking();
  await two.record(true);
  Object.assign(two.files, { write: () => new Promise(() => {}) });
  for (let i = 0; i < 31; i++) two.world.tape?.piece(Uint8Array.of(i));
  await settle();
  expect(two.world.media).toContain('stops recording');
  expect(callOf(two.world, two.id).state).toBe('active');
});

it('does not begin before the call is answered', async () => {
  const world = await World.registered();
  const made = world.softphone.call('1002');
  if (!made.ok) throw new Error(made.reason);
  world.softphone.record(made.callId, true);
  await settle();
  expect(world.recordings.files).toEqual([]);
});
