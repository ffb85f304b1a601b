/** Both ends of a bridge over one wire: answers, errors, events, and wires that go away. */
import { describe, expect, it } from 'vitest';
import { BridgeError, type Wire } from '../../../../app/shared/derive.ts';
import { deriveClient } from '../../../../app/shared/derive-client.ts';
import { deriveEmitters, serve } from '../../../../app/shared/derive-server.ts';
import { call, event, type Handlers } from '../../../../app/shared/schema.ts';

const schema = {
  sums: { add: call<{ a: number; b: number }, number>(), never: call<void, void>() },
  news: { told: event<string>() },
} as const;

/** Two ends that clone what passes, as real wires do; posting to an end that is cut throws. */
function wires(): { page: Wire; main: Wire; posted: unknown[]; cut(): void } {
  const receivers: Record<'page' | 'main', ((message: unknown) => void) | undefined> = {
    page: undefined,
    main: undefined,
  };
  const posted: unknown[] = [];
  let whole = true;
  const end = (own: 'page' | 'main', other: 'page' | 'main'): Wire => ({
    post(message) {
      if (!whole) throw new Error('the wire is cut');
      const copy = structuredClone(message);
      posted.push(copy);
      queueMicrotask(() => receivers[other]?.(copy));
    },
    receive(receiver) {
      receivers[own] = receiver;
      return () => {
        if (receivers[own] === receiver) receivers[own] = undefined;
      };
    },
  });
  return {
    page: end('page', 'main'),
    main: end('main', 'page'),
    posted,
    cut: () => {
      whole = false;
    },
  };
}

const handlers: Handlers<typeof schema> = {
  sums: { add: ({ a, b }) => a + b, never: () => new Promise(() => {}) },
  news: {},
};

describe('a call', () => {
  it('is answered by its handler', async () => {
    const { page, main } = wires();
    serve(schema, main, handlers);
    const { client } = deriveClient(schema, page);
    expect(await Promise.all([client.sums.add({ a: 1, b: 2 }), client.sums.add({ a: 3, b: 4 })])).toEqual([3, 7]);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('too big');
      },
      'too big',
    ],
    ['rejects', () => Promise.reject(new Error('too small')), 'too small'],
    ['gives what cannot be cloned', () => (() => {}) as unknown as number, /clone/],
  ])('whose handler %s is answered with an error', async (_, add, message) => {
    const { page, main } = wires();
    serve(schema, main, { ...handlers, sums: { ...handlers.sums, add } });
    const answer = deriveClient(schema, page).client.sums.add({ a: 1, b: 2 });
    await expect(answer).rejects.toBeInstanceOf(BridgeError);
    await expect(answer).rejects.toThrow(message);
  });

  it('with what cannot be cloned is rejected', async () => {
    const { client } = deriveClient(schema, wires().page);
    await expect(client.sums.add({ a: (() => {}) as unknown as number, b: 1 })).rejects.toThrow(/clone/);
  });

  it.each(['sums.absent', 'absent.add', 'news.told', 'constructor.name', '__proto__.toString', 7])(
    'to %s, which nobody declared, is answered with an error',
    async (name) => {
      const { page, main } = wires();
      serve(schema, main, handlers);
      const answer = new Promise((resolve) => page.receive(resolve));
      page.post({ kind: 'call', id: 1, name, args: {} });
      expect(await answer).toMatchObject({ id: 1, ok: false, error: expect.stringContaining('no call named') });
    },
  );

  it.each([undefined, null, 'call', 7, [], {}, { kind: 'call' }, { kind: 'call', id: 'x', name: 'sums.add' }])(
    'that is no call (%j) is passed over',
    async (message) => {
      const { page, main, posted } = wires();
      serve(schema, main, handlers);
      const { client } = deriveClient(schema, page);
      page.post(message);
      expect(await client.sums.add({ a: 1, b: 1 })).toBe(2);
      expect(posted).toHaveLength(3);
    },
  );

  it('is not answered twice by an answer that comes twice', async () => {
    const { page, main } = wires();
    const { client } = deriveClient(schema, page);
    main.receive((message) => {
      const { id } = message as { id: number };
      main.post({ kind: 'answer', id, ok: true, value: 1 });
      main.post({ kind: 'answer', id, ok: false, error: 'no' });
      main.post({ kind: 'answer', id: 99, ok: true, value: 2 });
    });
    expect(await client.sums.add({ a: 0, b: 0 })).toBe(1);
  });
});

describe('an event', () => {
  it('reaches every listener until it unsubscribes', async () => {
    const { page, main } = wires();
    const { client } = deriveClient(schema, page);
    const tell = deriveEmitters(schema, main.post);
    const heard: string[] = [];
    const stop = client.news.told((text) => heard.push(`one ${text}`));
    client.news.told((text) => heard.push(`two ${text}`));
    tell.news.told('a');
    await Promise.resolve();
    stop();
    tell.news.told('b');
    await Promise.resolve();
    expect(heard).toEqual(['one a', 'two a', 'two b']);
  });

  it('to nobody is dropped', () => {
    const { main, cut } = wires();
    cut();
    expect(() => deriveEmitters(schema, main.post).news.told('a')).not.toThrow();
  });
});

describe('a wire', () => {
  it('that comes late finds the calls waiting', async () => {
    const link = deriveClient(schema);
    const sum = link.client.sums.add({ a: 1, b: 2 });
    const { page, main } = wires();
    serve(schema, main, handlers);
    link.attach(page);
    expect(await sum).toBe(3);
  });

  it('that is replaced rejects what it did not answer and keeps the listeners', async () => {
    const first = wires();
    serve(schema, first.main, handlers);
    const link = deriveClient(schema, first.page);
    const heard: string[] = [];
    link.client.news.told((text) => heard.push(text));
    const lost = link.client.sums.never();
    const second = wires();
    serve(schema, second.main, handlers);
    link.attach(second.page);
    await expect(lost).rejects.toThrow('replaced');
    deriveEmitters(schema, second.main.post).news.told('still here');
    deriveEmitters(schema, first.main.post).news.told('from the old wire');
    expect(await link.client.sums.add({ a: 2, b: 2 })).toBe(4);
    expect(heard).toEqual(['still here']);
  });

  it('that is closed refuses what was asked and what is asked later', async () => {
    const { page, main } = wires();
    serve(schema, main, handlers);
    const link = deriveClient(schema, page);
    const lost = link.client.sums.never();
    link.close('the service stopped');
    await expect(lost).rejects.toThrow('the service stopped');
    await expect(link.client.sums.add({ a: 1, b: 1 })).rejects.toThrow('the service stopped');
  });

  it('that never comes is waited for by a limited number of calls', async () => {
    const { client } = deriveClient(schema);
    for (let n = 0; n < 1_000; n++) client.sums.never().catch(() => {});
    await expect(client.sums.never()).rejects.toThrow('nobody is there');
  });

  it('without a server is silent after close', async () => {
    const { page, main, posted } = wires();
    serve(schema, main, handlers).close();
    page.post({ kind: 'call', id: 1, name: 'sums.add', args: { a: 1, b: 1 } });
    await Promise.resolve();
    expect(posted).toHaveLength(1);
  });
});
