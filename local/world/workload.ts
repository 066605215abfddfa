/** What a Hydra evaluation puts into the queue, and when. */

/** Builds of one kind that arrive at one instant. */
export interface Arrival {
  /** Seconds after the start of the workload; what came before it was built by then, and only its evaluation is known. */
  readonly atSeconds: number;
  readonly system: string;
  /** Required features. */
  readonly features: readonly string[];
  /** The derivations' preferLocalBuild; false when absent. */
  readonly preferLocal?: boolean;
  /** Build time of each, in seconds, on one slot; none where an evaluation brings nothing. */
  readonly durationsSeconds: readonly number[];
  /** Size of each output; a few bytes when absent. Large ones take time to copy back. */
  readonly outputMiB?: number;
  /** The evaluation that brings them: its jobset, and for how many seconds it has run by then. Absent where nobody can know. */
  readonly evaluation?: { readonly jobset: string; readonly seconds: number };
  /** This many of them, the first ones, end with an error of their own; none when absent. */
  readonly failing?: number;
}

/** In order of time. */
export type Workload = readonly Arrival[];

/** Builds in all. */
export const buildsIn = (workload: Workload): number =>
  workload.reduce((sum, { durationsSeconds }) => sum + durationsSeconds.length, 0);
