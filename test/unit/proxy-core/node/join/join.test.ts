import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type JoinCode, readCode } from '../../../../../proxy-core/node/join/code.ts';
import { Conversation, type Door } from '../../../../../proxy-core/node/join/conversation.ts';
import { joinOffice } from '../../../../../proxy-core/node/join/join-office.ts';
import { TestOffice, type TestOfficeOptions } from '../../../../support/exchange.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function office(options: TestOfficeOptions = {}): Promise<TestOffice> {
  const opened = await TestOffice.open({ users: { 1001: 'secret' }, ...options });
  closing.push(() => opened.close());
  return opened;
}

const doorOf = ({ port }: { readonly port: number }): Door => ({ host: '127.0.0.1', port, transport: 'TCP' });

async function invite(
  { handle }: TestOffice,
  hours?: number,
): Promise<{ readonly code: JoinCode; readonly text: string }> {
  const { code: text } = await handle.admin.call('invites.add', { number: '1001', hours });
  const code = readCode(text);
  if (code === undefined) throw new Error(`${text} is no code`);
  return { code, text };
}

/** Another secret under the same name. */
const wrong = ({ id, secret }: JoinCode, at = 0): JoinCode => {
  const number = String(at).padStart(6, '0');
  return { id, secret: number === secret ? '999999' : number };
};

const GUESSES = 1_000;

/** Guesses over one connection without hashing any: how often each answer came. */
async function guess(port: number, id: string, count: number): Promise<Map<number, number>> {
  const conversation = await Conversation.open(
    { host: '127.0.0.1', port, transport: 'TCP' },
    new AbortController().signal,
  );
  closing.push(() => conversation.close());
  const told = new Map<number, number>();
  const nonce = Buffer.alloc(16).toString('base64url');
  for (let at = 0; at < count; at++) {
    const { body } = await conversation.ask('application/json', JSON.stringify({ version: 1, id, nonce }));
    const { attempt, point } = JSON.parse(body) as { attempt: string; point: string };
    const sealed = { data: nonce + nonce, tag: nonce };
    const proof = JSON.stringify({ version: 1, attempt, point, ...sealed });
    const { status } = await conversation.ask('application/json', proof);
    told.set(status, (told.get(status) ?? 0) + 1);
  }
  return told;
}

/** Stands between a phone and an office; `change` sees what goes each way. */
async function between(to: number, change: (bytes: string, isAnswer: boolean) => string): Promise<number> {
  const server: Server = createServer((near: Socket) => {
    const far = connect({ host: '127.0.0.1', port: to });
    near.on('data', (bytes) => far.write(change(bytes.toString('latin1'), false), 'latin1'));
    far.on('data', (bytes) => near.write(change(bytes.toString('latin1'), true), 'latin1'));
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => {});
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return (server.address() as { port: number }).port;
}

describe('joining by a code', () => {
  it('gives a number, a password of a device of its own and the ways, once', async () => {
    const here = await office();
    const { code } = await invite(here);
    const grant = await joinOffice(doorOf(here), code, 'Laptop of Ada');
    expect(grant).toMatchObject({ number: '1001', domain: '127.0.0.1', isDefault: true, device: 'Laptop of Ada' });
    expect(grant.ways).toEqual([
      { transport: 'UDP', port: here.port },
      { transport: 'TCP', port: here.port },
    ]);
    expect(grant.password).toMatch(/^[0-9A-Z]{20}$/);
    const devices = await here.handle.admin.call('devices.list', { number: '1001' });
    expect(devices.items.map(({ label }) => label)).toEqual(['Laptop of Ada']);
    expect((await here.handle.admin.call('invites.list', {})).items).toEqual([]);
    await expect(joinOffice(doorOf(here), code, 'Another')).rejects.toThrow(/does not know this code/);
    const { items } = await here.handle.admin.call('audit.list', { descending: true });
    expect(items.find(({ action }) => action === 'devices.add')).toMatchObject({ by: `code ${code.id}` });
  });

  it('calls a second device of the same name otherwise, and takes a name that is none', async () => {
    const here = await office();
    for (const [given, label] of [
      ['PC', 'PC'],
      ['PC', 'PC 2'],
      ['\n\t ', 'Tandem'],
      ['x'.repeat(200), 'x'.repeat(60)],
    ] as const) {
      expect((await joinOffice(doorOf(here), (await invite(here)).code, given)).device).toBe(label);
    }
  });

  it('keeps no code that could be read, nor lets it cross the wire', async () => {
    const here = await office();
    const { code, text } = await invite(here);
    let wire = '';
    const port = await between(here.port, (bytes) => {
      wire += bytes;
      return bytes;
    });
    const { password } = await joinOffice(doorOf({ port }), code, 'PC');
    expect(wire).toContain(code.id);
    for (const secret of [code.secret, text.slice(4), password, 'secret']) expect(wire).not.toContain(secret);
    const [row] = (await invite(here)).text === '' ? [] : (await here.handle.admin.call('invites.list', {})).items;
    expect(Object.keys(row ?? {}).sort()).toEqual(['attemptsLeft', 'createdAt', 'domain', 'expiresAt', 'id', 'number']);
  });

  it('outlasts a restart, and its attempts too', async () => {
    const here = await office();
    const { code } = await invite(here);
    await expect(joinOffice(doorOf(here), wrong(code), 'PC')).rejects.toThrow(/does not know/);
    await here.stop();
    await here.start();
    expect((await here.handle.admin.call('invites.list', {})).items).toMatchObject([{ id: code.id, attemptsLeft: 4 }]);
    await expect(joinOffice(doorOf(here), code, 'PC')).resolves.toMatchObject({ number: '1001' });
  });

  it('is good for nothing after five wrong ones, and a thousand guesses more find nothing', {
    timeout: 60_000,
  }, async () => {
    const here = await office();
    const { code } = await invite(here);
    for (let at = 0; at < 5; at++) {
      await expect(joinOffice(doorOf(here), wrong(code, at), 'PC')).rejects.toThrow(/does not know/);
    }
    expect((await here.handle.admin.call('invites.list', {})).items).toMatchObject([{ attemptsLeft: 0 }]);
    // From here on the right one is refused as the others are.
    await expect(joinOffice(doorOf(here), code, 'PC')).rejects.toThrow(/does not know/);
    expect(await guess(here.port, code.id, GUESSES)).toEqual(new Map([[403, GUESSES]]));
    expect((await here.handle.admin.call('invites.list', {})).items).toMatchObject([{ attemptsLeft: 0 }]);
    expect((await here.handle.admin.call('devices.list', {})).items).toEqual([]);
  });

  it('bans who guesses on', async () => {
    const here = await office({ trustLoopback: false, guard: { slowAt: 90, banAt: 7.5, forgetMs: 1e12 } });
    const codes = [await invite(here), await invite(here), await invite(here)];
    const told: string[] = [];
    for (let at = 0; at < 15; at++) {
      const guess = wrong(codes[at % 3]?.code ?? { id: '000', secret: '' }, at);
      await joinOffice(doorOf(here), guess, 'PC', 2_000).catch((error: Error) => told.push(error.message));
    }
    expect(told.filter((one) => one.includes('does not know'))).toHaveLength(8);
    expect(told.filter((one) => one.includes('cannot be reached'))).toHaveLength(7);
    expect((await here.handle.admin.call('bans.list', {})).items).toMatchObject([{ reason: '8 wrong passwords' }]);
  });

  it('tells nobody which codes there are', async () => {
    const here = await office();
    const { code } = await invite(here);
    const unknown = { id: code.id === 'AAA' ? 'BBB' : 'AAA', secret: code.secret };
    const answers: string[] = [];
    const port = await between(here.port, (bytes, isAnswer) => {
      if (isAnswer) answers.push(bytes.replace(/^.*\r\n\r\n/s, '').replaceAll(/:"[^"]*"/g, ''));
      return bytes;
    });
    for (const guess of [wrong(code), unknown]) {
      await expect(joinOffice(doorOf({ port }), guess, 'PC')).rejects.toThrow(/does not know/);
    }
    expect(answers).toHaveLength(4);
    expect(answers.slice(0, 2)).toEqual(answers.slice(2));
  });

  it('is good until it is taken back', async () => {
    const here = await office();
    const { code } = await invite(here);
    await here.handle.admin.call('invites.remove', { id: code.id });
    await expect(joinOffice(doorOf(here), code, 'PC')).rejects.toThrow(/does not know/);
  });

  it('is good for the time that was said and no longer, and once; then it is said what to do', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    closing.push(() => vi.useRealTimers());
    const here = await office();
    const [late, inTime] = [await invite(here, 1), await invite(here, 1)];
    const [listed] = (await here.handle.admin.call('invites.list', {})).items;
    expect((listed?.expiresAt ?? 0) - (listed?.createdAt ?? 0)).toBe(3_600_000);
    vi.setSystemTime((listed?.expiresAt ?? 0) - 1);
    await expect(joinOffice(doorOf(here), inTime.code, 'PC')).resolves.toMatchObject({ number: '1001' });
    vi.setSystemTime(Date.now() + 1);
    for (const { code } of [late, inTime]) {
      await expect(joinOffice(doorOf(here), code, 'PC')).rejects.toThrow(
        'The office does not know this code: it was mistyped, or used already, or is too old. ' +
          'Look at it once more, or ask for a new one.',
      );
    }
  });

  it('is not given away to an office that does not know it', async () => {
    const [here, other] = [await office(), await office()];
    const { code } = await invite(here);
    await expect(joinOffice(doorOf(other), code, 'PC')).rejects.toThrow(/does not know/);
    await expect(joinOffice(doorOf(here), code, 'PC')).resolves.toMatchObject({ number: '1001' });
  });

  it('ends where somebody in between changes anything', async () => {
    const here = await office();
    const changes: [of: 'question' | 'answer', field: string][] = [
      ['answer', 'point'],
      ['answer', 'salt'],
      ['answer', 'nonce'],
      ['answer', 'data'],
      ['answer', 'tag'],
      ['question', 'point'],
      ['question', 'data'],
      ['question', 'tag'],
    ];
    for (const [of, field] of changes) {
      const { code } = await invite(here);
      const port = await between(here.port, (bytes, isAnswer) => {
        if (isAnswer !== (of === 'answer')) return bytes;
        return bytes.replace(new RegExp(`"${field}":"(.)`), (whole, first: string) => {
          return whole.slice(0, -1) + (first === 'A' ? 'B' : 'A');
        });
      });
      await expect(joinOffice(doorOf({ port }), code, 'PC'), `${of} ${field}`).rejects.toThrow(
        /does not know|not the office/,
      );
    }
  });

  it('gives nothing for what was overheard', async () => {
    const here = await office();
    const { code } = await invite(here);
    const questions: string[] = [];
    const port = await between(here.port, (bytes, isAnswer) => {
      if (!isAnswer) questions.push(bytes);
      return bytes;
    });
    await joinOffice(doorOf({ port }), code, 'PC');
    const answers: string[] = [];
    const replay = connect({ host: '127.0.0.1', port: here.port });
    closing.push(() => replay.destroy());
    replay.on('data', (bytes) => answers.push(bytes.toString('latin1')));
    for (const [at, question] of questions.entries()) {
      replay.write(question.replace(/branch=z9hG4bK/, `branch=z9hG4bK${at}again`), 'latin1');
      await expect.poll(() => answers.length).toBe(at + 1);
    }
    // The first begins another attempt; the second, asked of the same computer, is what it was, for who has the key.
    expect(answers[0]).toMatch(/^SIP\/2.0 200 /);
    expect((await here.handle.admin.call('devices.list', {})).items).toHaveLength(1);
  });

  it('lets one of two in who come with the same code at once', async () => {
    const here = await office();
    const { code } = await invite(here);
    const both = await Promise.allSettled([1, 2].map(() => joinOffice(doorOf(here), code, 'PC')));
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await here.handle.admin.call('devices.list', {})).items).toHaveLength(1);
  });

  it('tells the same again where the answer was lost', async () => {
    const here = await office();
    const { code } = await invite(here);
    let seen = 0;
    const sockets: Socket[] = [];
    const server = createServer((near) => {
      sockets.push(near);
      const far = connect({ host: '127.0.0.1', port: here.port });
      near.on('error', () => {}).on('close', () => far.destroy());
      near.on('data', (bytes) => far.write(bytes));
      far.on('data', (bytes) => {
        seen += 1;
        if (seen === 2) near.destroy();
        else near.write(bytes);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    const { port } = server.address() as { port: number };
    await expect(joinOffice(doorOf({ port }), code, 'PC')).resolves.toMatchObject({ number: '1001' });
    expect(sockets).toHaveLength(2);
    expect((await here.handle.admin.call('devices.list', {})).items).toHaveLength(1);
  });

  it('has few at the door at one time', async () => {
    const here = await office();
    const { code } = await invite(here);
    const socket = connect({ host: '127.0.0.1', port: here.port });
    closing.push(() => socket.destroy());
    let heard = '';
    socket.on('data', (bytes) => {
      heard += bytes.toString('latin1');
    });
    const body = JSON.stringify({ version: 1, id: code.id, nonce: Buffer.alloc(16).toString('base64url') });
    for (let at = 0; at < 20; at++) {
      socket.write(
        `JOIN sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP x.invalid;branch=z9hG4bK${at}\r\nFrom: <sip:a@b>;tag=1\r\n` +
          `To: <sip:127.0.0.1>\r\nCall-ID: many\r\nCSeq: ${at + 1} JOIN\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
    }
    await expect.poll(() => heard.match(/SIP\/2.0 \d{3}/g)?.length).toBe(20);
    expect(heard.match(/SIP\/2.0 200 /g)).toHaveLength(8);
    expect(heard.match(/SIP\/2.0 503 /g)).toHaveLength(12);
    await expect(joinOffice(doorOf(here), code, 'PC')).rejects.toThrow(/Too many people/);
  });

  it.each([
    ['nothing', ''],
    ['half a JSON', '{'],
    ['a list', '[]'],
    ['too little', '{"version":1}'],
    ['another version', '{"version":2,"id":"AAA","nonce":"AAAAAAAAAAAAAAAAAAAAAA"}'],
    ['too much', `"${'x'.repeat(9_000)}"`],
    ['no text', '\0\xff'],
  ])('refuses %s', async (_, body) => {
    const here = await office();
    const socket = connect({ host: '127.0.0.1', port: here.port });
    closing.push(() => socket.destroy());
    const answered = new Promise<string>((resolve) => socket.once('data', (bytes) => resolve(bytes.toString())));
    socket.write(
      `JOIN sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP x.invalid;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\n` +
        `To: <sip:127.0.0.1>\r\nCall-ID: bad\r\nCSeq: 1 JOIN\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      'latin1',
    );
    expect(await answered).toMatch(/^SIP\/2.0 400 /);
  });

  it('says what is wrong with a server that takes no codes, and with none', async () => {
    const server = createServer((socket) =>
      socket
        .on('error', () => {})
        .resume()
        .end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const code = { id: 'AAA', secret: '000000' };
    await expect(joinOffice(doorOf({ port }), code, 'PC')).rejects.toThrow(/cannot be reached: /);
    await new Promise((resolve) => server.close(resolve));
    await expect(joinOffice(doorOf({ port }), code, 'PC')).rejects.toThrow(/cannot be reached: /);
  });

  it('gives up on a server that says nothing', async () => {
    const server = createServer((socket) => socket.on('error', () => {}));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    const { port } = server.address() as { port: number };
    const asking = joinOffice(doorOf({ port }), { id: 'AAA', secret: '000000' }, 'PC', 100);
    await expect(asking).rejects.toThrow(/did not answer in time/);
  });
});

describe('a code as a person types it', () => {
  const code = { id: 'K7M', secret: '4QP0X1' };
  it.each(['K7M-4QP-0X1', ' k7m 4qp oxi ', 'K7M–4QP–OXL', 'k7m4qp0x1', 'К7М-4QР-0Х1'])('is read from %j', (text) => {
    expect(readCode(text)).toEqual(code);
  });

  it.each(['', 'K7M', 'K7M-4QP-0X11', 'K7M-4QP-0U1', 'K7M-4QP-0X!', 'Ⅷ'.repeat(9)])('is none in %j', (text) => {
    expect(readCode(text)).toBeUndefined();
  });
});
