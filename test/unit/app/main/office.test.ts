/** The office's states, whatever its exchange does. */
import { describe, expect, it } from 'vitest';
import { createOffice, type Exchange } from '../../../../app/main/office.ts';
import { checkedUsers } from '../../../../app/main/office-users.ts';
import type { Outcome } from '../../../../app/shared/bridge.ts';
import type { OfficeRunning } from '../../../../app/shared/services.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const running: OfficeRunning = {
  domain: 'office.internal',
  listeners: ['udp://127.0.0.1:5060'],
  server: '127.0.0.1:5060',
};
const done: Outcome = { ok: true, value: undefined };
const settled = () => new Promise((resolve) => setImmediate(resolve));

type Start = () => Promise<Outcome<OfficeRunning>>;

function setUp(starts: Start[]) {
  const clock = new FakeClock();
  const exits: ((code: number) => void)[] = [];
  const states: string[] = [];
  const asked: string[] = [];
  const fork = (): Exchange => {
    let exit: (code: number) => void = () => {};
    exits.push((code) => exit(code));
    return {
      client: {
        office: {
          start: starts.length > 1 ? (starts.shift() as Start) : (starts[0] as Start),
          stop: async () => void asked.push('stop'),
          users: async () => ({ ok: true, value: [] }),
          addUser: async ({ number }) => {
            asked.push(`add ${number}`);
            return done;
          },
          removeUser: () => Promise.reject(new Error('the line is cut')),
          setPassword: async () => done,
        },
      },
      onExit: (listener) => {
        exit = listener;
      },
      kill: () => exit(0),
    };
  };
  const office = createOffice({
    fork,
    dataDir: '/data',
    loopback: true,
    changed: (state) => states.push(state.state),
    after(ms, work) {
      const timer = clock.after(ms, work);
      return () => timer.cancel();
    },
    now: () => clock.now(),
  });
  return { office, clock, states, asked, crash: () => exits.at(-1)?.(1), forks: exits };
}

const works: Start = async () => ({ ok: true, value: running });
const fails: Start = async () => ({ ok: false, reason: 'The disk is full.' });
const hangs: Start = () => new Promise(() => {});

describe('the office', () => {
  it('goes on and off', async () => {
    const { office, states, asked } = setUp([works]);
    expect(await office.start()).toEqual(done);
    expect(office.state).toEqual({ state: 'on', ...running });
    expect(await office.start()).toEqual(done);
    expect(await office.stop()).toEqual(done);
    expect(states).toEqual(['starting', 'on', 'off']);
    expect(asked).toEqual(['stop']);
  });

  it('tells everyone who asked why it did not start, and starts the next time', async () => {
    const { office, states } = setUp([fails, works]);
    const outcomes = await Promise.all([office.start(), office.start()]);
    expect(outcomes).toEqual([
      { ok: false, reason: 'The disk is full.' },
      { ok: false, reason: 'The disk is full.' },
    ]);
    expect(office.state).toEqual({ state: 'failed', reason: 'The disk is full.' });
    await settled();
    expect(await office.start()).toEqual(done);
    expect(states).toEqual(['starting', 'failed', 'starting', 'on']);
  });

  it('comes back when its exchange falls', async () => {
    const { office, states, clock, crash } = setUp([works]);
    await office.start();
    crash();
    expect(office.state.state).toBe('starting');
    expect(await office.users.users()).toEqual({ ok: false, reason: 'The office is not on.' });
    clock.advance(250);
    await settled();
    expect(states).toEqual(['starting', 'on', 'starting', 'on']);
  });

  it('gives an exchange up that falls again and again while starting', async () => {
    const { office, clock, crash, forks } = setUp([hangs]);
    const outcome = office.start();
    await settled();
    for (let n = 0; n < 10; n++) {
      crash();
      clock.advance(10_000);
    }
    expect(await outcome).toMatchObject({ ok: false });
    expect(office.state.state).toBe('failed');
    expect(forks).toHaveLength(6);
  });

  it('can be switched off while it starts', async () => {
    const { office, clock } = setUp([hangs]);
    const outcome = office.start();
    await settled();
    const stopped = office.stop();
    clock.advance(10_000);
    expect(await stopped).toEqual(done);
    expect(await outcome).toMatchObject({ ok: false });
    expect(office.state).toEqual({ state: 'off' });
  });

  it('asks its exchange about users, and says what went wrong', async () => {
    const { office, asked } = setUp([works]);
    expect(await office.users.addUser({ number: '1', name: '', password: 'x' })).toMatchObject({ ok: false });
    await office.start();
    expect(await office.users.addUser({ number: '1', name: '', password: 'x' })).toEqual(done);
    expect(asked).toEqual(['add 1']);
    expect(await office.users.removeUser({ number: '1', domain: 'd' })).toMatchObject({
      ok: false,
      reason: expect.stringContaining('the line is cut'),
    });
  });

  it.each([
    undefined,
    null,
    {},
    { number: 1001, name: '', password: '' },
    { number: '1', name: 'x'.repeat(301), password: '' },
  ])('never hands on what is not a user: %j', async (user) => {
    const { office, asked } = setUp([works]);
    await office.start();
    expect(await checkedUsers(office.users).addUser(user as never)).toMatchObject({ ok: false });
    expect(asked).toEqual([]);
  });
});
