/**
 * The media gateway in the real program: heard while the main process stands still, and nothing left behind by calls.
 * `npm run soak` makes a hundred of them and prints what there was before and after.
 */
import { readdirSync, readlinkSync } from 'node:fs';
import type { CDPSession } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AnsweringPeer } from '../support/answering-peer.ts';
import { printBeforeAfter } from '../support/before-after.ts';
import { PhoneWindow } from '../support/phone-window.ts';
import { until } from '../support/until.ts';

const BLOCK_MS = 2_000;
const PACKET_MS = 20;
const CALLS = Number(process.env.TANDEM_SOAK_WINDOW_CALLS ?? 3);
/** Not counted: what is made once. */
const WARM_UP = CALLS > 10 ? 20 : 2;

let peer: AnsweringPeer;
let phone: PhoneWindow;
let devtools: CDPSession;

beforeAll(async () => {
  peer = await AnsweringPeer.open();
  phone = await PhoneWindow.open();
  devtools = await phone.page.context().newCDPSession(phone.page);
  await phone.register({ number: '1001', password: 'any', server: peer.server });
});

afterAll(async () => {
  await phone?.close();
  peer?.close();
});

test('the peer goes on hearing the window while the main process computes for two seconds', async () => {
  await phone.call('1002');
  await phone.lineShows(/in a call/i);
  await until('sound', () => peer.heard.length > 50);
  const { from, to } = await phone.app.evaluate((_, ms) => {
    const began = Date.now();
    while (Date.now() - began < ms);
    return { from: began, to: Date.now() };
  }, BLOCK_MS);
  const heard = peer.heard.filter(({ at }) => at >= from && at <= to);
  // A time limit for each packet would measure what else this computer does.
  expect(heard.length).toBeGreaterThan((0.8 * (to - from)) / PACKET_MS);
  const steps = heard.slice(1).map(({ sequence, timestamp }, i) => ({
    sequence: (sequence - (heard[i]?.sequence ?? 0)) & 0xffff,
    timestamp: (timestamp - (heard[i]?.timestamp ?? 0)) >>> 0,
  }));
  if (CALLS > 10) {
    const gaps = heard.slice(1).map(({ at }, i) => at - (heard[i]?.at ?? at));
    console.log(
      `longest gap at the peer while the main process stood still for ${to - from} ms: ${Math.max(...gaps)} ms`,
    );
  }
  expect(new Set(steps.map(({ sequence }) => sequence))).toEqual(new Set([1]));
  expect(new Set(steps.map(({ timestamp }) => timestamp))).toEqual(new Set([160]));
  await phone.press('Hang up');
  await until('the end', () => peer.ended === 1);
});

test(`${CALLS} calls leave no peer connection, socket or memory behind`, {
  timeout: 60_000 + CALLS * 4_000,
}, async () => {
  const call = async (meanwhile = async (): Promise<void> => {}): Promise<void> => {
    const before = peer.ended;
    await phone.call('1002');
    await phone.lineShows(/in a call/i);
    // Chromium keeps one in some hundred connections that are closed while it still looks for the ways of this computer.
    await until('sound', () => peer.heard.length > 0);
    await meanwhile();
    await phone.press('Hang up');
    await until('the end', () => peer.ended === before + 1);
    await phone.lineShows(/idle|call ended/i);
    peer.heard.length = 0;
    await forgetClosed();
  };
  // What is counted is there while it should be.
  await call(async () => expect(await leftBehind()).toMatchObject({ open: 1, connections: 1 }));
  for (let i = 0; i < WARM_UP; i++) await call();
  const before = await leftBehind();
  for (let i = 0; i < CALLS; i++) await call();
  // Chromium lets go of what is closed in its own time.
  let after = before;
  await until('the peer connections to be let go', async () => {
    after = await leftBehind();
    return after.connections <= before.connections && after.sockets <= before.sockets;
  });
  if (CALLS > 10) print(before, after);
  expect(after.open).toBe(0);
  expect(after.sockets).toBe(before.sockets);
  if (CALLS > 10) expect((after.pageKb - before.pageKb) / CALLS).toBeLessThan(16);
});

interface Left {
  /** RTCPeerConnections that are not closed. */
  readonly open: number;
  /** All that are in the page's memory, after its garbage was collected. */
  readonly connections: number;
  /** Of the phone service. */
  readonly sockets: number;
  /** The page's heap. */
  readonly pageKb: number;
  /** What the phone service has in memory. */
  readonly serviceKb: number;
}

/** The page keeps each connection for the tests: only those that are open have to stay. */
const forgetClosed = (): Promise<number> =>
  phone.page.evaluate(() => {
    const { connections } = window as unknown as { connections: RTCPeerConnection[] };
    const open = connections.filter(({ connectionState }) => connectionState !== 'closed');
    connections.splice(0, connections.length, ...open);
    return open.length;
  });

async function leftBehind(): Promise<Left> {
  const open = await forgetClosed();
  await devtools.send('HeapProfiler.collectGarbage');
  const { result } = await devtools.send('Runtime.evaluate', { expression: 'RTCPeerConnection.prototype' });
  const { objects } = await devtools.send('Runtime.queryObjects', {
    prototypeObjectId: result.objectId ?? expect.fail('no prototype'),
    objectGroup: 'left',
  });
  const counted = await devtools.send('Runtime.callFunctionOn', {
    functionDeclaration: 'function () { return this.length; }',
    objectId: objects.objectId ?? expect.fail('nothing was counted'),
    returnByValue: true,
  });
  await devtools.send('Runtime.releaseObjectGroup', { objectGroup: 'left' });
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  const service = await phone.app.evaluate(({ app }) => {
    const found = app.getAppMetrics().find(({ name }) => name === 'Tandem phone service');
    return found && { pid: found.pid, kb: found.memory.workingSetSize };
  });
  if (!service) return expect.fail('there is no phone service');
  return {
    open,
    connections: Number(counted.result.value),
    sockets: socketsOf(service.pid),
    pageKb: Math.round(usedSize / 1024),
    serviceKb: service.kb,
  };
}

function socketsOf(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).filter((name) => {
    try {
      return readlinkSync(`${folder}/${name}`).startsWith('socket:');
    } catch {
      // It was closed meanwhile.
      return false;
    }
  }).length;
}

const print = (before: Left, after: Left): void =>
  printBeforeAfter(`${CALLS} calls of the window`, [
    ['RTCPeerConnections that are open', before.open, after.open],
    ['RTCPeerConnections in memory', before.connections, after.connections],
    ['sockets of the phone service', before.sockets, after.sockets],
    ['heap of the window', before.pageKb, after.pageKb, ' KB'],
    ['memory of the phone service', before.serviceKb, after.serviceKb, ' KB'],
  ]);
