/** @jsxImportSource solid-js */
/** Who believes what: what every peer holds of every other, whom it follows, and in which term. */
import { createMemo, For, Index, Show } from 'solid-js';
import type { Stage } from '../stage.js';
import { type BeliefRow, type Cell, matrixOf } from './beliefs-matrix.js';
import { classes } from './classes.js';
import { lengthInWords } from './kinds.js';
import './beliefs.css';

export function Beliefs(props: { readonly stage: Stage }) {
  const { stage } = props;
  const { ids } = stage;
  const rows = createMemo(() => matrixOf(stage.world(), ids(), stage.unheard).toReversed());
  return (
    <section class="panel beliefs-pane" aria-labelledby="beliefs-title">
      <div class="panel-head">
        <h2 id="beliefs-title">Beliefs</h2>
        <p class="dim">outlined where they disagree</p>
      </div>
      <div class="scroll" tabindex="0">
        <table>
          <thead>
            <tr>
              <th scope="col">
                <span class="unseen">observer</span>
              </th>
              <For each={ids().toReversed()}>
                {(id) => (
                  <th scope="col">
                    <span class="unseen">of </span>
                    {id}
                  </th>
                )}
              </For>
              <th scope="col">follows</th>
              <th scope="col">term</th>
            </tr>
          </thead>
          <tbody>
            <Index each={rows()}>{(row) => <Row stage={stage} row={row()} />}</Index>
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** Rows of others are not for the eyes of one. */
const isHidden = (stage: Stage, id: string): boolean =>
  stage.view() === 'node' && id !== (stage.selectedPeer() ?? stage.ids().at(-1));

function Row(props: { readonly stage: Stage; readonly row: BeliefRow }) {
  const isDim = () => !props.row.isLive || isHidden(props.stage, props.row.id);
  const isSelected = () => props.stage.selectedPeer() === props.row.id;
  return (
    <tr classList={{ absent: isDim(), unheard: props.row.isUnheard, selected: isSelected() }}>
      <th scope="row">
        <button
          type="button"
          class="quiet"
          onClick={() => props.stage.selectPeer(isSelected() ? null : props.row.id)}
        >
          {props.row.id}
        </button>
      </th>
      <Index each={props.row.cells.toReversed()}>
        {(cell) => <BeliefCell stage={props.stage} observer={props.row.id} cell={cell()} />}
      </Index>
      <Show
        when={!isDim()}
        fallback={
          <td class="dim" colspan="2">
            {props.row.isLive ? 'not known' : props.row.absence}
          </td>
        }
      >
        <td classList={{ disagrees: props.row.followsOther }}>
          <Show when={props.row.follows} fallback={<span class="dim">nobody</span>}>
            {(id) => <span class="leads">◆ {id()}</span>}
          </Show>
        </td>
        <td>{props.row.term}</td>
      </Show>
    </tr>
  );
}

function BeliefCell(props: { readonly stage: Stage; readonly observer: string; readonly cell: Cell }) {
  const isShown = () => !isHidden(props.stage, props.observer);
  const heard = () => {
    const at = props.stage.history().heardAt(props.observer, props.cell.subject, props.stage.index());
    return at === null ? '' : `, last heard ${lengthInWords(Math.max(0, props.stage.time() - at))} ago`;
  };
  const word = () => `${props.cell.word}${props.cell.suspicion === 'itself' ? '' : heard()}`;
  return (
    <td
      class={classes(`belief belief-${isShown() ? props.cell.suspicion : 'unknown'}`, {
        disagrees: isShown() && props.cell.disagrees,
      })}
      onPointerEnter={(event) => {
        event.currentTarget.title = isShown() ? `${props.observer} of ${props.cell.subject}: ${word()}` : '';
      }}
    >
      <span aria-hidden="true">{isShown() ? props.cell.mark : ''}</span>
      <span class="unseen">{isShown() ? props.cell.word : 'not known'}</span>
    </td>
  );
}
