/** `bullpen verify` alone, so that it can be bundled with a mutant: the words are its flags as one JSON object. */
import { runVerify } from '../../apps/verify/program.js';
import { readVerifySettings } from '../../apps/verify/settings.js';

const out = (line: string) => void process.stdout.write(`${line}\n`);
const progress = { isTerminal: false, write: () => {} };
const flags = JSON.parse(process.argv[2] ?? '{}');
process.exitCode = await runVerify(readVerifySettings(flags), { out, progress });
