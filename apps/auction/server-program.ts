/** `bullpen auction server` at its console: tells what happens in every auction, and answers what only looks. */
import type { Peer } from '../../actors/index.js';
import {
  type ConsoleProgram,
  type ConsoleSettings,
  runConsole,
  type Say,
  type Streams,
  sayRefusal,
  tellStanding,
} from '../node/console.js';
import { EXIT, type ExitCode, ProgramFailure } from '../node/exit.js';
import { lagOf } from '../node/lag.js';
import { newsOf } from './news.js';
import { auctions } from './replica.js';
import { lifeOf, unknown } from './state.js';
import { readTyped, SERVER_HELP } from './typed.js';
import { counted, listLines, showLines, type Telling, tellingOf } from './words.js';

/** Runs until the user quits, or the peer ends. @returns the exit code. */
export const runServer = (peer: Peer, settings: ConsoleSettings, streams: Streams): Promise<ExitCode> =>
  runConsole(peer, settings, (say) => serverOf(peer, say), streams);

function serverOf(peer: Peer, say: Say): ConsoleProgram {
  const replica = peer.replica(auctions);
  const tell = ({ event, facts, words }: Telling) => say(event, facts, words);
  const tellAll = (tellings: readonly Telling[]) => {
    for (const telling of tellings) tell(telling);
  };
  const refuse = (reason: string) => sayRefusal(say, new ProgramFailure(EXIT.usage, reason));
  const detach = [
    tellStanding(peer, say),
    replica.watch(({ before, state }) => {
      for (const news of newsOf(before, state)) {
        const telling = tellingOf(news, null);
        if (telling !== null) tell(telling);
      }
    }),
  ];
  return {
    async obey(line) {
      const typed = readTyped(line);
      switch (typed.act) {
        case 'quit':
          return 'leave';
        case 'help':
          for (const words of SERVER_HELP) say('help', { line: words }, words);
          return undefined;
        case 'status':
          tell(standingOf(peer));
          return undefined;
        case 'list': {
          const lines = listLines(replica.state(), Date.now());
          if (lines.length === 0) say('empty', {}, 'there is no auction yet');
          tellAll(lines);
          return undefined;
        }
        case 'show': {
          const life = lifeOf(replica.state(), typed.auction);
          if (life === undefined) return refuse(unknown(replica.state(), typed.auction).reason);
          tellAll(showLines(life, Date.now()));
          return undefined;
        }
        case 'mistaken':
          return refuse(typed.reason);
        default:
          return refuse(
            `${typed.act} is for clients: "bullpen auction client --name NAME --seed ${peer.address}"`,
          );
      }
    },
    close() {
      for (const end of detach) end();
    },
  };
}

function standingOf(peer: Peer): Telling {
  const { id, address, role, term, coordinator, mode, view, commit, applied } = peer.status();
  const lag = lagOf(peer);
  const members = view.members.map((member) => `${member.id} ${member.state}`);
  const { running, closed, outcomes } = peer.replica(auctions).state();
  const over = closed.length + outcomes.length;
  return {
    event: 'status',
    facts: {
      ...{ id, address, role, term: term.n, coordinator, mode, view: view.number, members },
      ...{ commit, applied, lag, running: running.length, over },
    },
    words:
      `${id} at ${address}: ${role} in term ${term.n}, coordinator ${coordinator ?? 'none'}, mode ${mode}; view ${view.number}: ${members.join(', ')}; ` +
      `commit ${commit}, applied ${applied}, lag ${lag ?? 'unknown'}; ${counted(running.length, 'auction')} running, ${over} over`,
  };
}
