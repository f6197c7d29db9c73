import { deflateRawSync } from 'node:zlib';
import { LINK_CHARACTERS_MAX, pack, unpack } from '../../apps/classroom/screens/link.js';
import { hashOf, routeOf } from '../../apps/classroom/screens/routes.js';

const SCRIPT = {
  v: 1,
  scenario: { seed: 7, peers: ['1', '2', '3'], options: { mode: 'classic' } },
  acts: [{ kind: 'crash', at: 500, forMs: 1000, peer: '3', isPowerCut: false }],
};

/** A link as somebody else might have made it. */
const forged = (text: string) => `1.${deflateRawSync(text).toString('base64url')}`;

describe('a link', () => {
  it('carries the script, the playhead and the view, and gives them back', async () => {
    const shared = {
      script: SCRIPT,
      at: 630.25,
      event: 17,
      peer: '2',
      view: 'node',
      layout: 'ladder',
      variant: 'classic',
    } as const;

    const text = await pack(shared);

    expect(await unpack(text)).toEqual({ ok: true, shared });
    expect(text).toMatch(/^1\.[A-Za-z0-9_-]+$/);
    expect(text.length).toBeLessThan(LINK_CHARACTERS_MAX / 4);
  });

  it('stands in an address and is found there again', async () => {
    const text = await pack({ script: SCRIPT, at: 0 });

    const route = routeOf(hashOf('lab', '', { s: text, present: undefined }));

    expect(route?.screen).toBe('lab');
    expect(route?.query.get('s')).toBe(text);
    expect(route?.query.has('present')).toBe(false);
  });

  it.each([
    ['of a later version', '2.abc', /version 2.*reads version 1/],
    ['that is none', 'hello', /not one of ours/],
    ['that was cut off', '1.q1YqLkrOLEhVsqpW', /cut off or changed/],
    ['with signs that do not belong there', '1.%%%', /cut off or changed/],
    ['that holds something else', forged('[1,2]'), /no scenario/],
    ['whose script is none', forged('{"script":7}'), /no scenario/],
    [
      'that unpacks to far too much',
      forged(`{"script":{},"x":"${'a'.repeat(3_000_000)}"}`),
      /cut off or changed/,
    ],
  ])('%s is refused in words', async (_, text, saying) => {
    const opened = await unpack(text);

    expect(opened).toMatchObject({ ok: false, why: expect.stringMatching(saying) });
  });

  it('with a playhead or a view that cannot be is taken without them', async () => {
    const text = forged(
      JSON.stringify({ script: SCRIPT, at: -5, peer: 7, view: 'x', layout: [], variant: {} }),
    );

    expect(await unpack(text)).toMatchObject({
      ok: true,
      shared: { at: 0, peer: undefined, view: undefined },
    });
  });
});

describe('an address within the page', () => {
  it.each([
    ['#/learn/04', { screen: 'learn', part: '04' }],
    ['#/charts/failure-detector', { screen: 'charts', part: 'failure-detector' }],
    ['#/replay', { screen: 'replay', part: '' }],
    ['#/learn/%zz', { screen: 'learn', part: '%zz' }],
  ])('%s', (hash, route) => {
    expect(routeOf(hash)).toMatchObject(route);
  });

  it.each(['', '#', '#/', '#/nowhere', '#learnings', '#/../etc'])('"%s" names no screen', (hash) => {
    expect(routeOf(hash)).toBeNull();
  });
});
