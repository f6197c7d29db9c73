/** @jsxImportSource solid-js */
/** Mounts the classroom. */
import { render } from 'solid-js/web';
import { Application } from './application.jsx';
import { applySettings } from './settings.js';

const root = document.getElementById('page');
applySettings();
if (root) render(() => <Application />, root);
