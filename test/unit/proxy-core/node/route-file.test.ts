/** The office's own step comes from a file, and comes again when the file changes. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLog } from '../../../../proxy-core/node/log.ts';
import { openRouteFile, type RouteFile } from '../../../../proxy-core/node/route-file.ts';
import { StartError } from '../../../../proxy-core/node/start-options.ts';
import type { RouteRequest } from '../../../../proxy-core/server/route/api.ts';
import { until } from '../../../support/until.ts';

let dir: string;
let open: RouteFile | undefined;
let lines: string[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-route-'));
  open = undefined;
  lines = [];
});
afterEach(() => {
  open?.close();
  rmSync(dir, { recursive: true, force: true });
});

const log = createLog({ level: 'info', destination: { write: (line: string) => void lines.push(line) } });
const write = (name: string, text: string): void => writeFileSync(join(dir, name), text);
const start = (name: string): RouteFile => {
  open = openRouteFile(join(dir, name), log);
  return open;
};
const ask = (): unknown => open?.slot.step({ method: 'INVITE' } as RouteRequest);
const logged = (text: string): boolean => lines.some((line) => line.includes(text));

const TYPED = `
import type { RouteAnswer, RouteRequest, RouteStep } from 'tandem/route';
enum Door { Open = 486, Closed = 603 }
const step: RouteStep = (request: RouteRequest): RouteAnswer => {
  const answer = { reject: Door.Closed, reason: request.method as string } satisfies RouteAnswer;
  return answer!;
};
export default step;
`;

const files: [name: string, text: string, answer: unknown][] = [
  ['typed.ts', TYPED, { reject: 603, reason: 'INVITE' }],
  ['typed.mts', TYPED, { reject: 603, reason: 'INVITE' }],
  ['named.ts', 'export function route(): object { return { reject: 486 }; }', { reject: 486 }],
  ['module.js', 'export default () => ({ reject: 486 });', { reject: 486 }],
  ['module.mjs', 'import { sep } from "node:path"; export default () => sep.length;', 1],
  ['common.cjs', 'const { sep } = require("node:path"); module.exports = () => sep.length;', 1],
];
test.each(files)('%s is loaded', (name, text, answer) => {
  write(name, text);
  start(name);
  expect(ask()).toEqual(answer);
});

test('it may import its own files, with their ending or without, data, and Node itself', async () => {
  mkdirSync(join(dir, 'lib'));
  write('lib/index.ts', 'import { night } from "../hours.ts"; export const closed: number = night.length;');
  write('hours.ts', 'export const night: readonly number[] = [1, 2, 3];');
  write('numbers.json', '{"short": "99"}');
  write(
    'route.ts',
    `import { closed } from './lib';
     import * as hours from './hours';
     import numbers from './numbers.json';
     import { basename } from 'node:path';
     export default async () => [closed, hours.night[0], numbers.short, basename(__filename), (await import('node:os')).EOL];`,
  );
  start('route.ts');
  expect(await ask()).toEqual([3, 1, '99', 'route.ts', '\n']);
});

describe('a file that cannot be loaded at the start is told in one sentence', () => {
  const faults: [what: string, text: string | undefined, reason: RegExp][] = [
    ['that is not there', undefined, /cannot be loaded: .*ENOENT/],
    [
      'of which the types cannot be taken away',
      'export default (: number) => {',
      /cannot be loaded: .*Unexpected token/,
    ],
    ['that is no JavaScript without its types', '\nlet a = 1; let a = 2;', /route\.ts:2: Identifier/],
    ['that throws', 'throw new Error("no config.");', /cannot be loaded: no config\.$/],
    ['that exports nothing', 'export const rules = [];', /it exports no function/],
    [
      'that imports what is not there',
      'import "./gone.ts"; export default () => 1;',
      /imports \.\/gone\.ts, which does not exist/,
    ],
  ];
  test.each(faults)('one %s', (_what, text, reason) => {
    if (text !== undefined) write('route.ts', text);
    let error: unknown;
    try {
      start('route.ts');
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(StartError);
    expect((error as StartError).message).toMatch(reason);
    expect((error as StartError).message).not.toContain('\n');
  });
});

describe('a change', () => {
  beforeEach(() => {
    write('route.ts', 'import { status } from "./status.ts"; export default () => ({ reject: status });');
    write('status.ts', 'export const status: number = 486;');
    start('route.ts');
  });
  const answers = (status: number): Promise<void> =>
    until(`${status}`, () => (ask() as { reject: number }).reject === status).then(() => undefined);

  test('of the file takes effect', async () => {
    write('route.ts', 'export default () => ({ reject: 600 });');
    await answers(600);
    write('route.ts', 'export default () => ({ reject: 603 });');
    await answers(603);
  });

  test('of a file that it imports takes effect', async () => {
    write('status.ts', 'export const status: number = 600;');
    await answers(600);
  });

  test('takes effect also where the editor puts a new file in its place', async () => {
    for (const status of [600, 603]) {
      write('route.ts.tmp', `export default () => ({ reject: ${status} });`);
      renameSync(join(dir, 'route.ts.tmp'), join(dir, 'route.ts'));
      await answers(status);
    }
  });

  test('that cannot be loaded leaves the old one in place, and the reason in the log, until it is mended', async () => {
    write('status.ts', 'export const status: number = ;');
    await until('a line in the log', () => logged('cannot be loaded'));
    expect(ask()).toEqual({ reject: 486 });
    expect(logged('status.ts')).toBe(true);
    write('status.ts', 'export const status: number = 600;');
    await answers(600);
  });

  test('that imports a file before it is there takes effect when it comes', async () => {
    write('route.ts', 'import { status } from "./later.ts"; export default () => ({ reject: status });');
    await until('a line in the log', () => logged('does not exist'));
    expect(ask()).toEqual({ reject: 486 });
    write('later.ts', 'export const status = 600;');
    await answers(600);
  });

  test('after it was closed is not seen', async () => {
    open?.close();
    const closed = ask;
    const other = openRouteFile(join(dir, 'route.ts'), log);
    write('route.ts', 'export default () => ({ reject: 600 });');
    await until('another that is open to see it', () => {
      return (other.slot.step({} as RouteRequest) as { reject: number }).reject === 600;
    });
    other.close();
    expect(closed()).toEqual({ reject: 486 });
  });
});
