/** @jsxImportSource solid-js */
/** The branches of a run: which is played, what they are called, which two are compared. */
import { createSignal, For, Show } from 'solid-js';
import type { Branch } from './branches.js';
import type { Run } from './run.js';

interface BranchesProps {
  readonly run: Run;
  readonly onCompare?: ((branch: string | null) => void) | undefined;
  readonly compared: string | null;
}

export function Branches(props: BranchesProps) {
  const several = () => props.run.branches().length > 1;
  return (
    <Show when={several()}>
      <div class="branches">
        <span class="dim">branches</span>
        <ul aria-label="Branches">
          <For each={props.run.branches()}>
            {(branch) => <Tab branch={branch} run={props.run} isCompared={props.compared === branch.id} />}
          </For>
        </ul>
        <Show when={props.onCompare}>
          {(compare) => <CompareButton run={props.run} compared={props.compared} onCompare={compare()} />}
        </Show>
      </div>
    </Show>
  );
}

interface TabProps {
  readonly branch: Branch;
  readonly run: Run;
  readonly isCompared: boolean;
}

function Tab(props: TabProps) {
  const [isNaming, setNaming] = createSignal(false);
  const isCurrent = () => props.run.current().id === props.branch.id;
  const rename = (name: string) => {
    setNaming(false);
    props.run.rename(props.branch.id, name);
  };
  return (
    <li classList={{ compared: props.isCompared }}>
      <Show
        when={!isNaming()}
        fallback={
          <input
            class="branch-name"
            aria-label="Name of the branch"
            value={props.branch.name}
            ref={(input) => queueMicrotask(() => input.select())}
            onBlur={({ currentTarget }) => rename(currentTarget.value)}
            onKeyDown={({ key, currentTarget }) => {
              if (key === 'Enter') currentTarget.blur();
              if (key === 'Escape') setNaming(false);
            }}
          />
        }
      >
        <button
          type="button"
          aria-pressed={isCurrent()}
          title={isCurrent() ? 'Click again, or F, to name it' : 'Switch to this branch'}
          onClick={() => (isCurrent() ? setNaming(true) : props.run.select(props.branch.id))}
        >
          {props.branch.name}
        </button>
      </Show>
      <Show when={props.branch.from !== null && !isCurrent()}>
        <button
          type="button"
          class="quiet remove"
          aria-label={`Forget the branch ${props.branch.name}`}
          onClick={() => props.run.remove(props.branch.id)}
        >
          ✕
        </button>
      </Show>
    </li>
  );
}

interface CompareProps {
  readonly run: Run;
  readonly compared: string | null;
  readonly onCompare: (branch: string | null) => void;
}

/** With the branch it came from, unless another is chosen. */
function CompareButton(props: CompareProps) {
  const others = () => props.run.branches().filter(({ id }) => id !== props.run.current().id);
  return (
    <label>
      compare with{' '}
      <select
        value={props.compared ?? ''}
        onChange={({ currentTarget }) => props.onCompare(currentTarget.value || null)}
      >
        <option value="">nothing</option>
        <For each={others()}>{({ id, name }) => <option value={id}>{name}</option>}</For>
      </select>
    </label>
  );
}
