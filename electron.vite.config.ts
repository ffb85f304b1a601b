/**
 * Builds what Electron runs: main process and services as CommonJS for Node 18 (Electron 25, the oldest that is used),
 * the preload script as one file because the sandbox has no `require`, and the page for Chrome 114.
 */
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const from = (path: string) => resolve(import.meta.dirname, path);

/** Not bundled: Electron and Node themselves, and the package that brings a native library along. */
const external = ['electron', /^node:/, '@photostructure/sqlite'];

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      target: 'node18',
      externalizeDeps: false,
      rolldownOptions: {
        external,
        input: {
          index: from('app/main/index.ts'),
          phone: from('app/services/phone/index.ts'),
          exchange: from('app/services/exchange/index.ts'),
        },
        output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'parts/[name]-[hash].cjs' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
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
    plugins: [react()],
    build: {
      outDir: from('out/renderer'),
      target: 'chrome114',
      rolldownOptions: { input: { index: from('app/renderer/index.html') } },
    },
  },
});
