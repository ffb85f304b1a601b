/**
 * Builds the main process as CommonJS for Node 18 (Electron 25, the oldest that is used), the preload script as one file
 * because the sandbox has no `require`, and the page for Chrome 114. The services are not here: each is bundled into one
 * file by `scripts/build.mjs`, so that a process never runs a piece of another one that the bundler thought shared.
 */
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { words } from './scripts/words/vite-plugin.mjs';

const from = (path: string) => resolve(import.meta.dirname, path);

/** `scripts/build.mjs` builds beside the old build. */
const out = process.env.TANDEM_OUT ?? from('out');

/** Not bundled: Electron and Node themselves, and the package that brings a native library along. */
const external = ['electron', /^node:/, '@photostructure/sqlite'];

export default defineConfig({
  main: {
    plugins: [words()],
    build: {
      outDir: resolve(out, 'main'),
      // The services are there too.
      emptyOutDir: false,
      target: 'node18',
      externalizeDeps: false,
      rolldownOptions: {
        external,
        input: { index: from('app/main/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  preload: {
    build: {
      outDir: resolve(out, 'preload'),
      target: 'node18',
      externalizeDeps: false,
      rolldownOptions: {
        external: ['electron'],
        input: { index: from('app/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: from('app/renderer'),
    plugins: [words(), react()],
    build: {
      outDir: resolve(out, 'renderer'),
      emptyOutDir: true,
      target: 'chrome114',
      rolldownOptions: { input: { index: from('app/renderer/index.html') } },
    },
  },
});
