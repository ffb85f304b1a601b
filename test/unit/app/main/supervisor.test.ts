/** A service that ends is started again, ever later; one that is stopped stays away. */
import { describe, expect, it } from 'vitest';
import { type Child, createSupervisor } from '../../../../app/main/supervisor.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

class FakeChild implements Child {
  killed = false;
  #exit: (code: number) => void = () => {};
  onExit(listener: (code: number) => void): void {
    this.#exit = listener;
  }
  kill(): void {
    this.killed = true;
    this.exit(0);
  }
  exit(code: number): void {
    this.#exit(code);
  }
}

function setUp() {
  const clock = new FakeClock();
  const children: FakeChild[] = [];
  const log: string[] = [];
  const supervisor = createSupervisor<FakeChild>({
    fork() {
      const child = new FakeChild();
      children.push(child);
      return child;
    },
    up: (_child, again) => log.push(again ? 'up again' : 'up'),
    down: (code, retryMs) => log.push(`down ${code}, ${retryMs}`),
    after(ms, work) {
      const timer = clock.after(ms, work);
      return () => timer.cancel();
    },
    now: () => clock.now(),
  });
  return { clock, children, log, supervisor, last: () => children.at(-1) as FakeChild };
}

describe('a supervised service', () => {
  it('comes back, later each time, and at last every ten seconds', () => {
    const { clock, children, log, supervisor, last } = setUp();
    supervisor.start();
    const waits = [250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000];
    for (const wait of waits) {
      last().exit(1);
      expect(log.at(-1)).toBe(`down 1, ${wait}`);
      clock.advance(wait - 1);
      expect(supervisor.current).toBeUndefined();
      clock.advance(1);
      expect(log.at(-1)).toBe('up again');
    }
    expect(children).toHaveLength(waits.length + 1);
  });

  it('that ran for long comes back at once', () => {
    const { clock, log, supervisor, last } = setUp();
    supervisor.start();
    for (let n = 0; n < 4; n++) {
      last().exit(1);
      clock.advance(10_000);
    }
    clock.advance(30_000);
    last().exit(1);
    expect(log.at(-1)).toBe('down 1, 250');
  });

  it('started twice runs once', () => {
    const { children, supervisor } = setUp();
    supervisor.start();
    supervisor.start();
    expect(children).toHaveLength(1);
  });

  it('stopped is bidden farewell, killed, and stays away', async () => {
    const { clock, children, log, supervisor, last } = setUp();
    supervisor.start();
    await supervisor.stop(async (child) => log.push(`farewell, killed: ${child.killed}`), 1_000);
    expect(log).toEqual(['up', 'farewell, killed: false']);
    expect(last().killed).toBe(true);
    clock.advance(60_000);
    expect(children).toHaveLength(1);
    expect(clock.waiting).toBe(0);
  });

  it('that does not answer the farewell is killed when its time is over', async () => {
    const { clock, supervisor, last } = setUp();
    supervisor.start();
    const stopped = supervisor.stop(() => new Promise(() => {}), 1_000);
    clock.advance(999);
    expect(last().killed).toBe(false);
    clock.advance(1);
    await stopped;
    expect(last().killed).toBe(true);
  });

  it('whose farewell fails, or that ends during it, is stopped all the same', async () => {
    const one = setUp();
    one.supervisor.start();
    await one.supervisor.stop(() => Promise.reject(new Error('gone')), 1_000);
    expect(one.last().killed).toBe(true);

    const two = setUp();
    two.supervisor.start();
    const stopped = two.supervisor.stop(() => new Promise(() => {}), 1_000);
    two.last().exit(0);
    await stopped;
    expect(two.clock.waiting).toBe(0);
    expect(two.log).toEqual(['up']);
  });

  it('stopped while it is away does not come back', async () => {
    const { clock, children, supervisor, last } = setUp();
    supervisor.start();
    last().exit(1);
    await supervisor.stop(async () => {}, 1_000);
    clock.advance(60_000);
    expect(children).toHaveLength(1);
  });

  it('started again after a stop runs again', async () => {
    const { children, supervisor } = setUp();
    supervisor.start();
    await supervisor.stop(async () => {}, 1_000);
    supervisor.start();
    expect(children).toHaveLength(2);
    expect(supervisor.current).toBe(children[1]);
  });
});
