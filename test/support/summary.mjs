/** Jest reporter: one last plain line that says how it went, for programs that read the output. */
export default class Summary {
  onRunComplete(_contexts, results) {
    // A file that could not even be loaded holds no tests, but it did not pass.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const line = `${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
    // Jest still has words of its own to say; these come last.
    process.once('exit', () => process.stdout.write(`${line}\n`));
  }
}
