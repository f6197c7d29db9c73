/** @jsxImportSource solid-js */
/** What stands between peers: the sides of a partition, and ways that are cut in one direction. */
import { createMemo, For, Show } from 'solid-js';
import type { Cut } from '../history/index.js';
import type { Stage } from '../stage.js';
import { endingOf } from './acts.js';
import { alongLane, hullOf, laneBetween, type Plan } from './plan.js';

const MARGIN = 19;

export function Walls(props: { readonly stage: Stage; readonly plan: Plan }) {
  const world = () => props.stage.world();
  const walls = createMemo(() =>
    world().partitions.flatMap((sides) => {
      const named = sides.flat();
      const rest = world().ids.filter((id) => !named.includes(id));
      return [...sides, ...(rest.length > 0 && sides.length < 2 ? [rest] : [])];
    }),
  );
  const cuts = createMemo(() => world().cuts.filter((cut) => !isOfPartition(cut, world().partitions)));
  const end = (kind: string) => {
    const { act } = props.stage;
    if (act === undefined) return;
    for (const trouble of world().troubles.filter((one) => one.kind === kind))
      for (const one of endingOf(props.stage.history(), trouble.index, props.stage.now())) act(one);
  };
  const spotsOf = (side: readonly string[]) =>
    side.flatMap((id) => {
      const spot = props.plan.spots.get(id);
      return spot === undefined ? [] : [spot];
    });
  return (
    <g class="walls">
      <For each={walls()}>
        {(side) => (
          // biome-ignore lint/a11y/useSemanticElements: inside an SVG there is no button element
          <path
            class="wall"
            classList={{ healable: props.stage.act !== undefined }}
            d={hullOf(spotsOf(side), MARGIN)}
            role="button"
            tabindex="0"
            aria-label={`${side.join(', ')}: cut off from the others`}
            onClick={() => end('partition')}
            onKeyDown={(event) => event.key === 'Enter' && end('partition')}
          >
            <title>{`${side.join(', ')}: cut off from the others${props.stage.act === undefined ? '' : ' – click to heal'}`}</title>
          </path>
        )}
      </For>
      <For each={cuts()}>{(cut) => <OneWay cut={cut} plan={props.plan} onMend={() => end('cut')} />}</For>
    </g>
  );
}

const isOfPartition = ({ from, to }: Cut, partitions: readonly (readonly (readonly string[])[])[]): boolean =>
  partitions.some((sides) => {
    const side = sides.findIndex((ids) => ids.includes(from));
    const other = sides.findIndex((ids) => ids.includes(to));
    return side !== -1 && other !== -1 && side !== other;
  });

/** A way that nothing passes: a line with a bar across, on the lane of its direction. */
function OneWay(props: { readonly cut: Cut; readonly plan: Plan; readonly onMend: () => void }) {
  const ends = createMemo(() => {
    const from = props.plan.spots.get(props.cut.from);
    const to = props.plan.spots.get(props.cut.to);
    if (from === undefined || to === undefined) return null;
    const lane = laneBetween(from, to);
    const angle = (Math.atan2(lane.toY - lane.fromY, lane.toX - lane.fromX) * 180) / Math.PI;
    return { lane, angle, middle: alongLane(from, to, 0.5) };
  });
  return (
    <Show when={ends()}>
      {(found) => (
        // biome-ignore lint/a11y/useSemanticElements: inside an SVG there is no button element
        <g
          class="cut"
          role="button"
          tabindex="0"
          aria-label={`Nothing passes from ${props.cut.from} to ${props.cut.to}`}
          onClick={props.onMend}
          onKeyDown={(event) => event.key === 'Enter' && props.onMend()}
        >
          <title>{`Nothing passes from ${props.cut.from} to ${props.cut.to}`}</title>
          <line x1={found().lane.fromX} y1={found().lane.fromY} x2={found().lane.toX} y2={found().lane.toY} />
          <path
            d="M-12 0H12M3-10V10M-3-10V10"
            transform={`translate(${found().middle.x} ${found().middle.y}) rotate(${found().angle})`}
          />
          <path
            class="tip"
            d="M-9-5L0 0L-9 5Z"
            transform={`translate(${found().lane.toX} ${found().lane.toY}) rotate(${found().angle})`}
          />
        </g>
      )}
    </Show>
  );
}
