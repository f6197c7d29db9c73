/** Whom a connection (connection.ts) lets in: every greeting is judged by the side that did not say it. */
import type { ConnectionContext, ConnectionEvent } from './connection.js';
import { judge, judgeHost, judgeVisit, type Refusal } from './values/greeting.js';

type Greeting = Extract<ConnectionEvent, { readonly type: 'link.hello' | 'link.welcome' | 'link.visit' }>;

/** What speaks against the one that greets; `welcome` is judged by whoever dialled, `hello` and `visit` by the other. */
function objectionTo(context: ConnectionContext, event: Greeting): Refusal | null {
  const { address, expected, introduction, client, hasRoom } = context;
  const dialled = address === null ? 'there' : 'here';
  if ((event.type === 'link.welcome') !== (dialled === 'here'))
    return {
      code: 'bad-greeting',
      detail: `whoever dials says link.hello, the other link.welcome; not ${event.type}`,
    };
  if (event.type === 'link.visit') return judgeVisit(introduction, event, hasRoom);
  const { version, cluster, clusterId, mode, member } = event;
  const theirs = { version, cluster, clusterId, mode, member };
  if (client !== null) return judgeHost(introduction, theirs);
  const judgement = judge(introduction, theirs, event.rival, dialled, expected);
  return judgement.verdict === 'welcome' ? null : { code: judgement.code, detail: judgement.detail };
}

export function theObjection(context: ConnectionContext, event: Greeting): Refusal {
  const objection = objectionTo(context, event);
  if (objection === null) throw new Error('a welcome peer was declined: the chart never does');
  return objection;
}

interface Now {
  readonly context: ConnectionContext;
  readonly event: ConnectionEvent;
}

export const isAcceptable = ({ context, event }: Now): boolean =>
  isGreeting(event) && objectionTo(context, event) === null;

export const isNeedless = ({ context, event }: Now): boolean =>
  isGreeting(event) && objectionTo(context, event)?.code === 'already-connected';

const isGreeting = (event: ConnectionEvent): event is Greeting =>
  event.type === 'link.hello' || event.type === 'link.welcome' || event.type === 'link.visit';
