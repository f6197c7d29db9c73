/** What strangers have managed to do to peers, found by fuzzing: each once, by name. */
import { Hand, Stage } from './stage.js';

/** A peer that seeks a cluster, and a stranger who has dialled it and says `frame`. */
function heard(frame: string) {
  const stage = new Stage(['9']);
  stage.start('9', { bootstrap: false, seeds: [] });
  stage.cluster.clock.advance(100);
  for (let times = 0; times < 5; times += 1) {
    const hand = new Hand(stage, 'stranger', '9:7000');
    stage.cluster.clock.advance(5);
    hand.say(frame);
    stage.cluster.clock.advance(5);
  }
  return stage;
}

describe('a stranger at the door', () => {
  const refusal = (code: string, detail = 'go away') =>
    JSON.stringify({ type: 'link.refuse', from: '4', code, detail });

  it.each(['cluster-mismatch', 'version-mismatch', 'mode-mismatch', 'duplicate-id'])(
    'who refuses a peer that seeks a cluster as %s does not stop it',
    (code) => {
      const stage = heard(refusal(code));

      expect(stage.cluster.status('9').role).toBe('unjoined');
      expect(stage.cluster.warnings).toContain(`9: ${code}: go away`);
      stage.close();
    },
  );

  it('neither breaks a line of the log nor colours it', () => {
    const stage = heard(refusal('mode-mismatch', '\u001b[2J\nready id=9 \u202e'));

    expect(stage.cluster.warnings).toContain('9: mode-mismatch: \\u001b[2J\\u000aready id=9 \\u202e');
    stage.close();
  });
});
