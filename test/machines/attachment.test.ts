import { type AttachmentEvent, attachmentMachine } from '../../machines/attachment.js';
import type { PeerId } from '../../transport/protocol.js';
import { expectFullCoverage } from '../support/coverage.js';
import { elapsed, having as havingIn } from '../support/event-table.js';
import { start } from '../support/step.js';

const CLIENT = '~abcdefgh01234567';
const us = {
  client: CLIENT,
  seeds: ['a:1', 'b:1'],
  pingIntervalMs: 1000,
  unservedMs: 3000,
  backOffMinMs: 50,
  backOffMaxMs: 2000,
  jitterSeed: 1,
};
const opened: AttachmentEvent = {
  type: 'connection.opened',
  remote: { id: '2', incarnation: 'i', address: 'a:1', priority: 0 },
};
const lost: AttachmentEvent = { type: 'connection.lost' };
const refused: AttachmentEvent = { type: 'connection.refused' };
const news = (coordinator: PeerId | null, addresses = ['c:1']): AttachmentEvent => ({
  type: 'attachment.news',
  from: '2',
  coordinator,
  addresses,
});
const dismissed: AttachmentEvent = { type: 'attachment.dismissed', from: '2', code: 'silent', detail: '' };
const backOff: AttachmentEvent = elapsed('backOff', 'attachment.backingOff');
const pingTime: AttachmentEvent = elapsed('pingInterval', 'attachment.attached.presence.listening');
const silence: AttachmentEvent = elapsed('patience', 'attachment.attached.presence.asking');
const unserved: AttachmentEvent = elapsed('unserved', 'attachment.attached.service.unserved');

const served = [opened, news('3')];
const having = (...events: readonly AttachmentEvent[]) => {
  const [{ value, context }, effects] = havingIn(attachmentMachine, us, events);
  return { value, context, effects };
};
const ping = { type: 'send', to: ['2'], message: { type: 'desk.ping', from: CLIENT } };
const away = [{ type: 'lost' }, { type: 'detach' }];

describe('an attachment', () => {
  it('begins with the first seed', () => {
    expect(start(attachmentMachine, us)[1]).toEqual([{ type: 'attach', address: 'a:1' }]);
    expect(having(refused, backOff).effects).toEqual([{ type: 'attach', address: 'b:1' }]);
  });

  it('asks whoever answers whom it follows', () => {
    expect(having(opened)).toMatchObject({ effects: [ping], context: { peer: '2' } });
  });

  it('is of use once the peer follows a coordinator, and again when that changes', () => {
    expect(having(...served).effects).toEqual([{ type: 'followed', peer: '2', coordinator: '3' }]);
    expect(having(...served, news('3')).effects).toEqual([]);
    expect(having(...served, news('4')).effects).toEqual([{ type: 'followed', peer: '2', coordinator: '4' }]);
    expect(having(...served, news(null)).effects).toEqual([{ type: 'lost' }]);
    expect(having(...served, news(null), news('3')).effects).toMatchObject([{ type: 'followed' }]);
  });

  it('tries seeds and members in turn', () => {
    const turns = [...served, lost, backOff, lost, backOff];

    expect(having(...served, lost, backOff).effects).toEqual([{ type: 'attach', address: 'b:1' }]);
    expect(having(...turns).effects).toEqual([{ type: 'attach', address: 'c:1' }]);
    expect(having(...turns, lost, backOff).effects).toEqual([{ type: 'attach', address: 'a:1' }]);
  });

  it('waits longer after every failure, and briefly after it was attached', () => {
    const wait = (...events: readonly AttachmentEvent[]) => having(...events).context.backOffMs;
    const failures = Array.from({ length: 8 }, () => [lost, backOff]).flat();

    expect(wait(lost)).toBeLessThanOrEqual(50);
    expect(wait(...failures, lost)).toBeGreaterThanOrEqual(1000);
    expect(wait(...failures, ...served, lost)).toBeLessThanOrEqual(50);
  });

  it('asks again and again, and leaves a peer that does not answer', () => {
    expect(having(...served, pingTime).effects).toEqual([ping]);
    expect(having(...served, pingTime, news('3')).value).toMatchObject({
      attached: { presence: 'listening' },
    });
    expect(having(...served, pingTime, silence)).toMatchObject({ value: 'backingOff', effects: away });
  });

  it('leaves a peer that follows nobody for long, and one that sends it off', () => {
    expect(having(opened, news(null), unserved)).toMatchObject({ value: 'backingOff', effects: away });
    expect(having(...served, dismissed)).toMatchObject({ value: 'backingOff', effects: away });
  });

  it('notices when its peer is gone', () => {
    expect(having(...served, lost)).toMatchObject({
      value: 'backingOff',
      effects: [{ type: 'lost' }],
      context: { peer: null, coordinator: null },
    });
  });
});

it('is covered: every state, every transition', () => expectFullCoverage(attachmentMachine));
