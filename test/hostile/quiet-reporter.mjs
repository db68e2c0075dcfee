/** For Jest: says only what kept a spec of the trials from running. Their own progress and the table say the rest. */
export default class QuietReporter {
  /** @param {unknown} _test @param {{ testFilePath: string, testExecError?: { message: string, stack?: string } }} result */
  onTestResult(_test, { testFilePath, testExecError }) {
    if (testExecError) console.error(`${testFilePath}: ${testExecError.stack ?? testExecError.message}`);
  }
}
