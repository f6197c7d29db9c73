/** The words of `bullpen auction`. What its programs need is loaded when one runs. */
import type { Command } from 'commander';
import { addPeerFlags, configurationFrom } from './flags.js';

const collect = (value: string, before: readonly string[] | undefined) => [...(before ?? []), value];

export function addAuction(root: Command, finish: (exitCode: number) => void): void {
  const auction = root
    .command('auction')
    .description('multi-round auctions with sealed bids: servers and clients');
  addPeerFlags(auction.command('server').description('a peer that runs the auctions, with its user'))
    .addHelpText('after', SERVER_ENDS)
    .action(async (flags: Readonly<Record<string, unknown>>) => {
      const { startServer } = await import('./auction.js');
      finish(await startServer(await configurationFrom(flags)));
    });
  auction
    .command('client')
    .description('an auctioneer or bidder: a thin client of any server')
    .option('--name <NAME>', 'who you are; required')
    .option('--seed <HOST:PORT>', 'a server to ask; repeatable, any live one suffices', collect)
    .option(
      '--discover <MODE>',
      'without --seed: broadcast | multicast | dns:NAME:PORT, as the servers were told',
    )
    .option('--data <DIR>', 'where your key and your bids are kept; without it they end with this program')
    .option('--cluster <NAME>', 'the cluster of the servers (default: bullpen)')
    .option('--transport <KIND>', "ws | udp: the servers' own (default: ws)")
    .option('--join-seconds <S>', 'of auctions you create: how long they wait for bidders (default: 600)')
    .option('--confirm-seconds <S>', 'how long for your start, once there are enough (default: 60)')
    .option('--bid-seconds <S>', 'how long a round takes bids, if not all have bid before (default: 60)')
    .option('--reveal-seconds <S>', 'how long bids may take to be revealed (default: 20)')
    .option('--plain', 'one stable line per event, for people without a terminal')
    .option('--json', 'one JSON object per event, for programs')
    .addHelpText('after', CLIENT_ENDS)
    .action(async (flags: Readonly<Record<string, unknown>>) => {
      const { startAuctionClient } = await import('./auction.js');
      finish(await startAuctionClient(flags));
    });
}

const SERVER_ENDS = `
Commands: list, show ID, status, help, quit. quit, Ctrl-C or the end of a pipe leaves the cluster; a second Ctrl-C stops at once.`;

const CLIENT_ENDS = `
Commands: create ITEM MINBID [ROUNDS] [BIDDERS], list, show ID, join ID, start ID, bid ID AMOUNT, status, help, quit.
Exit codes: 0 clean, 64 bad usage or a command that was refused, 75 no server answers, 78 bad configuration.`;
