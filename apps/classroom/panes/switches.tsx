/** @jsxImportSource solid-js */
/** Small controls of the panes' heads. */
import { For } from 'solid-js';

interface ToggleProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly onChange: (on: boolean) => void;
  /** The key that does the same. */
  readonly key?: string;
}

/** On or off, with the word beside it. */
export function Toggle(props: ToggleProps) {
  return (
    <label class="toggle" title={props.key === undefined ? undefined : `${props.label} (${props.key})`}>
      <input
        type="checkbox"
        checked={props.isOn}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      {props.label}
    </label>
  );
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly options: readonly { readonly value: Value; readonly label: string; readonly key?: string }[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

/** One of a few, side by side. */
export function Choice<Value extends string>(props: ChoiceProps<Value>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would draw a box round two words
    <div class="choice-of" role="group" aria-label={props.label}>
      <For each={props.options}>
        {(option) => (
          <button
            type="button"
            aria-pressed={props.value === option.value}
            title={option.key === undefined ? undefined : `${option.label} (${option.key})`}
            onClick={() => props.onChange(option.value)}
          >
            {option.label}
          </button>
        )}
      </For>
    </div>
  );
}
