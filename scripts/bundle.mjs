/** Bundles one program that runs without a window into one file, CommonJS for Node 18 (Electron 25) and later. */
import { buildSync } from 'esbuild';
import { root } from './project.mjs';

/**
 * @param {string} entry such as `proxy-core/cli/main.ts`
 * @param {string} outfile absolute
 */
export function bundle(entry, outfile) {
  buildSync({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node18',
    // Electron and the package that brings a native library along stay outside.
    external: ['electron', '@photostructure/sqlite'],
    logLevel: 'error',
    legalComments: 'none',
    // Some packages ask for their own address, which a CommonJS file does not have by itself.
    define: { 'import.meta.url': 'fileAddress' },
    banner: { js: "const fileAddress = require('node:url').pathToFileURL(__filename).href;" },
  });
}
