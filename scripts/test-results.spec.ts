import { summaryLine } from './test-results.mjs';

const suite = {
  numPassedTests: 10,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
};

describe('summaryLine', () => {
  it('adds up all suites', () => {
    expect(summaryLine([suite, { ...suite, numFailedTests: 2 }], 1, 0)).toBe('20 passed, 2 failed');
  });

  it('counts a file that broke before its tests as failed', () => {
    expect(summaryLine([{ ...suite, numRuntimeErrorTestSuites: 1 }], 1, 0)).toBe('10 passed, 1 failed');
  });

  it('counts failed checks as one failure', () => {
    expect(summaryLine([suite], 0, 1)).toBe('10 passed, 1 failed');
  });

  it('counts tests that broke without a result as one failure', () => {
    expect(summaryLine([suite], 1, 0)).toBe('10 passed, 1 failed');
    expect(summaryLine([], 1, 0)).toBe('0 passed, 1 failed');
  });

  it('names skipped tests where there are any', () => {
    expect(summaryLine([{ ...suite, numPendingTests: 3 }], 0, 0)).toBe('10 passed, 0 failed, 3 skipped');
  });

  it('names suites that did not run, and why', () => {
    const reason = 'only root on Linux runs containers without a daemon';
    const notRun = ['with-oci', 'trials-on-oci'].map((name) => ({ suite: name, reason }));
    expect(summaryLine([suite, ...notRun], 0, 0)).toBe(
      `10 passed, 0 failed; suite with-oci not run (${reason}); suite trials-on-oci not run (${reason})`,
    );
  });
});
