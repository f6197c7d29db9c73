/** A process that writes history into the folder named first, three writes a sync, and says what is acknowledged. */
import { writeSync } from 'node:fs';
import { levelJournal } from '../../actors/journal-level.js';
import type { JournalWrite } from '../../actors/journal-store.js';
import { advance, type JournalTip } from '../../machines/values/journal-record.js';
import { BEGINNING, writeAfter } from './history.js';

const store = levelJournal({
  directory: process.argv[2] ?? '',
  wanted: { cluster: 'test', mode: 'safe', id: 'p1', freshIncarnation: 'first' },
});

store.open(() => writeOn(BEGINNING));

function writeOn(tip: JournalTip) {
  const writes: JournalWrite[] = [];
  let reached = tip;
  while (writes.length < 3) {
    const write = writeAfter(reached);
    writes.push(write);
    reached = advance(reached, write);
  }
  store.write(writes, (problem) => {
    writeSync(1, problem === null ? `${reached.write}\n` : `${problem.detail}\n`);
    if (problem === null) writeOn(reached);
  });
}
