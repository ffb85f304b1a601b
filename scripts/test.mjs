/**
 * `npm test`: everything that must hold, and as the last line how much of it does. Installs system programs that the
 * tests need where it may (as root on Debian), else tells the one command. Words after `--` go to vitest; with them the
 * other checks are left out.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './project.mjs';
import { install, installCommand, missingForTests, onDebian } from './system-packages.mjs';
import { countTests } from './test-count.mjs';

const only = process.argv.slice(2);
const checks = [
  { name: 'Lint and format', words: ['@biomejs/biome/bin/biome', 'check'] },
  { name: 'Types', words: ['typescript/bin/tsc', '-b'] },
  { name: 'Dead code', words: ['knip/bin/knip.js'] },
];

let passed = 0;
let failed = 0;
const count = (result) => {
  passed += result.passed;
  failed += result.failed;
};

try {
  provideSystemPackages();
  if (only.length === 0) for (const check of checks) count(runCheck(check));
  count(runTests());
} catch (error) {
  console.error(error.message);
  failed += 1;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

function provideSystemPackages() {
  const packages = process.platform === 'linux' ? missingForTests() : [];
  if (packages.length === 0) return;
  if (!onDebian()) throw new Error(`The tests need what Debian calls: ${packages.join(' ')}`);
  if (process.getuid() === 0) {
    console.log(`Installing what the tests need: ${packages.join(' ')}`);
    if (install(packages)) return;
  }
  throw new Error(`The tests need programs that are missing here. This installs them:\n  ${installCommand(packages)}`);
}

function runCheck({ name, words: [script, ...args] }) {
  console.log(`\n${name}`);
  const { status } = node([join('node_modules', script), ...args]);
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

function runTests() {
  console.log('\nTests');
  const folder = mkdtempSync(join(tmpdir(), 'tandem-test-'));
  try {
    const report = join(folder, 'report.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const { status } = node(['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...only]);
    return countTests(readReport(report), status === 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function node(words) {
  return spawnSync(process.execPath, words, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
}
