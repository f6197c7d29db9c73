/** @jsxImportSource solid-js */
/** The live page: what one peer of a running cluster sees, as it happens. Shown by the classroom's Live screen. */
import './page.css';
import './panels.css';
import { createEffect } from 'solid-js';
import { Beliefs } from './beliefs.jsx';
import { Charts } from './charts.jsx';
import { Header } from './header.jsx';
import { createLive } from './live.js';
import { LogPanel } from './log.jsx';
import { createMessageLog } from './message-log.js';
import { Ring } from './ring.jsx';
import { SystemPanels } from './systems.jsx';
import { TracePanel } from './trace.jsx';

export function App() {
  const live = createLive();
  const log = createMessageLog(live);

  createEffect(() => {
    const status = live.facts.status;
    if (status) document.title = `peer ${status.id} · ${status.cluster} · bullpen`;
  });

  return (
    <div class="peer-page">
      <Header live={live} />
      <div class="peer-panels" classList={{ lost: live.answering() === 'no' }}>
        <SystemPanels />
        <Ring live={live} />
        <LogPanel live={live} log={log} />
        <Charts live={live} />
        <Beliefs live={live} />
        <TracePanel live={live} />
      </div>
    </div>
  );
}
