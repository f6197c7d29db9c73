/** The page of the inspector's port: it puts the hosted inspector into a frame and hands it what the peer sends. */
export const bridgePage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>bullpen: Stately inspector</title>
<style>
  html, body { margin: 0; height: 100%; font: 14px system-ui, sans-serif; }
  body { display: flex; flex-direction: column; }
  p { margin: 0; padding: 6px 10px; background: #222; color: #eee; }
  iframe { flex: 1; border: 0; }
</style>
</head>
<body>
<p id="said">This page shows the hosted inspector of stately.ai (it needs the internet) and hands it what this peer sends.</p>
<iframe id="inspector" src="https://stately.ai/inspect" title="Stately inspector"></iframe>
<script>
  const said = document.getElementById('said');
  const inspector = document.getElementById('inspector');
  const waiting = [];
  const WAITING_MAX = 5000;
  let ready = false;
  const hand = (frame) => inspector.contentWindow.postMessage(frame, 'https://stately.ai');
  addEventListener('message', (event) => {
    if (event.origin !== 'https://stately.ai' || event.data?.type !== '@statelyai.connected') return;
    ready = true;
    for (const frame of waiting.splice(0)) hand(frame);
    said.textContent = 'The hosted inspector is connected and shows what this peer sends.';
  });
  const connect = () => {
    const socket = new WebSocket('ws://' + location.host);
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
