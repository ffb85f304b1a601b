/** Builds a bench, or a program that it runs, into one file for the Node that is here. */
import { buildSync } from 'esbuild';

/** @param {string} entry absolute. @param {string} outfile absolute; an ES module */
export function bundleBench(entry, outfile) {
  buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['@photostructure/sqlite'],
    // Some packages are CommonJS and ask for what is built in.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
  });
}
