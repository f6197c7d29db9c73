/** `bullpen cluster …`: what a running peer says of its cluster, and what it can be asked to do. */
import * as z from 'zod';
import { EXIT, type ExitCode, ProgramFailure } from '../node/exit.js';
import { explanationOf } from './explanation.js';

const ANSWER_WITHIN_MS = 5000;
/** Leaving waits for a coordinator. */
const LEFT_WITHIN_MS = 15_000;

const Term = z.object({ n: z.number(), owner: z.string() });
/** As much of `GET /v1/status` as is shown. */
const ShownStatus = z.object({
  id: z.string(),
  cluster: z.string(),
  mode: z.string(),
  role: z.string(),
  term: Term,
  coordinator: z.string().nullable(),
  /** Of a peer that is older than ties: none. */
  tie: z.string().nullable().default(null),
  view: z.object({
    number: z.number(),
    members: z.array(z.object({ id: z.string(), address: z.string(), role: z.string(), state: z.string() })),
  }),
  commit: z.number(),
  applied: z.number(),
  last: z.number(),
  sequence: z.number(),
  ready: z.boolean(),
  notReady: z.string().nullable(),
  machines: z.record(z.string(), z.string()),
});
type ShownStatus = z.infer<typeof ShownStatus>;

const ShownBeliefs = z.array(z.object({ id: z.string(), state: z.string(), hears: z.array(z.string()) }));
const Transferred = z.object({ coordinator: z.string(), term: z.number() });
const Refused = z.object({ error: z.object({ message: z.string() }) });

/**
 * Prints the status of the peer at `url`.
 *
 * @throws ProgramFailure 64 when it is no URL, 75 when no peer answers there.
 */
export async function showStatus(url: string, asJson: boolean): Promise<ExitCode> {
  const answer = await ask(url);
  if (asJson) process.stdout.write(`${JSON.stringify(answer)}\n`);
  else process.stdout.write(`${tableOf(parsed(answer, url)).join('\n')}\n`);
  return EXIT.clean;
}

/**
 * Has the coordinator hand over to `to`, by asking the peer at `url`, whichever it is.
 *
 * @throws ProgramFailure 64 when `to` is unknown or does not vote, 75 when it is not done, and why.
 */
export async function transfer(url: string, to: string): Promise<ExitCode> {
  const response = await reach(url, '/v1/transfer', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ to }),
  });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) {
    const { coordinator, term } = Transferred.parse(answer);
    process.stdout.write(`${coordinator} coordinates, in term ${term}\n`);
    return EXIT.clean;
  }
  const refused = Refused.safeParse(answer);
  const said = refused.success ? refused.data.error.message : `it answers ${response.status}`;
  throw new ProgramFailure(
    response.status < 500 && response.status !== 409 ? EXIT.usage : EXIT.unavailable,
    said,
  );
}

/**
 * Prints the members the peer at `url` knows, one line each.
 *
 * @throws ProgramFailure as `showStatus`.
 */
export async function showMembers(url: string, asJson: boolean): Promise<ExitCode> {
  const { view, coordinator, id } = parsed(await ask(url), url);
  if (asJson) process.stdout.write(`${JSON.stringify(view)}\n`);
  else process.stdout.write(`${membersOf(view, coordinator, id).join('\n')}\n`);
  return EXIT.clean;
}

/**
 * Takes `id` out of its cluster: the peer at `url` is to be that one, for only a peer itself can leave in good order.
 *
 * @throws ProgramFailure 64 when another peer answers there, 75 when no coordinator took note.
 */
export async function leave(url: string, id: string): Promise<ExitCode> {
  const status = parsed(await ask(url), url);
  if (status.id !== id)
    throw new ProgramFailure(
      EXIT.usage,
      `${url} is peer ${status.id}, not ${id}: give --http the address of ${id}, which leaves by itself`,
    );
  const response = await reach(url, '/v1/leave', { method: 'POST' }, LEFT_WITHIN_MS);
  if (!response.ok) {
    const refused = Refused.safeParse(await response.json().catch(() => null));
    const said = refused.success ? refused.data.error.message : `it answers ${response.status}`;
    throw new ProgramFailure(EXIT.unavailable, said);
  }
  process.stdout.write(`${id} has left the cluster\n`);
  return EXIT.clean;
}

/** Says in words why nobody coordinates, as the peer at `url` sees it, and what would help. 0 when somebody does, else 75. */
export async function explain(url: string): Promise<ExitCode> {
  const status = parsed(await ask(url), url);
  const beliefs = await reach(url, '/v1/beliefs').then((response) => response.json());
  const { hasCoordinator, lines } = explanationOf(status, ShownBeliefs.parse(beliefs));
  process.stdout.write(`${lines.join('\n')}\n`);
  return hasCoordinator ? EXIT.clean : EXIT.unavailable;
}

async function ask(url: string): Promise<unknown> {
  const response = await reach(url, '/v1/status');
  if (!response.ok)
    throw new ProgramFailure(
      EXIT.unavailable,
      `--http: ${addressOf(url).origin} answers ${response.status}, so it is no peer`,
    );
  return response.json().catch(() => null);
}

async function reach(
  url: string,
  path: string,
  request: RequestInit = {},
  withinMs: number = ANSWER_WITHIN_MS,
): Promise<Response> {
  const address = addressOf(url);
  try {
    return await fetch(new URL(path, address), { ...request, signal: AbortSignal.timeout(withinMs) });
  } catch (problem) {
    const late = problem instanceof Error && problem.name === 'TimeoutError';
    const reason = late ? `did not answer within ${withinMs / 1000} s` : 'nobody answers there';
    throw new ProgramFailure(
      EXIT.unavailable,
      `--http: ${address.origin}: ${reason}; is the peer running with --http?`,
    );
  }
}

/** `127.0.0.1:8003` is meant as `http://127.0.0.1:8003`. */
function addressOf(url: string): URL {
  const text = url.includes('://') ? url : `http://${url}`;
  if (!URL.canParse(text) || !/^https?:/.test(text))
    throw new ProgramFailure(EXIT.usage, `--http: "${url}" must be a URL, as http://127.0.0.1:8003`);
  return new URL(text);
}

function parsed(answer: unknown, url: string): ShownStatus {
  const status = ShownStatus.safeParse(answer);
  if (status.success) return status.data;
  throw new ProgramFailure(EXIT.unavailable, `--http: what answers at ${url} is not a peer of this version`);
}

function tableOf(status: ShownStatus): string[] {
  const { term, coordinator, view, tie } = status;
  const facts = [
    [
      'peer',
      `${status.id} (${status.role}${status.ready ? '' : `, not ready: ${status.notReady ?? 'starting'}`})`,
    ],
    ['cluster', `${status.cluster}, mode ${status.mode}`],
    ['coordinator', coordinator === null ? 'none' : `${coordinator} in term ${term.n}`],
    [
      'log',
      `${status.sequence} messages; index ${status.last}, committed ${status.commit}, applied ${status.applied}`,
    ],
    ['election', status.machines.election ?? '-'],
    ['view', tie === null ? `${view.number}` : `${view.number}; ${tie} breaks the tie`],
  ];
  return [...aligned(facts), '', ...membersOf(view, coordinator, status.id)];
}

function membersOf(view: ShownStatus['view'], coordinator: string | null, self: string): string[] {
  const rows = view.members.map(({ id, address, role, state }) => [
    id === coordinator ? `${id} *` : id,
    address,
    role,
    id === self ? 'self' : state,
  ]);
  return aligned([['member', 'address', 'role', 'state'], ...rows]);
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('   ')
      .trimEnd(),
  );
}
