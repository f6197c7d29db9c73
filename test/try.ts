import { headless, scriptOf } from '../apps/classroom/engine/index.js';
const peers=['1','2','3','4','5'];
const script = scriptOf({ scenario: { seed: 1, peers, options: { preset: 'lan', mode: (process.argv[2] ?? 'safe') as never }, network: { latency: 20, loss:0 } }, acts: [
 { kind:'crash', at: 1000, forMs: 5000, peer:'5', isPowerCut: true },
 { kind:'load', at: 200, peer:'2', count: 1, everyMs: 10, bytes: 10, isRetried:false, timeoutMs: null, text: 'hello' },
]});
const until = Number(process.argv[3] ?? 8000);
let t0 = performance.now();
const lines = headless(script, until);
console.log('ms', performance.now()-t0, 'lines', lines.length, 'bytes', lines.join('\n').length);
const counts: Record<string, number> = {};
for (const l of lines.slice(1)) { const r = JSON.parse(l); counts[r.k] = (counts[r.k] ?? 0)+1; if (['status','fault','lost','violation'].includes(r.k) || (r.k==='delivery')) console.log(l); }
console.log(counts, lines[0]);
import { writeFileSync } from 'node:fs'; writeFileSync('/tmp/try.jsonl', lines.join('\n'));
