/** The examples of docs/routing.md do what they say. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLog } from '../../../../proxy-core/node/log.ts';
import { openRouteFile, type RouteFile } from '../../../../proxy-core/node/route-file.ts';
import type { RouteRequest, RouteUri } from '../../../../proxy-core/server/route/api.ts';
import { readDecision } from '../../../../proxy-core/server/route/decision.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../../../docs/routing.md'), 'utf8');
const example = (title: string): string => {
  const text = new RegExp(`## ${title}\\n+\`\`\`ts\\n(.*?)\`\`\``, 's').exec(page)?.[1];
  if (text === undefined) throw new Error(`no example "${title}"`);
  return text;
};

let dir: string;
let file: RouteFile | undefined;
beforeEach(() => {
  file = undefined;
  dir = mkdtempSync(join(tmpdir(), 'tandem-example-'));
});
afterEach(() => {
  file?.close();
  rmSync(dir, { recursive: true, force: true });
});

const uri = (user: string): RouteUri => {
  const host = 'office.example';
  return { ...{ text: `sip:${user}@${host}`, scheme: 'sip', user, host, port: undefined }, param: () => undefined };
};
const anna = { number: '1001', domain: 'office.example', name: 'Anna' };

function ask(title: string, request: Partial<RouteRequest>): Promise<unknown> {
  writeFileSync(join(dir, 'route.ts'), example(title));
  file ??= openRouteFile(join(dir, 'route.ts'), createLog({ level: 'error', destination: { write: () => undefined } }));
  const answer = file.slot.step({
    ...{ method: 'INVITE', uri: uri('1002'), from: { uri: uri('ada'), name: '' }, to: { uri: uri('1002'), name: '' } },
    ...{ callId: 'c', domain: 'office.example', user: undefined, isAnonymous: false, time: new Date() },
    ...{ source: { transport: 'UDP', address: '192.0.2.1', port: 5060 }, header: () => undefined, headers: () => [] },
    ...request,
  });
  return Promise.resolve(answer).then((value) => {
    // Whatever it is, the exchange must understand it.
    expect(readDecision(value)).toMatchObject({ ok: true });
    return value;
  });
}

test.each([
  ['a morning', new Date(2026, 9, 6, 8, 0), undefined, undefined],
  ['an evening', new Date(2026, 9, 6, 18, 0), undefined, { send: '1099' }],
  ['a night', new Date(2026, 9, 6, 7, 59), undefined, { send: '1099' }],
  ['a Sunday', new Date(2026, 9, 4, 12, 0), undefined, { send: '1099' }],
  ['a night, among colleagues', new Date(2026, 9, 6, 3, 0), anna, undefined],
])('closed at night: %s', async (_what, time, user, answer) => {
  expect(await ask('Closed at night', { time, user })).toEqual(answer);
});

test.each([
  ['0', anna, { send: ['1001', '1002', { uri: '1010', q: 0.5 }], headers: { add: { 'X-Dialled': '0' } } }],
  ['*9', anna, { send: { uri: 'sip:taxi@provider.example' }, headers: { add: { 'X-Dialled': '*9' } } }],
  ['1002', anna, undefined],
  ['*9', undefined, undefined],
])('short codes: %s', async (number, user, answer) => {
  expect(await ask('Short codes', { uri: uri(number), user })).toEqual(answer);
});

test('no anonymous callers, nor those on the list, which is read for each call', async () => {
  const title = 'No anonymous callers';
  expect(await ask(title, {})).toBeUndefined();
  expect(await ask(title, { isAnonymous: true })).toEqual({ reject: 433 });
  expect(await ask(title, { isAnonymous: true, user: anna })).toBeUndefined();
  writeFileSync(join(dir, 'blocked.txt'), 'eve\nada\n');
  expect(await ask(title, {})).toEqual({ reject: 603, reason: 'Not Today' });
});
