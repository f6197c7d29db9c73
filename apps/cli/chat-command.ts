/** The words of `bullpen chat`. What its programs need is loaded when one runs. */
import type { Command } from 'commander';
import { addPeerFlags, configurationFrom } from './flags.js';

type Finish = (exitCode: number) => void;
type Flags = Readonly<Record<string, unknown>>;

export function addChat(root: Command, finish: Finish): void {
  const chat = root
    .command('chat')
    .description('a peer and its user: totally ordered rooms in the terminal; with --client no peer')
    .enablePositionalOptions()
    .option('--room <NAME>', 'where the conversation begins (default: general)')
    .option(
      '--client',
      'a thin client of any peer: no vote, no log; takes --seed or --discover, --cluster, --transport, --id',
    );
  addPeerFlags(chat)
    .addHelpText('after', CHAT_ENDS)
    .action(async ({ room, client, ...flags }: Flags) => {
      const first = typeof room === 'string' ? room : undefined;
      if (client === true) {
        const { startChatClient } = await import('./chat-client.js');
        return finish(await startChatClient(flags, first));
      }
      const configuration = await configurationFrom(flags);
      const { startChat } = await import('./chat.js');
      finish(await startChat(configuration, first));
    });
  addScale(chat, finish);
}

const CHAT_ENDS = `
/quit, Ctrl-C or the end of a pipe leaves the cluster; a second Ctrl-C stops at once. /help lists the commands.
A client goes on at another peer when its own dies, and misses nothing; --id is then the name that others are shown, ~NAME.
Exit codes: 0 clean, 64 bad usage or a line that was refused, 70 a disk failed or our mistake, 75 not now (port in use, no peer
answers), 78 bad configuration (unusable folder, duplicate id, another cluster).`;

function addScale(chat: Command, finish: Finish): void {
  chat
    .command('scale')
    .description('many peers on this machine that all talk at once; then all logs are compared, whole')
    .option('--peers <N>', 'how many, each a process, 1 to 9 (default: 3)')
    .option('--messages <M>', 'how many each of them says (default: 100)')
    .option('--port <BASE>', 'peer N listens at BASE+N (default: free ports)')
    .option(
      '--logs <FOLDER>',
      'keeps N.ndjson, the log of peer N, and N.out, what its chat said (default: kept nowhere)',
    )
    .option('--kill-leader', 'kill -9 of the coordinator when half is said; it is started again')
    .option('--json', 'one JSON object per event, for programs')
    .addHelpText('after', SCALE_ENDS)
    .action(async (flags: Flags) => {
      const { readScaleSettings } = await import('../chat/scale-settings.js');
      const { runScale } = await import('../chat/scale.js');
      finish(await runScale(readScaleSettings(flags), (line) => void process.stdout.write(`${line}\n`)));
    });
}

const SCALE_ENDS = `
Every line has a key, and is offered until it has its number, also by the peer that was killed once it is back. Then all peers must
have the same log from the first number to the last, per room too, with every line once.
Exit codes: 0 they have, 1 they have not, or Ctrl-C, 64 bad usage, 75 a port is in use, 78 an unusable folder.`;
