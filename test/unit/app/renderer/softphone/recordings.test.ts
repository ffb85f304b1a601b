import { expect, it } from 'vitest';
import { createRecordings } from '../../../../../app/renderer/softphone/recordings.ts';
import type { BridgeSchema } from '../../../../../app/shared/bridge.ts';
import type { Client } from '../../../../../app/shared/schema.ts';

type Bridge = Client<BridgeSchema>['recordings'];

it('is idle once every file that was begun is written to its end, whatever came of it', async () => {
  let ids = 0;
  const ends: (() => void)[] = [];
  const bridge: Bridge = {
    begin: async () => ({ ok: true, value: { id: String(++ids), name: 'x.webm' } }),
    write: async () => ({ ok: true, value: undefined }),
    end: ({ id }) =>
      new Promise((resolve, reject) => {
        ends.push(() => (id === '1' ? reject(new Error('gone')) : resolve({ ok: false, reason: 'no' })));
      }),
    show: async () => ({ ok: true, value: undefined }),
    play: async () => ({ ok: true, value: undefined }),
    folder: async () => '',
    chooseFolder: async () => ({ ok: true, value: '' }),
  };
  const recordings = createRecordings(bridge, () => false);
  await recordings.idle();
  for (const who of ['a', 'b']) await recordings.begin({ who });
  const log: string[] = [];
  const idle = recordings.idle().then(() => log.push('idle'));
  const first = recordings.end({ id: '1' }).catch(() => log.push('first failed'));
  const second = recordings.end({ id: '2' }).then(() => log.push('second'));
  ends[0]?.();
  await first;
  expect(log).toEqual(['first failed']);
  ends[1]?.();
  await Promise.all([second, idle]);
  expect([...log].sort()).toEqual(['first failed', 'idle', 'second']);
});
