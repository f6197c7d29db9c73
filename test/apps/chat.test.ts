import fc from 'fast-check';
import type { Delivery } from '../../actors/index.js';
import { parseCommand } from '../../apps/chat/commands.js';
import { completionsOf } from '../../apps/chat/completion.js';
import { objectOf, plainLinesOf } from '../../apps/chat/lines.js';
import {
  advance,
  type Conversation,
  type Happening,
  introduce,
  type Outcome,
  openConversation,
  type Standing,
} from '../../apps/chat/state.js';
import { harmless, wordsOf } from '../../apps/chat/words.js';

const standing: Standing = {
  role: 'follower',
  coordinator: '2',
  term: 4,
  viewNumber: 7,
  through: null,
  members: [
    { id: '1', suspected: false },
    { id: '2', suspected: false },
    { id: '3', suspected: true },
  ],
};

const opened = (topics: Readonly<Record<string, number>> = {}): Conversation => {
  const counts = new Map(Object.entries(topics));
  return openConversation('1', standing, {
    topics: counts,
    sequence: [...counts.values()].reduce((sum, count) => sum + count, 0),
  });
};

const delivery = (sequence: number, text: string, more: Partial<Delivery> = {}): Delivery => ({
  sequence,
  topicSequence: sequence,
  term: 4,
  id: `9.${sequence}`,
  origin: '3',
  topic: 'general',
  payload: { text },
  at: 1000,
  ...more,
});

/** Lets everything happen, one after the other, and keeps what was said and asked. */
function play(conversation: Conversation, ...happenings: readonly Happening[]): Outcome {
  let outcome: Outcome = { conversation, lines: [], requests: [] };
  for (const happening of happenings) {
    const { conversation: next, lines, requests } = advance(outcome.conversation, happening);
    outcome = {
      conversation: next,
      lines: [...outcome.lines, ...lines],
      requests: [...outcome.requests, ...requests],
    };
  }
  return outcome;
}

const typed = (text: string): Happening => ({ type: 'line.typed', text });
const delivered = (...of: Parameters<typeof delivery>): Happening => ({
  type: 'payload.delivered',
  delivery: delivery(...of),
});
const said = ({ lines }: Pick<Outcome, 'lines'>): readonly string[] => lines.flatMap(plainLinesOf);

describe('a line that is typed', () => {
  it('is pending until it is delivered, and is submitted once', () => {
    const typing = play(opened(), typed('hello'));
    const settled = play(typing.conversation, { type: 'line.settled', number: 1, sequence: 1 });
    const arrived = play(settled.conversation, delivered(1, 'hello', { origin: '1' }));

    expect(typing.requests).toEqual([{ type: 'submit', number: 1, room: 'general', text: 'hello' }]);
    expect(typing.conversation.pending.map(({ text }) => text)).toEqual(['hello']);
    expect(settled.conversation.pending).toHaveLength(1);
    expect(arrived.conversation.pending).toEqual([]);
    expect(said(arrived)).toEqual(['[seq=1] <1>: hello']);
  });

  it('is not pending any more when its delivery was here first', () => {
    const { conversation } = play(opened(), typed('hello'), delivered(1, 'hello'), {
      type: 'line.settled',
      number: 1,
      sequence: 1,
    });

    expect(conversation.pending).toEqual([]);
  });

  it('stays pending when somebody else says the same', () => {
    const { conversation } = play(opened(), typed('hello'), delivered(1, 'hello'));

    expect(conversation.pending).toHaveLength(1);
  });

  it('that is refused is gone, with the reason in one line', () => {
    const refused = play(opened(), typed('hello'), {
      type: 'line.refused',
      number: 1,
      code: 'overloaded',
      detail: '10000 submissions wait already: try again later',
    });

    expect(refused.conversation.pending).toEqual([]);
    expect(said(refused)).toEqual(['* not sent, 10000 submissions wait already: try again later: hello']);
  });

  it('is sent with its slash when it begins with two', () => {
    expect(parseCommand('//etc is a folder')).toEqual({ type: 'say', text: '/etc is a folder' });
  });

  it('says nothing when there is nothing in it', () => {
    expect(play(opened(), typed('   '), typed('')).requests).toEqual([]);
  });
});

describe('the commands', () => {
  it.each([
    ['/status', { type: 'status' }],
    ['/QUIT  ', { type: 'quit' }],
    ['/join ops', { type: 'join', room: 'ops' }],
    ['/history', { type: 'history', limit: 20 }],
    ['/history 7', { type: 'history', limit: 7 }],
    ['/transfer 2', { type: 'transfer', to: '2' }],
  ])('%s is understood', (text, command) => {
    expect(parseCommand(text)).toEqual(command);
  });

  it.each([
    ['/hsitory', '* there is no /hsitory: did you mean /history?'],
    ['/xylophone', '* there is no /xylophone; /help lists what there is'],
    ['/', '* there is no /; /help lists what there is'],
    ['/join', '* /join takes the name of a room: /join general'],
    ['/join two rooms', '* a room has a name without spaces'],
    [`/join ${'r'.repeat(65)}`, '* the name of a room has at most 64 characters'],
    ['/history many', '* /history takes a number: /history 50'],
    ['/history 0', '* /history shows at least 1 line'],
    ['/quit now', '* /quit stands alone'],
    ['/transfer', '* /transfer takes the id of a member: /transfer 2'],
    ['/transfer to me', '* /transfer takes the id of a member: /transfer 2'],
  ])('%s is answered in one line, and nothing is sent', (text, answer) => {
    const outcome = play(opened(), typed(text));

    expect(said(outcome)).toEqual([answer]);
    expect(outcome.requests).toEqual([]);
  });

  it('/help has a line for every command', () => {
    const help = said(play(opened(), typed('/help'))).join('\n');

    for (const name of ['status', 'quit', 'rooms', 'join', 'history', 'who', 'leader', 'transfer', 'help'])
      expect(help).toContain(`/${name}`);
  });

  it('/leader names the coordinator, or says that there is none', () => {
    const without = { ...opened(), standing: { ...standing, coordinator: null } };

    expect(said(play(opened(), typed('/leader')))).toEqual(['* coordinator is 2 (term 4)']);
    expect(said(play(without, typed('/leader')))).toEqual(['* waiting for a coordinator']);
  });

  it('are completed by Tab, and rooms after /join', () => {
    expect(completionsOf('/h', [])).toEqual(['/history', '/help']);
    expect(completionsOf('/join o', ['ops', 'general', 'office', 'o\u001b'])).toEqual([
      '/join office',
      '/join ops',
    ]);
    expect(completionsOf('hello', ['hello'])).toEqual([]);
  });
});

describe('rooms', () => {
  it('general is always there', () => {
    expect(said(play(opened(), typed('/rooms')))).toEqual(['* general: 0 lines (you are here)']);
  });

  it('count what came while one was elsewhere, until they are joined', () => {
    const away = play(opened({ general: 2 }), delivered(3, 'psst', { topic: 'ops', topicSequence: 1 }));
    const there = play(away.conversation, typed('/join ops'));

    expect(said(play(away.conversation, typed('/rooms')))).toEqual([
      '* general: 2 lines (you are here)',
      '* ops: 1 line (1 new)',
    ]);
    expect(said(there)).toEqual(['* room ops: 1 line']);
    expect(there.requests).toEqual([{ type: 'history', room: 'ops', limit: 20 }]);
    expect(there.conversation.rooms.get('ops')).toEqual({ lines: 1, unseen: 0 });
  });

  it('take lines typed in them', () => {
    const { requests } = play(opened(), typed('/join ops'), typed('hello'));

    expect(requests.at(-1)).toMatchObject({ type: 'submit', room: 'ops', text: 'hello' });
  });

  it('may have the names objects have', () => {
    const { conversation } = play(opened(), delivered(1, 'x', { topic: '__proto__', topicSequence: 1 }));

    expect(conversation.rooms.get('__proto__')).toEqual({ lines: 1, unseen: 1 });
  });
});

describe('the news', () => {
  it('begin with who is there', () => {
    expect(introduce(standing).flatMap(plainLinesOf)).toEqual([
      '* view 7: 1 2 3(suspected)',
      '* coordinator is 2 (term 4)',
    ]);
  });

  it('tell of a lost coordinator, of the next one, and of the view', () => {
    const lost = { ...standing, coordinator: null };
    const next = { ...standing, coordinator: '1', term: 5 };
    const viewed = { ...next, viewNumber: 8, members: standing.members.slice(0, 2) };
    const changes = [standing, lost, lost, next, viewed].map(
      (now): Happening => ({ type: 'standing.changed', standing: now }),
    );

    expect(said(play(opened(), ...changes))).toEqual([
      '* waiting for a coordinator',
      '* coordinator is 1 (term 5)',
      '* view 8: 1 2',
    ]);
  });

  it('are one object each for programs, with the payload as it was', () => {
    const [line] = play(opened(), delivered(1, 'hello')).lines;

    expect(line && objectOf(line)).toEqual({
      event: 'delivery',
      room: 'general',
      sequence: 1,
      topicSequence: 1,
      term: 4,
      id: '9.1',
      origin: '3',
      at: 1000,
      text: 'hello',
      payload: { text: 'hello' },
    });
  });
});

describe('what others wrote', () => {
  it.each([
    ['colours and a cleared screen', '\u001b[2J\u001b[31mred\u001b[0m', 'red'],
    ['a title', '\u001b]0;owned\u0007words', 'words'],
    ['an escape that never ends', 'a\u001b[', 'a['],
    ['a line that looks like another', 'hi\r\n[seq=9] <2>: not me', 'hi ↵ [seq=9] <2>: not me'],
    ['a bell and a backspace', 'a\u0007b\u0008c', 'abc'],
    ['C1 controls', 'a\u009b31mb', 'ab'],
    ['reversed words', 'a\u202eb', 'ab'],
    ['half a character', 'a\ud83d', 'a\ufffd'],
    ['letters of all kinds', 'äß 漢字 👩‍👩‍👧', 'äß 漢字 👩‍👩‍👧'],
  ])('is shown without harm: %s', (_, text, shown) => {
    expect(harmless(text)).toBe(shown);
  });

  it('never has more than one line or anything a terminal obeys', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(harmless(text)).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });

  it('is shown as JSON when it is no chat line', () => {
    expect(wordsOf({ n: 1, s: '\u001b[31m' })).toBe('{"n":1,"s":"\\u001b[31m"}');
    expect(wordsOf('bare')).toBe('"bare"');
    expect(wordsOf({ text: 5 })).toBe('{"text":5}');
    expect(wordsOf(null)).toBe('null');
  });
});
