/** All targets: what comes from outside, and who reads it. */
import { hostileClients, hostileDesks } from './clients.js';
import { configurations } from './configurations.js';
import { datagrams } from './datagrams.js';
import { frames, greetings } from './frames.js';
import { fuzz, type Part, type Report, type Target } from './fuzzing.js';
import { journals } from './journals.js';
import { liars, traces } from './liars.js';
import { payloads } from './payloads.js';
import { sockets } from './sockets.js';
import { strangers } from './strangers.js';
import { web } from './web.js';

/** A target whose inputs are its own affair. */
export interface Fuzzable extends Pick<Target, 'name' | 'share' | 'inputsPerWorld'> {
  readonly fuzz: (part: Part) => Promise<Report>;
}

const fuzzable = <Input>(target: Target<Input>): Fuzzable => ({
  name: target.name,
  share: target.share,
  inputsPerWorld: target.inputsPerWorld,
  fuzz: (part) => fuzz(target, part),
});

export const TARGETS: readonly Fuzzable[] = [
  fuzzable(frames),
  fuzzable(greetings),
  fuzzable(payloads),
  fuzzable(configurations),
  fuzzable(strangers),
  fuzzable(hostileClients),
  fuzzable(hostileDesks),
  fuzzable(liars),
  fuzzable(traces),
  fuzzable(web),
  fuzzable(sockets),
  fuzzable(datagrams),
  fuzzable(journals),
];

export const targetNamed = (name: string): Fuzzable | undefined =>
  TARGETS.find((target) => target.name === name);

/** How many of `inputs` each target gets, by its share; at least one. */
export function sharesOf(inputs: number): readonly { readonly target: Fuzzable; readonly inputs: number }[] {
  const whole = TARGETS.reduce((sum, { share }) => sum + share, 0);
  return TARGETS.map((target) => ({
    target,
    inputs: Math.max(1, Math.round((inputs * target.share) / whole)),
  }));
}
