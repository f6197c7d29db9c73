/**
 * The page of the inspector's port: it puts the hosted inspector into a frame and hands it what the peer sends. Without
 * the internet that one never says that it is there: then the project's own viewer takes its place.
 */
import { VIEWER } from './inspector-viewer.js';

/** @param hasViewer - whether our own viewer is served beside it. */
export const bridgePage = (hasViewer: boolean): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>bullpen: inspector</title>
<style>
  html, body { margin: 0; height: 100%; font: 14px system-ui, sans-serif; }
  body { display: flex; flex-direction: column; }
  p { margin: 0; padding: 6px 10px; background: #222; color: #eee; }
  a { color: #8cf; }
  iframe { flex: 1; border: 0; }
</style>
</head>
<body>
<p><span id="said">This page shows the hosted inspector of stately.ai (it needs the internet) and hands it what this peer sends.</span>
${hasViewer ? '<a id="own" href="#">Show it in the viewer of this project instead</a>' : ''}</p>
<iframe id="inspector" src="https://stately.ai/inspect" title="Stately inspector"></iframe>
<script>
  const said = document.getElementById('said');
  const own = document.getElementById('own');
  const inspector = document.getElementById('inspector');
  const waiting = [];
  const WAITING_MAX = 5000;
  const PATIENCE_MS = 6000;
  let ready = false;
  const server = 'ws://' + location.host;
  const hand = (frame) => inspector.contentWindow.postMessage(frame, 'https://stately.ai');
  addEventListener('message', (event) => {
    if (event.origin !== 'https://stately.ai' || event.data?.type !== '@statelyai.connected') return;
    ready = true;
    for (const frame of waiting.splice(0)) hand(frame);
    said.textContent = 'The hosted inspector is connected and shows what this peer sends.';
  });
  if (own) {
    own.href = '${VIEWER}#/charts?ws=' + encodeURIComponent(server);
    const leave = () => { if (!ready) location.replace(own.href); };
    if (navigator.onLine) setTimeout(leave, PATIENCE_MS);
    else leave();
  }
  const connect = () => {
    const socket = new WebSocket(server);
    socket.onmessage = (event) => {
      const frame = JSON.parse(event.data);
      if (ready) hand(frame);
      else if (waiting.length < WAITING_MAX) waiting.push(frame);
    };
    socket.onclose = () => {
      said.textContent = 'The peer does not answer; trying again.';
      setTimeout(connect, 1000);
    };
  };
  connect();
</script>
</body>
</html>
`;
