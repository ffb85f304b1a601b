/** The last line of the tests hides nothing. */
import { expect, it } from 'vitest';
import { countTests } from '../../../scripts/test-count.mjs';

const file = (status, ...tests) => ({ status, assertionResults: tests.map((one) => ({ status: one })) });
const report = (numPassedTests, numFailedTests, ...testResults) => ({ numPassedTests, numFailedTests, testResults });

it.each([
  ['all is well', report(2, 0, file('passed', 'passed', 'passed')), true, 2, 0],
  ['a test failed', report(1, 1, file('failed', 'passed', 'failed')), false, 1, 1],
  ['a file did not load', report(1, 0, file('passed', 'passed'), file('failed')), false, 1, 1],
  ['both', report(1, 1, file('failed', 'passed', 'failed'), file('failed')), false, 1, 2],
  ['an error outside any test', report(1, 0, file('passed', 'passed')), false, 1, 1],
  ['no test was found', report(0, 0), true, 0, 1],
  ['no report was written', undefined, false, 0, 1],
])('%s', (_, result, succeeded, passed, failed) => {
  expect(countTests(result, succeeded)).toEqual({ passed, failed });
});
