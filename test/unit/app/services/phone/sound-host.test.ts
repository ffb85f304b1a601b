/** Where sound is wanted while the computer changes its network. */
import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { presentHost, WAITS_MS, waitedFor } from '../../../../../app/services/phone/sound-host.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';

const having = (...addresses: string[]) => {
  const list = addresses.map((address) => ({ address }) as NetworkInterfaceInfo);
  return () => ({ eth0: list });
};

describe('our address', () => {
  const fresh = async () => '192.0.2.9';

  it('is the known one as long as the computer has it', async () => {
    expect(await presentHost('192.0.2.1', fresh, having('192.0.2.7', '192.0.2.1'))).toBe('192.0.2.1');
  });

  it('is the one on the way to the server where the computer has another', async () => {
    expect(await presentHost('192.0.2.1', fresh, having('192.0.2.9'))).toBe('192.0.2.9');
  });

  it('is none where there is no way', async () => {
    const none = () => Promise.reject(new Error('ENETUNREACH'));
    expect(await presentHost('192.0.2.1', none, having())).toBeUndefined();
  });
});

describe('a call that needs one', () => {
  async function pass(clock: FakeClock, ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 100) {
      clock.advance(100);
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  it('gets it once it is there', async () => {
    const clock = new FakeClock();
    let host: string | undefined;
    const found = waitedFor(
      clock,
      async () => host,
      () => false,
    );
    await pass(clock, 3_000);
    host = '192.0.2.9';
    await pass(clock, 300);
    expect(await found).toBe('192.0.2.9');
  });

  it.each([
    ['has waited long enough', WAITS_MS + 500, () => false],
    ['is over', 300, () => true],
  ])('does without where it %s', async (_why, ms, isOver) => {
    const clock = new FakeClock();
    let asked = 0;
    const found = waitedFor(clock, async () => void asked++, isOver);
    await pass(clock, ms);
    expect(await found).toBeUndefined();
    expect(asked).toBeLessThanOrEqual(WAITS_MS / 200 + 1);
  });
});
