/** Counts what vitest reported, so that nothing that went wrong is missing from the last line. */

/**
 * @param report vitest's JSON report, or undefined when it wrote none
 * @param {boolean} succeeded its exit code was 0
 * @returns {{ passed: number, failed: number }}
 */
export function countTests(report, succeeded) {
  if (report === undefined) return { passed: 0, failed: 1 };
  const passed = report.numPassedTests;
  // A file that could not even be loaded failed without a test to its name.
  const unloaded = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = report.numFailedTests + unloaded;
  // An error outside any test, or no test at all.
  if (failed === 0 && (!succeeded || passed === 0)) return { passed, failed: 1 };
  return { passed, failed };
}
