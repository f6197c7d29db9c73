import { existsSync, readFileSync } from 'node:fs';
import * as machines from '../../machines/index.js';

const fileOf = (machine: string): URL => {
  const words = machine.replace(/Machine$/, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return new URL(`${words}.test.ts`, import.meta.url);
};

const isAsserted = (machine: string): boolean =>
  existsSync(fileOf(machine)) &&
  readFileSync(fileOf(machine), 'utf8').includes(`expectFullCoverage(${machine}`);

// Jest gives every file its own machines, so each file counts, and asserts, the steps of its own.
it('every published machine has a test file that ends by asserting full coverage of its chart', () => {
  const published = Object.keys(machines).filter((name) => name.endsWith('Machine'));

  expect(published.filter((machine) => !isAsserted(machine))).toEqual([]);
});
