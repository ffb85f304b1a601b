/** The command line between Chromium's own switches. */
import { expect, it } from 'vitest';
import { readCommandLine } from '../../../../app/main/command-line.ts';

it.each([
  [[], undefined, false],
  [['--data', '/p/one'], '/p/one', false],
  [['--data=/p/one', '--loopback'], '/p/one', true],
  [['--no-sandbox', '/src', '--data', 'one', '--inspect=0', '--loopback'], '/home/ada/one', true],
  [['--data', '/p/one', '--data', '/p/two'], '/p/two', false],
  [['--data'], undefined, false],
  [['--data', '--loopback'], undefined, true],
  [['--data='], undefined, false],
])('%j', (words, dataDir, loopback) => {
  expect(readCommandLine(words, '/home/ada')).toEqual({ dataDir, loopback });
});
