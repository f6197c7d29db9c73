/** @jsxImportSource solid-js */
/** Lab. */
export function Lab() {
  return <p class="waiting">Lab</p>;
}
