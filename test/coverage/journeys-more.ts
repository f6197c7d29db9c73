/** As journeys.ts: how peers find each other and found together, and the chart of an auction. */
import { auctionMachine } from '../../apps/auction/auction-machine.js';
import { WAITS } from '../../apps/auction/auction-rules.js';
import { sealOf } from '../../apps/auction/seal.js';
import { discoveryMachine } from '../../machines/discovery.js';
import { meetingMachine } from '../../machines/meeting.js';
import { agreementOf } from '../../machines/values/meeting.js';
import { configurationOf, member } from '../support/members.js';
import { always } from './journeys-clients.js';
import type { Journey } from './paths.js';

const discovery: Journey = {
  machine: discoveryMachine,
  inputs: [undefined],
  events: always(
    { type: 'discovery.heard', address: '10.0.0.7:7001' },
    { type: 'company.found' },
    { type: 'company.lost' },
  ),
  tellApart: ({ context }) => context.calls,
};

const company = ['1', '2'].map((id) => member(id));
const report = { type: 'meeting.report', from: '1', members: company, agreed: false, founded: false };

const meeting: Journey = {
  machine: meetingMachine,
  inputs: [null, company].map((known) => ({
    ...{ me: member('2'), expected: 2, company: known, heartbeatIntervalMs: 50 },
  })),
  events: always(
    { type: 'connection.opened', remote: member('1') },
    { type: 'connection.closed', remote: '1' },
    report,
    { ...report, agreed: true },
    { ...report, founded: true, agreed: true },
    { ...report, agreed: true, members: [member('1'), member('3')] },
    { type: 'meeting.recorded', configuration: agreementOf(company).body },
    { type: 'meeting.recorded', configuration: configurationOf([]) },
    { type: 'configuration.changed', configuration: configurationOf(['1', '2']) },
  ),
  tellApart: ({ context }) => context.reports,
};

const opening = (round: number) => ({
  ...{ auction: '7@1000', round, name: 'ann', amount: 20 },
  nonce: '0'.repeat(32),
});

const auction: Journey = {
  machine: auctionMachine,
  test: 'test/apps/auction-machine.test',
  inputs: [
    {
      ...{ id: '7', item: 'a red bike', minBid: 10, rounds: 2, biddersMin: 1, createdAt: 1000, waits: WAITS },
      auctioneer: { name: 'dee', key: 'key of dee' },
    },
    {
      ...{ id: '7', item: 'a red bike', minBid: 10, rounds: 1, biddersMin: 2, createdAt: 1000, waits: WAITS },
      auctioneer: { name: 'dee', key: 'key of dee' },
    },
  ],
  events: always(
    ...['ann', 'bob'].map((name) => ({ type: 'bidder.join', name, key: `key of ${name}` })),
    { type: 'auctioneer.start' },
    ...[1, 2].flatMap((round) => [
      { type: 'bid.commit', round, name: 'ann', seal: sealOf(opening(round)), place: round },
      { type: 'bid.reveal', ...opening(round) },
    ]),
  ),
};

export const moreJourneys: readonly Journey[] = [discovery, meeting, auction];
