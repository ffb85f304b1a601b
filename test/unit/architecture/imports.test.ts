/** The import rules hold in the whole tree, and the check that says so can fail. */
import { readdirSync, readFileSync } from 'node:fs';
import { posix, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkImports } from './import-check.ts';

const root = resolve(import.meta.dirname, '../../..');

function sourcesBelow(folder: string): [string, string][] {
  return readdirSync(resolve(root, folder), { withFileTypes: true }).flatMap((entry): [string, string][] => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return sourcesBelow(path);
    return /\.tsx?$/.test(path) ? [[path, readFileSync(resolve(root, path), 'utf8')]] : [];
  });
}

const check = (sources: Record<string, string>) => checkImports(new Map(Object.entries(sources)));

describe('the tree', () => {
  it('imports only what the table allows, without a circle', () => {
    const sources = new Map([...sourcesBelow('proxy-core'), ...sourcesBelow('app')]);
    expect(sources.size).toBeGreaterThan(5);
    expect(checkImports(sources)).toEqual([]);
  });

  it.each(['proxy-core/sip', 'proxy-core/server'])(
    '%s is type-checked without the globals of Node or a page',
    (folder) => {
      const config = JSON.parse(readFileSync(resolve(root, folder, 'tsconfig.json'), 'utf8'));
      expect(config.compilerOptions.lib).toEqual(['ES2022']);
      expect(config.compilerOptions.types).toEqual([]);
    },
  );
});

describe('the check allows', () => {
  it.each([
    ['the same room', 'proxy-core/sip/grammar/a.ts', "import './b.ts'"],
    ['a room of the table', 'proxy-core/sip/message/a.ts', "import { uri } from '../grammar/uri.ts'"],
    ['everything in sip from the server', 'proxy-core/server/steps/a.ts', "export * from '../../sip/dialog/x.ts'"],
    ['werift in media', 'proxy-core/media/a.ts', "import { RtpPacket } from 'werift'; import 'node:dgram'"],
    ['types of proxy-core in shared', 'app/shared/a.ts', "import type { A } from '../../proxy-core/server/stores.ts'"],
    ['types named one by one', 'app/shared/a.ts', "import { type A } from '../../proxy-core/server/stores.ts'"],
    ['electron in main', 'app/main/a.ts', "import { app } from 'electron'"],
    ['style sheets beside a component', 'app/renderer/ui/a.tsx', "import './a.css'; export const A = () => <b />"],
  ])('%s', (_, path, text) => {
    expect(check({ [path]: text })).toEqual([]);
  });
});

describe('the check refuses', () => {
  it.each([
    ['an upward import', 'proxy-core/sip/grammar/a.ts', "import '../message/m.ts'"],
    ['an upward import of types', 'proxy-core/sip/message/a.ts', "import type { D } from '../dialog/d.ts'"],
    ['grammar from transport', 'proxy-core/sip/transport/a.ts', "import '../grammar/uri.ts'"],
    ['an upward re-export', 'proxy-core/sip/message/a.ts', "export { d } from '../dialog/d.ts'"],
    ['an upward dynamic import', 'proxy-core/server/a.ts', "const n = await import('../node/udp.ts')"],
    ['an upward import() type', 'proxy-core/server/a.ts', "export type N = import('../node/udp.ts').N"],
    ['a computed import', 'proxy-core/server/a.ts', 'export const f = (n: string) => import(n)'],
    ['node: in sip', 'proxy-core/sip/auth/a.ts', "import { createHash } from 'node:crypto'"],
    ['node: in the server', 'proxy-core/server/a.ts', "import type { Socket } from 'node:net'"],
    ['a Node module without its prefix', 'proxy-core/node/a.ts', "import fs from 'fs'"],
    ['globalThis in sip', 'proxy-core/sip/auth/a.ts', 'export const w = globalThis'],
    ['a reference to the DOM', 'proxy-core/server/a.ts', '/// <reference lib="dom" />\nexport {}'],
    ['declared globals', 'proxy-core/server/a.ts', 'declare global { var window: object }\nexport {}'],
    ['werift outside media', 'proxy-core/node/a.ts', "import 'werift'"],
    ['electron in the exchange', 'proxy-core/node/a.ts', "import { app } from 'electron'"],
    ['values of proxy-core in shared', 'app/shared/a.ts', "import { aorOf } from '../../proxy-core/server/stores.ts'"],
    ['React in the softphone', 'app/renderer/softphone/a.ts', "import 'react'"],
    ['the softphone in a feature', 'app/renderer/features/a.ts', "import '../softphone/call.ts'"],
    ['the main process in the page', 'app/renderer/store/a.ts', "import '../../main/index.ts'"],
    ['a service in the main process', 'app/main/a.ts', "import '../services/phone/index.ts'"],
    ['Node in the page', 'app/renderer/features/a.ts', "import 'node:fs'"],
    ['a file outside every room', 'proxy-core/loose.ts', 'export {}'],
    ['a file outside the house', 'proxy-core/node/a.ts', "import '../../test/support/x.ts'"],
    ['a text that does not parse', 'proxy-core/node/a.ts', 'export const ='],
  ])('%s', (_, path, text) => {
    expect(check({ [path]: text })).toHaveLength(1);
  });

  it('a circle, of types too', () => {
    expect(
      check({
        'proxy-core/node/a.ts': "import './b.ts'",
        'proxy-core/node/b.ts': "import type { C } from './c.ts'",
        'proxy-core/node/c.ts': "import './a.ts'",
      }),
    ).toEqual(['cycle: proxy-core/node/a.ts → proxy-core/node/b.ts → proxy-core/node/c.ts → proxy-core/node/a.ts']);
  });

  it('a file that imports itself', () => {
    expect(check({ 'proxy-core/node/a.ts': "import './a.ts'" })).toHaveLength(1);
  });
});
