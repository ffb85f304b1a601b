/** Calls with a stranger's ICE (aioice) on 127.0.0.1: either side offers and leads, with and without RTCP of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { MediaGateway } from '../../proxy-core/media/index.ts';
import { until } from '../support/until.ts';
import { WindowEnd } from '../unit/proxy-core/media/window-end.ts';

const SCRIPT = fileURLToPath(new URL('./ice/aioice-peer.py', import.meta.url));
const ID = { sessionId: 'call', accountId: 'me' };
const closers: Array<() => Promise<void> | void> = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

interface Told {
  readonly ufrag: string;
  readonly password: string;
  readonly candidates: readonly string[];
}

class Stranger {
  readonly #process: ChildProcess;
  readonly #lines: string[] = [];
  #errors = '';

  constructor(controlling: boolean, components: number) {
    // The system's own: its package is for no other.
    this.#process = spawn('/usr/bin/python3', [SCRIPT, JSON.stringify({ controlling, components })]);
    if (this.#process.stdout) createInterface(this.#process.stdout).on('line', (line) => this.#lines.push(line));
    this.#process.stderr?.on('data', (data) => (this.#errors += data));
    closers.push(() => void this.#process.kill('SIGKILL'));
  }

  async told(): Promise<Told> {
    await until(`the stranger's candidates`, () => this.#lines.length > 0 || this.#errors !== '');
    return JSON.parse(this.#lines[0] ?? expect.fail(this.#errors));
  }

  tell(sdp: string): void {
    const value = (name: string): string => new RegExp(`^a=${name}:(.*)\\r$`, 'm').exec(sdp)?.[1] ?? '';
    const candidates = [...sdp.matchAll(/^a=candidate:(.*)\r$/gm)].map((match) => match[1]);
    const told = { ufrag: value('ice-ufrag'), password: value('ice-pwd'), candidates };
    this.#process.stdin?.write(`${JSON.stringify(told)}\n`);
  }

  async connected(): Promise<void> {
    await until('the stranger to be connected', () => this.#lines.length > 1 || this.#errors !== '', 20_000);
    expect(this.#errors).toBe('');
  }
}

function sdpOf({ ufrag, password, candidates }: Told, components: number): string {
  const port = (component: number): string =>
    candidates.map((text) => text.split(' ')).find((parts) => parts[1] === String(component))?.[5] ?? '';
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    `m=audio ${port(1)} RTP/AVP 0`,
    components === 2 ? `a=rtcp:${port(2)}` : 'a=rtcp-mux',
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${password}`,
    ...candidates.map((text) => `a=candidate:${text}`),
    '',
  ].join('\r\n');
}

const taken = <T extends { ok: boolean }>(result: T): Extract<T, { ok: true }> =>
  result.ok ? (result as Extract<T, { ok: true }>) : expect.fail(JSON.stringify(result));

async function phone() {
  const gateway = new MediaGateway({
    localHost: () => '127.0.0.1',
    loopback: true,
    protection: () => ({ wanted: 'never', offered: 'sdes' }),
    ice: () => 'always',
  });
  const window = await WindowEnd.open();
  closers.push(
    () => gateway.closeAll(),
    () => window.close(),
  );
  return { gateway, window };
}

/** What we say comes back. */
async function hearsItself({ gateway, window }: Awaited<ReturnType<typeof phone>>): Promise<void> {
  let time = 0;
  await until('our own sound', () => {
    time += 160;
    window.send(0, time, Buffer.from([1, 2, 3]));
    return window.received.length > 3;
  });
  expect(gateway.stats(ID)?.ice?.state).toBe('connected');
}

it.each([1, 2])('a stranger who offers and leads is answered (%i components)', async (components) => {
  const [stranger, all] = [new Stranger(true, components), await phone()];
  const sipOffer = sdpOf(await stranger.told(), components);
  const accepted = taken(await all.gateway.accept({ ...ID, webrtcOffer: all.window.offer(), sipOffer }));
  stranger.tell(accepted.sipAnswer);
  await all.window.connect(accepted.webrtcAnswer);
  await stranger.connected();
  await hearsItself(all);
  expect(all.gateway.stats(ID)?.ice?.isControlling).toBe(false);
});

it.each([1, 2])('a stranger who answers follows us (%i components)', async (components) => {
  const [stranger, all] = [new Stranger(false, components), await phone()];
  const { sipOffer } = taken(await all.gateway.offer({ ...ID, webrtcOffer: all.window.offer() }));
  const sipAnswer = sdpOf(await stranger.told(), components);
  stranger.tell(sipOffer);
  const { webrtcAnswer } = taken(await all.gateway.answer({ ...ID, sipAnswer }));
  await all.window.connect(webrtcAnswer);
  await stranger.connected();
  await hearsItself(all);
  expect(all.gateway.stats(ID)?.ice?.isControlling).toBe(true);
});

it('two who both believe to lead settle it', async () => {
  const [stranger, all] = [new Stranger(true, 1), await phone()];
  const { sipOffer } = taken(await all.gateway.offer({ ...ID, webrtcOffer: all.window.offer() }));
  const sipAnswer = sdpOf(await stranger.told(), 1);
  stranger.tell(sipOffer);
  const { webrtcAnswer } = taken(await all.gateway.answer({ ...ID, sipAnswer }));
  await all.window.connect(webrtcAnswer);
  await stranger.connected();
  await hearsItself(all);
});
