/** Recordings on disk: named here, written piece by piece, read again at their end. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openRecordingFolder } from '../../../../app/main/recording-folder.ts';
import { createRecordings, type Recordings } from '../../../../app/main/recordings.ts';
import { readRecording, UnreadableRecording } from '../../../../app/main/webm.ts';
import { MAX_PIECE } from '../../../../app/shared/recordings.ts';
import { cluster, webmHead } from '../../../support/webm.ts';

let folder: string;
let ids = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-recordings-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const end of begun.splice(0)) await end();
  rmSync(folder, { recursive: true, force: true });
});

const AT = new Date(2030, 0, 5, 9, 7, 3);
const begun: (() => Promise<unknown>)[] = [];
function recordings(into = join(folder, 'calls')): Recordings {
  const all = createRecordings({ folder: () => into, newId: () => `r${++ids}`, now: () => AT });
  return {
    ...all,
    async begin(args) {
      const outcome = await all.begin(args);
      if (outcome.ok) begun.push(() => all.end(outcome.value));
      return outcome;
    },
  };
}
const taken = <T>(outcome: { ok: true; value: T } | { ok: false; reason: string }): T => {
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.value;
};

describe('a recording', () => {
  it('is on disk as it comes, for its owner only, and is read again at its end', async () => {
    const all = recordings();
    const { id, name } = taken(await all.begin({ who: 'Jana Dvořáková 1002' }));
    expect(name).toBe('2030-01-05 09.07.03 Jana Dvořáková 1002.webm');
    const path = join(folder, 'calls', name);
    taken(await all.write({ id, data: webmHead }));
    taken(await all.write({ id, data: cluster(0, 17) }));
    expect(readFileSync(path)).toEqual(Buffer.concat([webmHead, cluster(0, 17)]));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    // Two at once keep their order.
    await Promise.all([all.write({ id, data: cluster(1_020, 17) }), all.write({ id, data: cluster(2_040, 17) })]);
    const facts = taken(await all.end({ id }));
    expect(facts).toMatchObject({ seconds: 3, bytes: statSync(path).size });
    expect(facts.excerpts).toHaveLength(3);
    expect(all.pathOf(id)).toBe(path);
    expect(await all.write({ id, data: webmHead })).toMatchObject({ ok: false });
  });

  it.each([
    ['../../etc/passwd', 'etc passwd'],
    ['a/b\\c:d*e?"<f>|\u0000\n', 'a b c d e f'],
    ['...', ''],
    ['x'.repeat(200), 'x'.repeat(60)],
  ])('of %j has a name that stays in its folder', async (who, part) => {
    const { name } = taken(await recordings().begin({ who }));
    expect(name).toBe(`2030-01-05 09.07.03${part === '' ? '' : ` ${part}`}.webm`);
    expect(readdirSync(join(folder, 'calls'))).toEqual([name]);
  });

  it('never takes the place of another', async () => {
    const all = recordings();
    const names = [];
    for (let i = 0; i < 3; i++) names.push(taken(await all.begin({ who: '1002' })).name);
    expect(names.map((name) => name.slice(20))).toEqual(['1002.webm', '1002 (2).webm', '1002 (3).webm']);
  });

  it('is refused where its folder cannot be written to, and no more are open than there can be calls', async () => {
    writeFileSync(join(folder, 'calls'), 'in the way');
    expect(await recordings().begin({ who: '1' })).toEqual({
      ok: false,
      reason: `${join(folder, 'calls')} is no folder.`,
    });
    const all = recordings(join(folder, 'many'));
    for (let i = 0; i < 16; i++) taken(await all.begin({ who: '1' }));
    expect(await all.begin({ who: '1' })).toMatchObject({ ok: false, reason: expect.stringMatching(/too many/) });
  });

  it('is closed with what is in it once the disk is full', async () => {
    const all = recordings();
    const { id, name } = taken(await all.begin({ who: '1' }));
    taken(await all.write({ id, data: Buffer.concat([webmHead, cluster(0, 17)]) }));
    const file = await open(join(folder, 'calls', name));
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    vi.spyOn(Object.getPrototypeOf(file), 'appendFile').mockRejectedValue(full);
    expect(await all.write({ id, data: cluster(1_020, 17) })).toEqual({ ok: false, reason: 'The disk is full.' });
    expect((await readRecording(file)).seconds).toBeCloseTo(0.96);
    await file.close();
  });

  it.each([
    ['a text', 'x'],
    ['no bytes', undefined],
    ['more than a piece', new Uint8Array(MAX_PIECE + 1)],
  ])('takes %s for no piece', async (_, data) => {
    const all = recordings();
    const { id } = taken(await all.begin({ who: '1' }));
    expect(await all.write({ id, data: data as Uint8Array })).toMatchObject({ ok: false });
    expect(await all.write({ id: 'none', data: webmHead })).toMatchObject({ ok: false });
  });

  it('that a fallen page left open is closed, and what is in it can be played', async () => {
    const all = recordings();
    const { id, name } = taken(await all.begin({ who: '1' }));
    taken(await all.write({ id, data: Buffer.concat([webmHead, cluster(0, 17)]) }));
    await all.windowChanged();
    expect(await all.write({ id, data: cluster(1_020, 17) })).toMatchObject({ ok: false });
    const file = await open(join(folder, 'calls', name));
    expect((await readRecording(file)).seconds).toBeCloseTo(0.96);
    await file.close();
  });

  it('into which nothing came leaves no file', async () => {
    const all = recordings();
    const { id } = taken(await all.begin({ who: '1' }));
    expect(await all.end({ id })).toMatchObject({ ok: false, reason: expect.stringMatching(/nothing in it/) });
    expect(readdirSync(join(folder, 'calls'))).toEqual([]);
  });
});

describe('what was recorded', () => {
  const read = async (...parts: readonly Buffer[]) => {
    const path = join(folder, 'x.webm');
    writeFileSync(path, Buffer.concat(parts));
    const file = await open(path);
    try {
      return await readRecording(file);
    } finally {
      await file.close();
    }
  };

  it('lasts from its first block to its last; one that was cut off in a crash does not count', async () => {
    expect(await read(webmHead, cluster(500, 10), cluster(1_100, 10))).toMatchObject({ seconds: 1.14 });
    const cut = cluster(1_100, 10);
    expect(await read(webmHead, cluster(500, 10), cut.subarray(0, -5))).toMatchObject({ seconds: 1.08 });
  });

  it('of hours is listened to in few excerpts, each a file of its own', async () => {
    const { seconds, excerpts } = await read(
      webmHead,
      ...Array.from({ length: 4_000 }, (_, i) => cluster(i * 1_020, 17)),
    );
    expect(seconds).toBeCloseTo(4_000 * 1.02 - 0.06);
    expect(excerpts).toHaveLength(12);
    for (const excerpt of excerpts) {
      expect(excerpt.length).toBeLessThan(70_000);
      expect(Buffer.from(excerpt.subarray(0, webmHead.length))).toEqual(webmHead);
      expect([...excerpt.subarray(webmHead.length, webmHead.length + 4)]).toEqual([0x1f, 0x43, 0xb6, 0x75]);
    }
  });

  it.each<[string, Buffer]>([
    ['nothing at all', Buffer.alloc(0)],
    ['another file', Buffer.from('RIFF....WAVE')],
    ['zeros', Buffer.alloc(5_000)],
    ['a head alone', webmHead],
    ['a head and noise', Buffer.concat([webmHead, Buffer.alloc(100, 0x00)])],
  ])('that is %s cannot be read', async (_, data) => {
    await expect(read(data)).rejects.toBeInstanceOf(UnreadableRecording);
  });

  it('never holds the reader up, wherever it is damaged', async () => {
    const whole = Buffer.concat([webmHead, cluster(0, 17), cluster(1_020, 17)]);
    for (let at = 0; at < whole.length; at += 7) {
      const spoilt = Buffer.from(whole);
      spoilt[at] = (spoilt[at] ?? 0) ^ 0xff;
      await read(spoilt).catch((error) => expect(error).toBeInstanceOf(UnreadableRecording));
    }
  });
});

describe('the folder', () => {
  it('is in the profile until another is chosen, which is remembered', async () => {
    let chosen: string | undefined;
    const first = await openRecordingFolder(folder, async () => chosen);
    expect(first.path).toBe(join(folder, 'recordings'));
    expect(await first.choose()).toEqual({ ok: true, value: first.path });
    chosen = join(folder, 'mine');
    expect(await first.choose()).toEqual({ ok: true, value: chosen });
    expect((await openRecordingFolder(folder, async () => undefined)).path).toBe(chosen);
  });

  it('that cannot be used is refused with the reason', async () => {
    writeFileSync(join(folder, 'file'), '');
    const one = await openRecordingFolder(folder, async () => join(folder, 'file'));
    expect(await one.choose()).toMatchObject({ ok: false, reason: expect.stringMatching(/a file is in the way/) });
    mkdirSync(join(folder, 'recordings.json.new', 'x'), { recursive: true });
    const two = await openRecordingFolder(folder, async () => join(folder, 'other'));
    expect(await two.choose()).toMatchObject({ ok: false });
    expect(two.path).toBe(join(folder, 'recordings'));
  });
});
