/** Jest reporter: one last plain line that says how it went, for programs that read the output. */
import { writeSync } from 'node:fs';

export default class Summary {
  onRunComplete(_contexts, results) {
    // A file that could not even be loaded holds no tests, but it did not pass.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const line = `${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
    const say = () => writeSync(1, `${line}\n`);
    // Jest still has words of its own to say, and these come last; but where it is made to end, nothing comes after it.
    if (process.argv.includes('--forceExit')) say();
    else process.once('exit', say);
  }
}
