/** Getting the right to act. Most who find it taken go home; a warning that cannot wait for the next tick waits here. */
import type { EpochSeconds } from '../core/model.ts';
import type { Lease } from '../ports.ts';
import type { Ports } from './observe.ts';

/** One tick's terms. */
export interface TickTerms {
  /** Unique for this invocation, whatever woke it; shown to whoever finds the lease taken. */
  readonly holder: string;
  /** No new round starts that could end after this. */
  readonly deadline: EpochSeconds;
  /** How long it may wait for the lease, in seconds; absent for not at all. */
  readonly patienceSeconds?: number;
}

/** The lease outlives any one stage of a round and is renewed between them, in seconds. */
export const LEASE_SECONDS = 150;
/** What a round may take, in seconds: a look and a publication, each bounded by its time-out. */
export const ROUND_SECONDS = 30;
/** Between two attempts, in seconds. */
const RETRY_SECONDS = 10;

/**
 * Takes the lease. With patience it waits for the tick that holds it, which may have had its last look already, or be
 * dead. It stops when another tick has taken over meanwhile: that one has looked since, and acts on what it saw.
 */
export async function takeLease(
  { store, clock }: Ports,
  { holder, deadline, patienceSeconds = 0 }: TickTerms,
): Promise<{ readonly lease: Lease } | { readonly heldBy: Lease }> {
  const giveUpAt = Math.min(clock.now() + patienceSeconds, deadline - ROUND_SECONDS);
  let taken = await store.acquire(holder, clock.now(), LEASE_SECONDS);
  if ('lease' in taken) return taken;
  const { fence } = taken.heldBy;
  while ('heldBy' in taken && taken.heldBy.fence === fence && clock.now() + RETRY_SECONDS <= giveUpAt) {
    await clock.sleep(RETRY_SECONDS);
    taken = await store.acquire(holder, clock.now(), LEASE_SECONDS);
  }
  return taken;
}
