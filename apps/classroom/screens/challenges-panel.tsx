/** @jsxImportSource solid-js */
/** Challenges of the sandbox: each is checked by itself, against the trace. */
import { createMemo, createResource, For, Show } from 'solid-js';
import type { Run } from './run.js';

export function Challenges(props: { readonly run: Run }) {
  return <p class="empty">{props.run.script().name}</p>;
}
