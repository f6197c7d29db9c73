/** @jsxImportSource solid-js */
/** Who this peer is, whom it follows, and whether it still answers. */
import { createEffect, createSignal, type JSX, on, onCleanup, Show } from 'solid-js';
import { Glyph } from './glyph.jsx';
import type { Live } from './live.js';

export function Header(props: { readonly live: Live }) {
  const status = () => props.live.facts.status;
  return (
    <div class="peer-head">
      <Show when={status()} fallback={<p class="facts">Asking the peer who it is …</p>}>
        {(known) => (
          <dl class="facts">
            <Fact name="cluster">{known().cluster}</Fact>
            <Fact name="this peer">
              <b>{known().id}</b> <span class="role">{known().role}</span>
            </Fact>
            <Fact name="term">
              <b>{known().term.n}</b>
            </Fact>
            <Fact name="coordinator">
              <Show when={known().coordinator} fallback={<span class="fault">✕ none</span>}>
                {(coordinator) => (
                  <b class="leads">
                    <Glyph kind="coordinator" /> {coordinator()}
                  </b>
                )}
              </Show>
            </Fact>
            <Fact name="mode">
              {known().mode}, {known().durable ? 'log on disk' : 'log in memory'}
            </Fact>
          </dl>
        )}
      </Show>
      <Connection live={props.live} />
      <Announcer live={props.live} />
    </div>
  );
}

function Fact(props: { readonly name: string; readonly children: JSX.Element }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

/** Says plainly when the peer is gone, for how long, and that nobody needs to reload the page. */
function Connection(props: { readonly live: Live }) {
  const [silent, setSilent] = createSignal(0);
  let timer: ReturnType<typeof setInterval> | undefined;
  createEffect(
    on(props.live.answering, (answering) => {
      clearInterval(timer);
      const since = Date.now();
      setSilent(0);
      if (answering === 'no')
        timer = setInterval(() => setSilent(Math.round((Date.now() - since) / 1000)), 1000);
    }),
  );
  onCleanup(() => clearInterval(timer));
  const notReady = () => props.live.facts.status?.notReady;

  return (
    <p class={`connection connection-${props.live.answering()}`}>
      <Show
        when={props.live.answering() !== 'no'}
        fallback={<>✕ This peer does not answer: {silent()} s. Asking on; what you see is old.</>}
      >
        <Show when={props.live.answering() === 'yes'} fallback={<>connecting …</>}>
          <Show when={notReady()} fallback={<>● live</>}>
            {(why) => <>◌ not ready: {why()}</>}
          </Show>
        </Show>
      </Show>
    </p>
  );
}

/** Tells people who listen to the page about changes of coordinator, and only those. */
function Announcer(props: { readonly live: Live }) {
  const sentence = () => {
    const status = props.live.facts.status;
    if (props.live.answering() === 'no') return 'This peer does not answer.';
    if (!status) return '';
    return status.coordinator === null
      ? 'There is no coordinator now.'
      : `Peer ${status.coordinator} is the coordinator of term ${status.term.n}.`;
  };
  return (
    <p class="unseen" aria-live="polite">
      {sentence()}
    </p>
  );
}
