/** @jsxImportSource solid-js */
/** A message's shape beside words: in the legend, the header, the trace. */
import { drawShape, type Kind } from './shapes.js';

export function Glyph(props: { readonly kind: Kind }) {
  return (
    <svg class="glyph" viewBox="-9 -9 18 18" aria-hidden="true">
      {drawShape(props.kind)}
    </svg>
  );
}
