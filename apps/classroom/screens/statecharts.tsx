/** @jsxImportSource solid-js */
/** Statecharts. */
export function Statecharts() {
  return <p class="waiting">Statecharts</p>;
}
