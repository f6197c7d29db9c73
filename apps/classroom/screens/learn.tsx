/** @jsxImportSource solid-js */
/** Learn. */
export function Learn() {
  return <p class="waiting">Learn</p>;
}
