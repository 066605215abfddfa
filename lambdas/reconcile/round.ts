/** A tick's round: what it works with, and what each of its steps hands to the next. */
import type { Config } from '../core/config/config.ts';
import type { Machine, Observation } from '../core/model/index.ts';
import type { Outcome } from '../core/plan/after-calls.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { Lease, Ports } from '../ports.ts';
import type { TickTerms } from './lease.ts';
import type { RoundLog } from './round-log.ts';

/** What all rounds of a tick work with. */
export interface Tick {
  readonly ports: Ports;
  readonly config: Config;
  readonly terms: TickTerms;
  readonly log: RoundLog;
}

export interface Round extends Tick {
  readonly lease: Lease;
  /** The first is 1. */
  readonly number: number;
}

/** What was seen, and what is to be done about it. */
export interface Decided {
  readonly observation: Observation;
  readonly plan: Plan;
  /** Rules that the plan breaks; empty unless something is wrong with us. */
  readonly violations: readonly string[];
  /** Nothing of a plan that breaks a rule is done, nor of any while people only want to watch. */
  readonly isCarriedOut: boolean;
}

/** What came of the actions. */
export interface Acted {
  readonly outcome: Outcome;
  /** Ids of records that could not be saved, `farm` for the farm's: nothing was done that needs them. */
  readonly unsaved: readonly string[];
}

/** What came of telling the queue runner. */
export interface Announced {
  readonly machines: readonly Machine[];
  readonly isPublished: boolean;
}
