import type { Transport } from '../../transport/transport.js';
import { UdpTransport } from '../../transport/udp.js';
import { transportContract } from './contract.js';

const nextTurn = () => new Promise<void>((done) => setImmediate(done));

const until = async (holds: () => boolean) => {
  while (!holds()) await nextTurn();
};

const closed = (transport: Transport) => new Promise<void>((done) => transport.close(done));

transportContract(
  'UDP',
  (options) => ({
    process: () => new UdpTransport(options),
    anywhere: '127.0.0.1:0',
    until,
    settle: async () => {
      for (let turn = 0; turn < 50; turn += 1) await nextTurn();
    },
  }),
  async (transports) => void (await Promise.all(transports.map(closed))),
);
