/** What the C++ queue runner leaves behind where the Rust one has taken its place. */
import { servedBy } from '../core/life/runner.ts';
import type { Wanted } from './dialect.ts';

/**
 * Whether our machines file is to be emptied: a host that is rolled back would go by it, to machines that are gone by then
 * and addresses that others may have. The former machines are withdrawn all the same where that fails: the host may have
 * no place for such a file any more.
 */
export const leavesMachinesFile = ({ runner, queue, withdrawn }: Wanted): boolean =>
  runner === 'rust' &&
  queue.trusted &&
  withdrawn.some((machine) => servedBy(machine) === 'cpp' && machine.drain?.withdrawn === undefined);

/** The offer that empties it. */
export const nothingOf = (wanted: Wanted): Wanted => ({
  ...wanted,
  ...{ runner: 'cpp', offers: [], standing: undefined, nudge: false },
});
