/**
 * Which tests exist and how they run: `unit` on all cores; then `interop` (foreign programs) and `e2e` (the real window),
 * two files at a time, since they wait more than they compute, and with more of them a late answer would look like a fault.
 */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { words } from './scripts/words/vite-plugin.mjs';

const afterUnit = { sequence: { groupOrder: 1 }, maxWorkers: 2 };

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [words(), react()],
        test: {
          name: 'unit',
          // A component test asks for a page with `// @vitest-environment happy-dom` in its first line.
          environment: 'node',
          include: ['test/unit/**/*.test.{ts,tsx,mjs}', 'test/torture/**/*.test.ts', 'test/fuzz/**/*.test.ts'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'interop',
          environment: 'node',
          include: ['test/interop/**/*.test.ts'],
          ...afterUnit,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/support/e2e-setup.ts'],
          ...afterUnit,
          testTimeout: 90_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
