/** `bullpen cluster status`: what a running peer says of its cluster. */
import { z } from 'zod';
import { EXIT, type ExitCode, ProgramFailure } from '../node/exit.js';

const ANSWER_WITHIN_MS = 5000;

const Term = z.object({ n: z.number(), owner: z.string() });
/** As much of `GET /v1/status` as is shown. */
const ShownStatus = z.object({
  id: z.string(),
  cluster: z.string(),
  mode: z.string(),
  role: z.string(),
  term: Term,
  coordinator: z.string().nullable(),
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

async function ask(url: string): Promise<unknown> {
  const address = addressOf(url);
  let response: Response;
  try {
    response = await fetch(new URL('/v1/status', address), { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  } catch (problem) {
    const late = problem instanceof Error && problem.name === 'TimeoutError';
    const reason = late ? `did not answer within ${ANSWER_WITHIN_MS / 1000} s` : 'nobody answers there';
    throw new ProgramFailure(
      EXIT.unavailable,
      `--http: ${address.origin}: ${reason}; is the peer running with --http?`,
    );
  }
  if (!response.ok)
    throw new ProgramFailure(
      EXIT.unavailable,
      `--http: ${address.origin} answers ${response.status}, so it is no peer`,
    );
  return response.json().catch(() => null);
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
  const { term, coordinator, view } = status;
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
    ['view', `${view.number}`],
  ];
  const rows = view.members.map(({ id, address, role, state }) => [
    id === coordinator ? `${id} *` : id,
    address,
    role,
    id === status.id ? 'self' : state,
  ]);
  return [...aligned(facts), '', ...aligned([['member', 'address', 'role', 'state'], ...rows])];
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
