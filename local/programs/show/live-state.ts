/** What the live view shows at one instant. */
import type { MachineLine, Sample, ViolationLine } from './history.ts';

export interface LiveState {
  /** Seconds since the start of the run. */
  readonly at: number;
  /** Epoch seconds of the run's start. */
  readonly startedAt: number;
  /** Simulated hours the run takes. */
  readonly hoursTotal: number;
  /** Simulated seconds per real second. */
  readonly speed: number;
  readonly sample: Sample;
  /** Samples up to now, oldest first, evenly spaced: the history of the queue. */
  readonly recent: readonly Sample[];
  readonly machines: readonly MachineLine[];
  /** What was decided and why, latest last; `at` in seconds since the start. */
  readonly decisions: readonly { readonly at: number; readonly text: string }[];
  readonly doneBuilds: number;
  readonly lostBuilds: number;
  readonly billedMachineHours: number;
  readonly idleMachineHours: number;
  /** Rules broken so far, latest last. */
  readonly violations: readonly ViolationLine[];
}
