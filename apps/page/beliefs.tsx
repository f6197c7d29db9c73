/** @jsxImportSource solid-js */
/** Who believes whom to be there, and whom each follows: the membership and the failure detectors in one table. */
import { createMemo, For, Show } from 'solid-js';
import type { Belief } from './contract.js';
import type { Live } from './live.js';
import { memberIds } from './members.js';

interface Cell {
  readonly mark: string;
  readonly word: string;
  readonly look: 'good' | 'bad' | 'unknown' | 'own';
}

export function Beliefs(props: { readonly live: Live }) {
  const facts = props.live.facts;
  const ids = createMemo(() => [...memberIds(facts.status, facts.beliefs)].reverse());
  const belief = (id: string) => facts.beliefs.find((one) => one.id === id);
  const own = () => facts.status?.id ?? '';

  return (
    <section class="panel beliefs" aria-labelledby="beliefs-title">
      <div class="panel-head">
        <h2 id="beliefs-title">Beliefs</h2>
        <p class="dim">who hears whom, as told to peer {own() || '?'}</p>
      </div>
      <div class="scroll" tabindex="0">
        <table>
          <thead>
            <tr>
              <th scope="col">peer</th>
              <For each={ids()}>{(id) => <th scope="col">{id}</th>}</For>
              <For each={['follows', 'term', 'log']}>{(name) => <th scope="col">{name}</th>}</For>
            </tr>
          </thead>
          <tbody>
            <For each={ids()}>
              {(observer) => (
                <tr classList={{ own: observer === own(), stale: isStale(belief(observer)) }}>
                  <th scope="row">{observer}</th>
                  <For each={ids()}>
                    {(subject) => <BeliefCell {...cellOf(observer, subject, own(), belief)} />}
                  </For>
                  <Follows live={props.live} belief={belief(observer)} isOwn={observer === own()} />
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
    </section>
  );
}

function BeliefCell(props: Cell) {
  return (
    <td class={`belief belief-${props.look}`} title={props.word}>
      <span aria-hidden="true">{props.mark}</span>
      <span class="unseen">{props.word}</span>
    </td>
  );
}

function Follows(props: {
  readonly live: Live;
  readonly belief: Belief | undefined;
  readonly isOwn: boolean;
}) {
  const status = () => props.live.facts.status;
  const follows = () => (props.isOwn ? status()?.coordinator : props.belief?.follows) ?? null;
  const term = () => (props.isOwn ? status()?.term : props.belief?.term)?.n;
  const log = () => (props.isOwn ? status()?.last : props.belief?.lastIndex);
  const disagrees = () => !isStale(props.belief) && follows() !== (status()?.coordinator ?? null);
  return (
    <>
      <td classList={{ disagrees: disagrees() }}>
        <Show when={follows()} fallback={<span class="dim">nobody</span>}>
          {(id) => <span class="leads">◆ {id()}</span>}
        </Show>
      </td>
      <td>{term() ?? '–'}</td>
      <td>{log() ?? '–'}</td>
    </>
  );
}

/** What it said is old when it has not been heard lately. */
const isStale = (belief: Belief | undefined): boolean =>
  belief === undefined ||
  belief.state === 'suspected' ||
  belief.state === 'unreachable' ||
  belief.state === 'failed' ||
  belief.state === 'unknown';

function cellOf(
  observer: string,
  subject: string,
  own: string,
  belief: (id: string) => Belief | undefined,
): Cell {
  if (observer === subject) return { mark: '–', word: 'itself', look: 'own' };
  if (observer === own) return ownCell(belief(subject)?.state);
  const told = belief(observer);
  if (!told || isStale(told)) return { mark: '?', word: 'not known now', look: 'unknown' };
  return told.hears.includes(subject)
    ? { mark: '●', word: `hears ${subject}`, look: 'good' }
    : { mark: '✕', word: `does not hear ${subject}`, look: 'bad' };
}

function ownCell(state: Belief['state'] | undefined): Cell {
  switch (state) {
    case 'trusted':
      return { mark: '●', word: 'trusted', look: 'good' };
    case 'suspected':
      return { mark: '✕', word: 'suspected: is not answering', look: 'bad' };
    case 'unreachable':
      return { mark: '✕', word: 'out of reach: others hear it', look: 'bad' };
    case 'failed':
      return { mark: '✕✕', word: 'failed: given up', look: 'bad' };
    default:
      return { mark: '?', word: 'not heard yet', look: 'unknown' };
  }
}
