/** @jsxImportSource solid-js */
/** Statecharts: every machine of the cluster, and those of any program that speaks Stately's protocol. */
import { StatechartsScreen } from '../charts/index.js';
import { useShell } from './shell.js';

export function Statecharts() {
  const shell = useShell();
  const route = shell.routing.route;
  return <StatechartsScreen part={route().part} query={route().query} onGo={shell.routing.go} />;
}
