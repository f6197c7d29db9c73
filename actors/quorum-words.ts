/**
 * How many voters it takes to go on, in words for people.
 *
 * @param voters - how many there are.
 * @param tie - who breaks the tie between halves; null where half is never enough.
 * @param reached - the voters that reach each other, too few of them.
 */
export function neededOf(voters: number, tie: string | null, reached: readonly string[]): string {
  const half = Math.floor(voters / 2);
  const most = `${half + 1} are needed`;
  if (tie === null) return voters === 2 ? `${most}: two voters without a tie-breaker bear no loss` : most;
  if (reached.includes(tie)) return `${half} are needed`;
  return half === 1
    ? `voter ${tie} is needed: it breaks the tie`
    : `${most}, or ${half} with ${tie}, which breaks the tie`;
}
