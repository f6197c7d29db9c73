/** @jsxImportSource solid-js */
/** Any XState program, as it tells of itself: its actors, their charts, events and messages, live or at an earlier place. */
import { createEffect, createMemo, createSignal, For, on, onCleanup, onMount, Show, untrack } from 'solid-js';
import { stateInWords } from './active-states.js';
import { ChartView } from './chart-view.jsx';
import { createInspection, depthOf, type InspectedActor, type InspectionRecord } from './inspection.js';
import { listenTo, listenToOpener, problemWith, type SourceNews } from './inspection-source.js';
import { SequenceView } from './sequence-view.jsx';

/** So many records around the place are shown at a time. */
const WINDOW = 120;
/** However much a program has to say. */
const TOLD_EVERY_MS = 100;

interface InspectViewProps {
  /** Where to listen; null for the window that opened this one. */
  readonly address: string | null;
}

export function InspectView(props: InspectViewProps) {
  // One growing thing: told again when it has grown, at most so often.
  const [heard, setHeard] = createSignal(createInspection(), { equals: false });
  const [fixed, setFixed] = createSignal<number | null>(null);
  const [chosen, setChosen] = createSignal<string | null>(null);
  const [news, setNews] = createSignal<SourceNews>({ words: 'nobody has been heard yet', isOpen: false });
  const [isAll, setAll] = createSignal(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const hear = (told: unknown) => {
    const known = untrack(heard);
    if (!known.keep(told) || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      setHeard(known);
    }, TOLD_EVERY_MS);
  };
  onMount(() => {
    createEffect(
      on(
        () => props.address,
        (address) => {
          if (address !== null) {
            const problem = problemWith(address);
            if (problem !== null) return void setNews({ words: problem, isOpen: false });
            onCleanup(listenTo(address, hear, setNews));
            return;
          }
          const end = listenToOpener(hear);
          if (end === null) return void setNews({ words: 'no program opened this page', isOpen: false });
          setNews({ words: 'listening to the window that opened this page', isOpen: true });
          onCleanup(end);
        },
      ),
    );
  });
  onCleanup(() => clearTimeout(timer));

  const end = () => heard().end();
  const place = () => Math.min(fixed() ?? end(), end());
  const actors = createMemo(() => heard().actors(), [], { equals: isSameList });
  const actor = () => actors().find(({ session }) => session === chosen()) ?? actors()[0];
  const shown = createMemo(() =>
    heard().recent(place(), WINDOW, isAll() ? null : (actor()?.session ?? null)),
  );
  const go = (to: number) => setFixed(to >= heard().end() ? null : Math.max(heard().first() + 1, to));

  return (
    <div class="inspect">
      <section class="panel inspect-time" aria-label="Live or rewound">
        <p role="status" classList={{ fault: !news().isOpen }}>
          {news().words}
        </p>
        <div class="inspect-tools">
          <button type="button" class="quiet" aria-label="Back by one" onClick={() => go(place() - 1)}>
            ◀
          </button>
          <input
            type="range"
            aria-label="Place in what was heard"
            min={heard().first() + 1}
            max={Math.max(1, end())}
            value={place()}
            onInput={(event) => go(Number(event.currentTarget.value))}
          />
          <button type="button" class="quiet" aria-label="On by one" onClick={() => go(place() + 1)}>
            ▶
          </button>
          <button type="button" aria-pressed={fixed() === null} onClick={() => setFixed(null)}>
            Live
          </button>
          <span class="dim">
            {place()} of {end()}
          </span>
        </div>
      </section>
      <Show
        when={actor()}
        fallback={<p class="empty">As soon as a program tells of an actor, it is shown here.</p>}
      >
        {(one) => (
          <>
            <ActorTree
              actors={actors()}
              chosen={one().session}
              stateOf={(session) => heard().faceAt(session, place())?.state ?? null}
              statusOf={(session) => heard().faceAt(session, place())?.status ?? null}
              onChoose={setChosen}
            />
            <OneActor
              actor={one()}
              face={heard().faceAt(one().session, place())}
              last={heard().stepAt(one().session, place())}
            />
            <EventList
              records={shown()}
              actors={actors()}
              place={place()}
              isAll={isAll()}
              onAll={setAll}
              onGo={go}
            />
            <SequenceView records={shown()} actors={actors()} />
          </>
        )}
      </Show>
    </div>
  );
}

const isSameList = (one: readonly InspectedActor[], other: readonly InspectedActor[]): boolean =>
  one.length === other.length && one.every((actor, place) => actor === other[place]);

interface ActorTreeProps {
  readonly actors: readonly InspectedActor[];
  readonly chosen: string;
  readonly stateOf: (session: string) => string | null;
  readonly statusOf: (session: string) => string | null;
  readonly onChoose: (session: string) => void;
}

function ActorTree(props: ActorTreeProps) {
  return (
    <nav class="panel inspect-actors" aria-label="Actors">
      <h2>Actors</h2>
      <ul class="scroll">
        <For each={props.actors}>
          {(actor) => (
            <li>
              <button
                type="button"
                class={`quiet inspect-depth-${Math.min(6, depthOf(actor, props.actors))}`}
                aria-pressed={actor.session === props.chosen}
                onClick={() => props.onChoose(actor.session)}
              >
                {actor.name} <span class="dim">{actor.session}</span>{' '}
                <Show
                  when={props.stateOf(actor.session) !== null}
                  fallback={<span class="dim">not yet</span>}
                >
                  <span class="inspect-state">
                    ● {stateInWords(props.stateOf(actor.session) ?? '') || '–'}
                  </span>
                  <Show when={props.statusOf(actor.session) !== 'active'}>
                    <span class="dim"> {props.statusOf(actor.session)}</span>
                  </Show>
                </Show>
              </button>
            </li>
          )}
        </For>
      </ul>
    </nav>
  );
}

interface OneActorProps {
  readonly actor: InspectedActor;
  readonly face: { readonly state: string; readonly context: unknown } | null;
  readonly last: { was: string; now: string; event: string; turn: number } | null;
}

function OneActor(props: OneActorProps) {
  return (
    <section class="panel inspect-chart" aria-labelledby="inspect-actor">
      <div class="panel-head">
        <h2 id="inspect-actor">{props.actor.name}</h2>
        <p class="dim">{props.actor.session}</p>
      </div>
      <Show when={props.actor.definition} fallback={<p class="empty">This actor has no statechart.</p>}>
        <ChartView definition={props.actor.definition} state={props.face?.state ?? ''} last={props.last} />
      </Show>
      <details class="inspect-context">
        <summary>Context</summary>
        <pre>{JSON.stringify(props.face?.context ?? null, null, 2)}</pre>
      </details>
    </section>
  );
}

interface EventListProps {
  readonly records: readonly InspectionRecord[];
  readonly actors: readonly InspectedActor[];
  readonly place: number;
  /** Whether those of every actor are shown. */
  readonly isAll: boolean;
  readonly onAll: (isAll: boolean) => void;
  readonly onGo: (place: number) => void;
}

function EventList(props: EventListProps) {
  const nameOf = (session: string | null) =>
    props.actors.find((actor) => actor.session === session)?.name ?? session ?? 'outside';
  const newest = () => [...props.records].reverse();
  return (
    <section class="panel inspect-events" aria-labelledby="inspect-events-title">
      <div class="panel-head">
        <h2 id="inspect-events-title">Events</h2>
        <p class="dim">the newest first; click one to go there</p>
        <label>
          <input
            type="checkbox"
            checked={props.isAll}
            onChange={(event) => props.onAll(event.currentTarget.checked)}
          />
          of all actors
        </label>
      </div>
      <ol class="scroll" aria-label="Events, the newest first">
        <For each={newest()}>
          {(record) => (
            <li aria-current={record.index + 1 === props.place ? 'step' : undefined}>
              <button type="button" class="quiet" onClick={() => props.onGo(record.index + 1)}>
                <span class="dim">{record.index + 1}</span> {sentenceOf(record, nameOf)}
              </button>
            </li>
          )}
        </For>
      </ol>
    </section>
  );
}

function sentenceOf(
  { kind, session, source, event, face }: InspectionRecord,
  nameOf: (session: string | null) => string,
): string {
  switch (kind) {
    case 'actor':
      return `${nameOf(session)} is there`;
    case 'event':
      return `${nameOf(source)} ➜ ${nameOf(session)}: ${event?.type ?? ''}`;
    case 'snapshot':
      return `${nameOf(session)} ● ${stateInWords(face?.state ?? '') || (face?.status ?? '')}`;
    default:
      return kind satisfies never;
  }
}
