/** Memory per registered contact at 100,000, after they registered one by one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../../proxy-core/node/store/open.ts';
import { usedHeap } from '../../support/used-heap.ts';
import { registerAll } from '../office.ts';
import type { Row } from '../row.ts';

const COUNT = 100_000;

export const contactMemory: Row = {
  name: 'contact-memory',
  async run({ quick }) {
    const count = quick ? COUNT / 5 : COUNT;
    const dir = mkdtempSync(join(tmpdir(), 'bench-memory-'));
    const store = await openStore({ dataDir: dir, domains: ['127.0.0.1'] });
    try {
      // Not counted: code that is compiled on the way.
      await registerAll(store.location, 2_000);
      const before = usedHeap();
      await registerAll(store.location, 2_000 + count);
      const bytes = (usedHeap() - before) / count;
      const what = `memory per registered contact at ${count.toLocaleString('en-GB')}`;
      return [{ what, unit: 'B', digits: 0, tandem: bytes, must: 1_500, aim: 500 }];
    } finally {
      store.close();
      rmSync(dir, { recursive: true, force: true });
    }
  },
};
