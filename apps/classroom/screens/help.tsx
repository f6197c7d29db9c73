/** @jsxImportSource solid-js */
/** Help: what the screens are for, every key, and what can be set. */
import { createMemo, For } from 'solid-js';
import { type Command, type Commands, type Group, keyInWords } from './commands.js';
import { Dialog } from './dialog.jsx';
import { changeSettings, settings, THEMES } from './settings.js';

const GROUPS: readonly Group[] = ['Time', 'Selection', 'Faults', 'View', 'Page'];

interface HelpProps {
  readonly commands: Commands;
  readonly onClose: () => void;
}

export function Help(props: HelpProps) {
  const withKeys = createMemo(() => props.commands.all().filter(({ keys }) => keys !== undefined));
  return (
    <Dialog title="Help" class="help" onClose={() => props.onClose()}>
      <p>
        This page runs the very statecharts that the cluster runs, on a clock of its own. <b>Learn</b> has
        lessons in order, <b>Sandbox</b> is for anything you like, <b>Live</b> shows a running cluster,{' '}
        <b>Replay</b> opens what was recorded, <b>Statecharts</b> shows every machine.
      </p>
      <Choices />
      <h3>Keys of this screen</h3>
      <div class="help-keys">
        <For each={GROUPS}>{(group) => <Keys group={group} commands={withKeys()} />}</For>
      </div>
    </Dialog>
  );
}

function Keys(props: { readonly group: Group; readonly commands: readonly Command[] }) {
  const own = () => props.commands.filter(({ group }) => group === props.group);
  return (
    <section classList={{ unseen: own().length === 0 }} aria-label={props.group}>
      <h3>{props.group}</h3>
      <dl>
        <For each={own()}>
          {(command) => (
            <div>
              <dt>
                <For each={(command.keys ?? []).slice(0, 2)}>{(key) => <kbd>{keyInWords(key)}</kbd>}</For>
              </dt>
              <dd>{command.words}</dd>
            </div>
          )}
        </For>
      </dl>
    </section>
  );
}

function Choices() {
  return (
    <fieldset class="help-choices">
      <legend class="unseen">Settings</legend>
      <label>
        Theme{' '}
        <select
          value={settings.theme}
          onChange={({ currentTarget }) =>
            changeSettings('theme', THEMES.find((theme) => theme === currentTarget.value) ?? 'auto')
          }
        >
          <For each={THEMES}>{(theme) => <option value={theme}>{theme}</option>}</For>
        </select>
      </label>
      <Choice name="Keys of one character" of="singleKeys" />
      <Choice name="Messages glide" of="motion" />
    </fieldset>
  );
}

function Choice(props: { readonly name: string; readonly of: 'singleKeys' | 'motion' }) {
  return (
    <label>
      <input
        type="checkbox"
        checked={settings[props.of]}
        onChange={({ currentTarget }) => changeSettings(props.of, currentTarget.checked)}
      />
      {props.name}
    </label>
  );
}
