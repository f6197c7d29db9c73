/** What the whole classroom promises: it runs the machines of the cluster, and every lesson can be passed on as a link. */

import { clientMachine, peerMachine } from '../../actors/anywhere.js';
import { children } from '../../actors/children.js';
import { SHIPPED } from '../../apps/classroom/charts/shipped.js';
import { LESSONS, loadLesson } from '../../apps/classroom/lessons/index.js';
import { LINK_CHARACTERS_MAX, pack, unpack } from '../../apps/classroom/screens/link.js';
import { hashOf } from '../../apps/classroom/screens/routes.js';
import * as machines from '../../machines/index.js';

// CLASSROOM 2.13 #1
describe('the machines of the page', () => {
  it('are the very objects that peers run', () => {
    const shipped: readonly unknown[] = [...Object.values(machines), clientMachine, peerMachine];

    expect(SHIPPED.length).toBeGreaterThan(10);
    expect(SHIPPED.filter((machine) => !shipped.includes(machine)).map(({ id }) => id)).toEqual([]);
  });

  it('are what the peer has for children: provided with effects, and otherwise the same', () => {
    const provided = Object.values(children).flatMap((logic: unknown) =>
      typeof logic === 'object' && logic !== null && 'config' in logic ? [logic.config as unknown] : [],
    );
    const charts = SHIPPED.map(({ config }) => config as unknown);

    expect(provided.length).toBeGreaterThan(5);
    expect(provided.filter((config) => !charts.includes(config))).toEqual([]);
  });
});

// CLASSROOM 2.13 #4
describe('a lesson as a link', () => {
  it.each(LESSONS.map(({ id }) => id))('%s is short enough in every variant, and comes back', async (id) => {
    const lesson = await loadLesson(id);

    for (const { id: variant, script, fromMs } of lesson?.variants ?? []) {
      const shared = { script, at: fromMs, event: 17, peer: script.scenario.peers[0], variant };
      const text = await pack(shared);

      expect(hashOf('learn', id, { s: text }).length).toBeLessThanOrEqual(LINK_CHARACTERS_MAX);
      expect(await unpack(text)).toEqual({ ok: true, shared });
    }
    expect(lesson?.variants.length).toBeGreaterThan(0);
  });
});
