/** A scenario as it is played, and the mistakes that keep one from being played. */
import type { Config } from '../../../lambdas/core/config/config.ts';
import type { RunnerKind } from '../../../lambdas/core/model/index.ts';
import type { Workload } from '../../world/workload.ts';
import type { WrittenEvent } from './events.ts';
import type { Expectations, Facts, Failed } from './facts.ts';

/** A configuration that is already understood stands in the place of the written one. */
export type ScenarioEvent =
  | Exclude<WrittenEvent, { do: 'upgrade' }>
  | (Omit<Extract<WrittenEvent, { do: 'upgrade' }>, 'config'> & { readonly config: Config });

/** A story that can be played. Times are seconds since its start. */
export interface Scenario {
  readonly name: string;
  readonly why?: string;
  readonly config: Config;
  /** Which queue runner the Hydra host has at first. */
  readonly runner: RunnerKind;
  readonly hours: number;
  readonly seed: number;
  /** From running to answering, in seconds. */
  readonly bootSeconds: number;
  readonly machinesFile?: string;
  readonly workload: Workload;
  readonly events: readonly ScenarioEvent[];
  readonly expect: Expectations;
}

/** One thing to mend in the file. */
export interface Mistake {
  /** Such as `events.3.until`; empty for the whole file. */
  readonly path: string;
  readonly message: string;
}

export interface PlacedEvent {
  readonly event: ScenarioEvent;
  readonly path: string;
}

/** What came of a scenario. */
export interface Outcome {
  readonly name: string;
  readonly ok: boolean;
  readonly failed: readonly Failed[];
  readonly facts: Facts;
  readonly violations: readonly string[];
  /** What the function told as problems, and in how many ticks. */
  readonly problems: Readonly<Record<string, number>>;
}
