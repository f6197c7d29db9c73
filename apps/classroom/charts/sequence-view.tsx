/** @jsxImportSource solid-js */
/** Who said what to whom, in order: an actor a line, an event an arrow. */
import { createMemo, For, Show } from 'solid-js';
import type { InspectedActor, InspectionRecord } from './inspection.js';

interface SequenceViewProps {
  readonly records: readonly InspectionRecord[];
  readonly actors: readonly InspectedActor[];
}

const LANE = 150;
const ROW = 26;
const TOP = 34;
/** The newest are shown: an older one is reached by going back. */
const ROWS_MAX = 60;
/** Events from nobody who is inspected come from here. */
const OUTSIDE = '';

export function SequenceView(props: SequenceViewProps) {
  const rows = createMemo(() => props.records.filter(isTold).slice(-ROWS_MAX));
  const lanes = createMemo(() => lanesOf(rows(), props.actors));
  const laneOf = (session: string | null) =>
    Math.max(
      0,
      lanes().findIndex((lane) => lane.session === (session ?? OUTSIDE)),
    );
  const size = () => ({ width: lanes().length * LANE + 20, height: TOP + rows().length * ROW + 10 });
  const middle = (lane: number) => lane * LANE + LANE / 2;
  return (
    <section class="panel inspect-sequence" aria-labelledby="inspect-sequence-title">
      <div class="panel-head">
        <h2 id="inspect-sequence-title">Sequence of messages</h2>
      </div>
      <div class="scroll" tabindex="0">
        <Show when={rows().length > 0} fallback={<p class="empty">No message has been heard yet.</p>}>
          <svg
            class="sequence"
            width={size().width}
            height={size().height}
            role="img"
            aria-label="Messages between actors; the list of events tells the same in words"
          >
            <For each={lanes()}>
              {(lane, place) => (
                <>
                  <text class="sequence-name" x={middle(place())} y="18" text-anchor="middle">
                    {lane.name}
                  </text>
                  <path class="sequence-line" d={`M${middle(place())} 26V${size().height}`} />
                </>
              )}
            </For>
            <For each={rows()}>
              {(record, place) => (
                <Arrow
                  words={record.event?.type ?? ''}
                  y={TOP + place() * ROW + 14}
                  from={middle(laneOf(record.source))}
                  to={middle(laneOf(record.session))}
                />
              )}
            </For>
          </svg>
        </Show>
      </div>
    </section>
  );
}

/** Messages, and changes of state; XState's own first event says nothing. */
const isTold = ({ kind, event }: InspectionRecord): boolean =>
  kind === 'event' && event?.type !== 'xstate.init';

interface Lane {
  readonly session: string;
  readonly name: string;
}

function lanesOf(rows: readonly InspectionRecord[], actors: readonly InspectedActor[]): readonly Lane[] {
  const taking = new Set(rows.flatMap(({ session, source }) => [session, source ?? OUTSIDE]));
  const known = actors.filter(({ session }) => taking.has(session));
  const strange = [...taking].filter((session) => !known.some((actor) => actor.session === session));
  return [...strange.map((session) => ({ session, name: session || 'outside' })), ...known];
}

interface ArrowProps {
  readonly words: string;
  readonly y: number;
  readonly from: number;
  readonly to: number;
}

function Arrow(props: ArrowProps) {
  const isItself = () => props.from === props.to;
  const way = () => (props.to > props.from ? 1 : -1);
  const course = () =>
    isItself()
      ? `M${props.from} ${props.y - 6}h22v10h-18`
      : `M${props.from} ${props.y}H${props.to - way() * 4}`;
  const tip = () =>
    isItself()
      ? `M${props.from + 1} ${props.y + 4}l7 -4v8z`
      : `M${props.to - way()} ${props.y}l${-way() * 7} -4v8z`;
  return (
    <g class="sequence-arrow">
      <path class="sequence-course" d={course()} />
      <path class="sequence-tip" d={tip()} />
      <text
        x={isItself() ? props.from + 28 : (props.from + props.to) / 2}
        y={isItself() ? props.y + 4 : props.y - 5}
        text-anchor={isItself() ? 'start' : 'middle'}
      >
        {props.words}
      </text>
    </g>
  );
}
