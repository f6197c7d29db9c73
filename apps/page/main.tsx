/** @jsxImportSource solid-js */
/** Mounts the live page. */
import { render } from 'solid-js/web';
import { App } from './app.js';

const root = document.getElementById('page');
if (root) render(() => <App />, root);
