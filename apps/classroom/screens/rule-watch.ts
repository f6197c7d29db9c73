/** Stands still where a rule breaks, so that nobody plays past it. */
import { createEffect, on } from 'solid-js';
import type { Stage } from '../stage.js';

/** Watches while time moves; whoever seeks past a broken rule knows where to look. */
export function watchRules(stage: Stage): void {
  createEffect(
    on(stage.index, (index, before) => {
      if (before === undefined || index <= before || !stage.isPlaying()) return;
      const broken = stage
        .history()
        .lampsAt(stage.place())
        .find((lamp) => lamp.state === 'broken' && lamp.index !== null && lamp.index > before);
      if (broken !== undefined) stage.stopFor(`a rule is broken: ${broken.words}`);
    }),
  );
}
