/** Getting the right to act, and what to do where it is taken: most go home, some knock first, one at most waits. */
import type { EpochSeconds } from '../core/model/index.ts';
import type { Lease, Ports } from '../ports.ts';

/** One tick's terms. */
export interface TickTerms {
  /** Unique for this invocation, whatever woke it; shown to any that finds the lease taken. */
  readonly holder: string;
  /** What woke it, in words. */
  readonly woken?: string;
  /** It was the watch on the Hydra host. */
  readonly isWatch?: true;
  /** No new round starts that would end after this, if it took no longer than a round takes. */
  readonly deadline: EpochSeconds;
  /** The same for a round that another has knocked for, or awaits; absent for `deadline`. */
  readonly lastDeadline?: EpochSeconds;
  /** How long, in seconds, rounds also go on while a machine that a person sent away only waits to be looked at; 0 when absent. */
  readonly awaitedSeconds?: number;
  /**
   * For what cannot wait for the schedule: the lease's holder is asked for one more round. The first that would wait
   * so many seconds does, in case the holder is dead; all others go home. Absent for one that goes home without a word.
   */
  readonly knocks?: { readonly patienceSeconds: number };
}

/** The lease outlives any one stage of a round and is renewed between them, in seconds. */
export const LEASE_SECONDS = 150;
/** What a round takes as a rule, in seconds: a look of 2 to 4, and where something is offered one command more. */
export const ROUND_SECONDS = 8;
/** Between two attempts, in seconds. */
const RETRY_SECONDS = 5;

type Taken = { readonly lease: Lease } | { readonly heldBy: Lease };

/** Takes the lease; where it is taken, does what `terms.knocks` says. */
export async function takeLease({ store, clock }: Ports, terms: TickTerms): Promise<Taken> {
  const { holder, knocks } = terms;
  const taken = await store.acquire(holder, clock.now(), LEASE_SECONDS);
  if ('lease' in taken || knocks === undefined) return taken;
  const { patienceSeconds } = knocks;
  switch (await store.knock(taken.heldBy, patienceSeconds > 0 ? holder : undefined)) {
    case 'heard':
      return taken;
    case 'first':
      return waitForLease({ store, clock }, terms, taken.heldBy, patienceSeconds);
    case 'gone':
      // Its present holder took it after we came, and sees what we would.
      return store.acquire(holder, clock.now(), LEASE_SECONDS);
  }
}

/**
 * Waits for the tick that holds the lease, which may be dead. It stops when another tick has taken over meanwhile: that
 * one has looked since, and acts on what it saw.
 */
async function waitForLease(
  { store, clock }: Pick<Ports, 'store' | 'clock'>,
  { holder, deadline }: TickTerms,
  heldBy: Lease,
  patienceSeconds: number,
): Promise<Taken> {
  const giveUpAt = Math.min(clock.now() + patienceSeconds, deadline - ROUND_SECONDS);
  let taken: Taken = { heldBy };
  while (
    'heldBy' in taken &&
    taken.heldBy.fence === heldBy.fence &&
    clock.now() + RETRY_SECONDS <= giveUpAt
  ) {
    await clock.sleep(RETRY_SECONDS);
    taken = await store.acquire(holder, clock.now(), LEASE_SECONDS);
  }
  return taken;
}
