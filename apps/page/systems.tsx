/** @jsxImportSource solid-js */
/** The panels of the systems that the peer runs: each is loaded when it is there to be shown. */
import { type Component, createResource, For, lazy, Suspense } from 'solid-js';
import { readSystems } from './requests.js';

/** By the name of the system. A panel asks the peer for what it shows, below `v1/`. */
const PANELS: Readonly<Record<string, Component>> = {
  energy: lazy(async () => ({ default: (await import('../energy/panel.jsx')).EnergyPanel })),
  sensor: lazy(async () => ({ default: (await import('../sensor/panel.jsx')).SensorPanel })),
  auction: lazy(async () => ({ default: (await import('../auction/panel.jsx')).AuctionPanel })),
};

export function SystemPanels() {
  const [systems] = createResource(readSystems);
  const panels = () => (systems() ?? []).flatMap((name) => PANELS[name] ?? []);
  return <For each={panels()}>{(Panel) => <Suspense>{<Panel />}</Suspense>}</For>;
}
