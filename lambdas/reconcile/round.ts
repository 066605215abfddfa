/** A tick's round: what it works with, and what each of its steps hands to the next. */
import type { Config } from '../core/config/config.ts';
import type { Outcome } from '../core/plan/after-calls.ts';
import type { Lease, Ports } from '../ports.ts';
import type { TickTerms } from './lease.ts';
import type { Report } from './report.ts';

/** What all rounds of a tick work with. */
export interface Tick {
  readonly ports: Ports;
  readonly config: Config;
  readonly terms: TickTerms;
  readonly report: Report;
}

export interface Round extends Tick {
  readonly lease: Lease;
  /** The first is 1. */
  readonly number: number;
}

/** What came of the actions. */
export interface Acted {
  readonly outcome: Outcome;
  /** Ids of records that could not be saved, `farm` for the farm's: nothing was done that needs them. */
  readonly unsaved: readonly string[];
}
