/** @jsxImportSource solid-js */
/** The box to send a message, and what became of those that got no number. */
import { createSignal, For } from 'solid-js';
import type { MessageLog } from './message-log.js';

const TOPIC_CHARACTERS_MAX = 64;

export function Composer(props: {
  readonly log: MessageLog;
  readonly topics: readonly string[];
  readonly self: string;
}) {
  const [topic, setTopic] = createSignal('general');
  const [text, setText] = createSignal('');
  const ready = () => text().trim() !== '' && topic().trim() !== '';
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    if (!ready()) return;
    props.log.send(topic().trim(), text().trim());
    setText('');
  };

  return (
    <>
      <Troubles log={props.log} />
      <form class="composer" onSubmit={send}>
        <label class="topic-field">
          <span class="unseen">Topic</span>
          <input
            list="topics"
            maxLength={TOPIC_CHARACTERS_MAX}
            placeholder="topic"
            value={topic()}
            onInput={(event) => setTopic(event.currentTarget.value)}
          />
        </label>
        <datalist id="topics">
          <For each={props.topics}>{(name) => <option value={name} />}</For>
        </datalist>
        <label class="text-field">
          <span class="unseen">Message</span>
          <input
            autocomplete="off"
            placeholder={`say something through peer ${props.self}`}
            value={text()}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <button type="submit" disabled={!ready()}>
          Send
        </button>
      </form>
    </>
  );
}

function Troubles(props: { readonly log: MessageLog }) {
  return (
    <ul class="troubles" role="status">
      <For each={props.log.pending().filter((one) => one.trouble !== '')}>
        {(one) => (
          <li>
            <p>
              <span class="fault">✕</span> “{one.text}”: {one.trouble}
            </p>
            <button type="button" onClick={() => props.log.sendAgain(one)}>
              Send again
            </button>
            <button type="button" class="quiet" onClick={() => props.log.forget(one.key)}>
              Forget
            </button>
          </li>
        )}
      </For>
    </ul>
  );
}
