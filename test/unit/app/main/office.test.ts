/** The office's states, whatever its exchange does. */
import { describe, expect, it } from 'vitest';
import { createOffice, type Exchange } from '../../../../app/main/office.ts';
import { checkedQuestions, recordExporter } from '../../../../app/main/office-questions.ts';
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
          ask: async ({ method }) => {
            asked.push(method);
            return method === 'cut' ? Promise.reject(new Error('the line is cut')) : done;
          },
          watch: async () => ({ ok: true, value: 7 }),
          next: async () => ({ ok: true, value: [] }),
          unwatch: async () => done,
          importUsers: async ({ csv }) => ({ ok: true, value: csv.length }),
          exportUsers: async () => ({ ok: true, value: { csv: 'number\r\n', count: 0 } }),
          setWebhook: async () => done,
          forgetPage: async () => void asked.push('forget'),
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
    expect(await office.admin.ask({ method: 'status', params: {} })).toEqual({
      ok: false,
      reason: 'The office is not on.',
    });
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

  it('asks its exchange for the page, and says what went wrong', async () => {
    const { office, asked } = setUp([works]);
    expect(await office.admin.ask({ method: 'status', params: {} })).toMatchObject({ ok: false });
    await office.start();
    expect(await office.admin.ask({ method: 'status', params: {} })).toEqual(done);
    office.forgetPage();
    expect(asked).toEqual(['status', 'forget']);
    expect(await office.admin.ask({ method: 'cut', params: {} })).toMatchObject({
      ok: false,
      reason: expect.stringContaining('the line is cut'),
    });
  });

  it.each([
    undefined,
    null,
    {},
    { method: 'status' },
    { method: 'status', params: null },
    { method: 'x'.repeat(101), params: {} },
    { method: 'status', params: {}, more: 1 },
  ])('never hands on what is not a question: %j', async (question) => {
    const { office, asked } = setUp([works]);
    await office.start();
    const { ask, watch } = checkedQuestions(office.admin);
    expect(await ask(question as never)).toMatchObject({ ok: false });
    expect(await watch(question as never)).toMatchObject({ ok: false });
    expect(asked).toEqual([]);
  });
});

describe('exporting records', () => {
  const pages = [
    { csv: 'head\na\n', count: 1, next: '5' },
    { csv: '', count: 0, next: '9' },
    { csv: 'b\n', count: 1 },
  ];
  const exporter = (file: string | undefined, answers: readonly unknown[] = pages) => {
    const [written, asked]: [[string, string, boolean][], unknown[]] = [[], []];
    const admin = {
      ask: ({ params }: { params: unknown }) => ({ ok: true as const, value: answers[asked.push(params) - 1] }),
    };
    const save = recordExporter(admin, {
      chooseFile: async () => file,
      write: async (...args) => void written.push(args),
    });
    return { save, written, asked };
  };

  it('writes page after page into the file that the person named', async () => {
    const { save, written, asked } = exporter('/home/anna/calls.csv');
    expect(await save({ outcome: 'failed' })).toEqual({ ok: true, value: 2 });
    expect(written.map(([file, text, begin]) => [file, text, begin])).toEqual([
      ['/home/anna/calls.csv', 'head\na\n', true],
      ['/home/anna/calls.csv', '', false],
      ['/home/anna/calls.csv', 'b\n', false],
    ]);
    expect(asked).toEqual([
      { outcome: 'failed', limit: 1_000 },
      { outcome: 'failed', limit: 1_000, after: '5' },
      { outcome: 'failed', limit: 1_000, after: '9' },
    ]);
  });

  it('asks nothing where no file is named, or the page says nothing that can be read', async () => {
    const { save, asked } = exporter(undefined);
    expect(await save({})).toEqual({ ok: true, value: null });
    expect(await save('all' as never)).toMatchObject({ ok: false });
    expect(asked).toEqual([]);
  });
});
