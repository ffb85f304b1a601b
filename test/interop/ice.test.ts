/** Calls with a stranger's ICE (aioice) on 127.0.0.1: either side offers and leads, with and without RTCP of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
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

  constructor(controlling: boolean, components: number, late = false) {
    // The system's own: its package is for no other.
    this.#process = spawn('/usr/bin/python3', [SCRIPT, JSON.stringify({ controlling, components, late })]);
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

  /** While it looks for a way; null when there are no more. */
  tellMore(candidate: string | null): void {
    this.#process.stdin?.write(`${JSON.stringify(candidate)}\n`);
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

describe('a stranger who is told candidates one by one, and tells them so', () => {
  const candidatesIn = (text: string): string[] =>
    [...text.matchAll(/^a=candidate:(.*)\r$/gm)].map((match) => match[1] ?? '');
  const fragmentOf = ({ ufrag, password }: Told, candidates: readonly string[], more: readonly string[] = []): string =>
    [
      ...[`a=ice-pwd:${password}`, `a=ice-ufrag:${ufrag}`, 'm=audio 9 RTP/AVP 0', 'a=mid:0'],
      ...candidates.map((text) => `a=candidate:${text}`),
      ...[...more, ''],
    ].join('\r\n');
  /** Nobody is there. */
  const DEAD = 'dead 1 UDP 1 127.0.0.1 9 typ host';

  /** Their candidates come one after another, each time with those before, and then the end. */
  const hearAll = ({ gateway }: Awaited<ReturnType<typeof phone>>, told: Told): void => {
    const { candidates } = told;
    for (let i = 1; i <= candidates.length; i++) {
      gateway.hear({ ...ID, fragment: fragmentOf(told, candidates.slice(0, i)) });
    }
    gateway.hear({ ...ID, fragment: fragmentOf(told, candidates, ['a=end-of-candidates']) });
  };

  const tellAll = (stranger: Stranger, sdp: string): void => {
    for (const candidate of candidatesIn(sdp)) stranger.tellMore(candidate);
    stranger.tellMore(null);
  };

  const bare = (sdp: string): string =>
    sdp.replace(/a=candidate:.*\r\n/g, '').replace('a=ice-ufrag', `a=candidate:${DEAD}\r\na=ice-ufrag`);
  /** It names no address yet. */
  const without = (sdp: string): string =>
    sdp
      .replace(/a=candidate:.*\r\n/g, '')
      .replace('c=IN IP4 127.0.0.1', 'c=IN IP4 0.0.0.0')
      .replace(/m=audio \d+/, 'm=audio 9')
      .replace(/a=rtcp:.*\r\n/, '')
      .replace('a=ice-ufrag', 'a=mid:0\r\na=ice-options:trickle\r\na=ice-ufrag');

  it.each([1, 2])('finds the way when it offers (%i components)', async (components) => {
    const [stranger, all] = [new Stranger(true, components, true), await phone()];
    const told = await stranger.told();
    const sipOffer = without(sdpOf(told, components));
    const webrtcOffer = all.window.offer();
    const accepted = taken(await all.gateway.accept({ ...ID, webrtcOffer, sipOffer, trickles: true }));
    stranger.tell(bare(accepted.sipAnswer));
    await all.window.connect(accepted.webrtcAnswer);
    expect(all.gateway.stats(ID)?.ice).toMatchObject({ state: 'checking', remote: [] });
    hearAll(all, told);
    tellAll(stranger, accepted.sipAnswer);
    await stranger.connected();
    await hearsItself(all);
  });

  it.each([1, 2])('finds the way when it answers (%i components)', async (components) => {
    const [stranger, all] = [new Stranger(false, components, true), await phone()];
    const { sipOffer } = taken(await all.gateway.offer({ ...ID, webrtcOffer: all.window.offer() }));
    const told = await stranger.told();
    stranger.tell(bare(sipOffer));
    // The first of its candidates overtakes its answer.
    all.gateway.hear({ ...ID, fragment: fragmentOf(told, told.candidates.slice(0, 1)) });
    const sipAnswer = without(sdpOf(told, components));
    const { webrtcAnswer } = taken(await all.gateway.answer({ ...ID, sipAnswer, trickles: true }));
    await all.window.connect(webrtcAnswer);
    expect(all.gateway.stats(ID)?.ice?.remote).toHaveLength(1);
    tellAll(stranger, sipOffer);
    hearAll(all, told);
    await stranger.connected();
    await hearsItself(all);
  });
});
