/** @jsxImportSource solid-js */
/** Replay. */
export function Replay() {
  return <p class="waiting">Replay</p>;
}
