/** What people sign, and who can tell whether they did: without any cryptography, so it runs anywhere. */

/** What is signed to take part, to begin the first round, to bind a bid. */
export type Statement =
  | { readonly act: 'join'; readonly auction: string; readonly name: string }
  | { readonly act: 'start'; readonly auction: string }
  | {
      readonly act: 'commit';
      readonly auction: string;
      readonly name: string;
      readonly round: number;
      readonly seal: string;
    };

/** One per line, none of which can hold a line's end: `join`, `AUCTION@CREATED`, `NAME` … */
export function textOf(statement: Statement): string {
  const { act, auction } = statement;
  switch (act) {
    case 'join':
      return [act, auction, statement.name].join('\n');
    case 'start':
      return [act, auction].join('\n');
    case 'commit':
      return [act, auction, statement.name, statement.round, statement.seal].join('\n');
    default:
      return act satisfies never;
  }
}

/** Whether whoever holds this key has signed that. Pure: the same answer on every member. */
export type SignatureCheck = (publicKey: string, statement: Statement, signature: string) => boolean;
