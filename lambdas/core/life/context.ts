/** What all stages of a plan look at. */
import type { BackOff, Problem } from '../model/index.ts';
import type { Dialect, Sight } from './dialect.ts';

export interface Context extends Sight {
  readonly dialect: Dialect;
  /** Set where EC2's answer leaves out so much of the farm that it says nothing: in words. */
  readonly halfSeen?: string;
  /** Why nothing may be launched or started now, whatever is missing: what comes after it is known to fail. */
  readonly hold?: Problem;
  /** What rests now; the remembered ones, and from the scaling on with what this round showed of booting machines. */
  readonly backOffs: readonly BackOff[];
}
