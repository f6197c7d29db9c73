/** @jsxImportSource solid-js */
/** Time: the scrubber, and the branches below it. */
import { Show } from 'solid-js';
import { type BranchPoint, type LiveEdge, Scrubber } from '../panes/index.js';
import type { Stage } from '../stage.js';
import { Branches } from './branch-strip.jsx';
import type { Run } from './run.js';

interface TransportProps {
  readonly stage: Stage;
  readonly run?: Run | undefined;
  readonly edge?: LiveEdge | undefined;
  /** Compares this branch with the current one. */
  readonly onCompare?: ((branch: string | null) => void) | undefined;
  readonly compared?: string | null | undefined;
}

export function Transport(props: TransportProps) {
  return (
    <>
      <Scrubber stage={props.stage} branches={forksOf(props.run)} edge={props.edge} />
      <Show when={props.run}>
        {(run) => <Branches run={run()} onCompare={props.onCompare} compared={props.compared ?? null} />}
      </Show>
    </>
  );
}

/** Where branches leave, for marks on the scrubber. */
const forksOf = (run: Run | undefined): readonly BranchPoint[] =>
  (run?.branches() ?? []).flatMap(({ atMs, name }) => (atMs === null ? [] : [{ at: atMs, name }]));
