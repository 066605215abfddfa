/** Asks EC2 for instances by id. One id it does not know spoils the call, so what it names is taken out, and the rest asked again. */

/** What one call for these ids came to. */
export type Asked<Found> =
  | { readonly found: readonly Found[] }
  /** EC2 said `InvalidInstanceID.NotFound`, in these words, which name all ids of the call that it does not know. */
  | { readonly notFound: string }
  /** The call failed in another way; what it asked for is unknown. */
  | { readonly failed: true };

export interface FoundById<Found> {
  readonly found: readonly Found[];
  readonly denied: ReadonlySet<string>;
}

/** Below the 1000 that EC2 takes in a call, so that a failed call leaves fewer unknown. */
const BATCH_SIZE = 100;
/** The second call is enough as a rule; the third is for what vanishes meanwhile. */
const CALLS_A_BATCH = 3;

/** Never throws unless `ask` does. What is left when the calls are used up is unknown. */
export async function findById<Found>(
  instanceIds: readonly string[],
  ask: (ids: string[]) => Promise<Asked<Found>>,
): Promise<FoundById<Found>> {
  const ids = [...new Set(instanceIds)];
  const found: Found[] = [];
  const denied = new Set<string>();
  for (let first = 0; first < ids.length; first += BATCH_SIZE) {
    let left = ids.slice(first, first + BATCH_SIZE);
    for (let calls = 0; left.length > 0 && calls < CALLS_A_BATCH; calls += 1) {
      const asked = await ask(left);
      if ('found' in asked) found.push(...asked.found);
      if (!('notFound' in asked)) break;
      const named = idsIn(asked.notFound);
      left.filter((id) => named.has(id)).forEach((id) => denied.add(id));
      left = left.filter((id) => !named.has(id));
    }
  }
  return { found, denied };
}

/** The instance ids in EC2's words. */
export const idsIn = (words: string): ReadonlySet<string> => new Set(words.match(/\bi-[0-9a-z]+\b/g));
