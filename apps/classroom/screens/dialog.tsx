/** @jsxImportSource solid-js */
/** A window over the page: the browser's own dialog, so focus stays inside and Esc closes it. */
import { createUniqueId, type JSX, onMount } from 'solid-js';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly class?: string;
  readonly children: JSX.Element;
}

/** Is open while it is there. */
export function Dialog(props: DialogProps) {
  const titleId = createUniqueId();
  let element: HTMLDialogElement | undefined;
  onMount(() => {
    element?.showModal();
    // Beside it: on the backdrop, which is the dialog itself.
    element?.addEventListener('click', ({ target }) => target === element && element?.close());
  });
  return (
    <dialog ref={element} class={props.class} aria-labelledby={titleId} onClose={() => props.onClose()}>
      <div class="dialog-body">
        <div class="dialog-head">
          <h2 id={titleId}>{props.title}</h2>
          <button type="button" class="quiet" aria-label="Close" onClick={() => element?.close()}>
            ✕
          </button>
        </div>
        {props.children}
      </div>
    </dialog>
  );
}
