/** The styles name nothing that the window no longer has. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const renderer = resolve(import.meta.dirname, '../../../../app/renderer');

const filesOf = (folder: string, end: RegExp): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => end.test(path))
    .map((path) => join(folder, path));

const source = filesOf(renderer, /\.tsx?$/)
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n');
const words = new Set(source.match(/[\w-]+/g));
/** Such as `banner-` of `banner-${kind}`. */
const beginnings = [...source.matchAll(/([\w-]+-)\$\{/g)].map(([, beginning]) => beginning ?? '');
const isUsed = (name: string) => words.has(name) || beginnings.some((beginning) => name.startsWith(beginning));

test.each(filesOf(join(renderer, 'styles'), /\.css$/))('each class in %s is one of the window’s', (path) => {
  const rules = readFileSync(path, 'utf8').replace(/\/\*.*?\*\//gs, '');
  const selectors = [...rules.matchAll(/[^{};]+(?=\{)/g)]
    .map(([selector]) => selector)
    .filter((one) => !/^\s*@/.test(one));
  const classes = selectors.flatMap((selector) =>
    [...selector.matchAll(/\.([a-z][\w-]*)/gi)].map(([, name]) => name ?? ''),
  );
  expect(classes.filter((name) => !isUsed(name))).toEqual([]);
});
