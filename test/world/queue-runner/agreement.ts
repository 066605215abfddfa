/** How far two status trajectories say the same. */

/** What is compared of one `--status` call. */
export interface Sample {
  readonly t: number;
  readonly exit: number;
  readonly status: Status | null;
}

export interface Status {
  readonly status: string;
  readonly nrRunnableSteps?: number;
  readonly nrActiveSteps?: number;
  readonly nrBuildsDone?: number;
  readonly nrRetries?: number;
  readonly nrUnsupportedSteps?: number;
  readonly nrStepsCopyingFrom?: number;
  readonly machines?: Readonly<Record<string, { readonly enabled: boolean; readonly currentJobs: number }>>;
  readonly machineTypes?: Readonly<Record<string, { readonly runnable: number; readonly running: number }>>;
}

const machines = (status: Status | null): { readonly enabled: boolean; readonly currentJobs: number }[] =>
  Object.values(status?.machines ?? {});
const types = (status: Status | null): { readonly runnable: number; readonly running: number }[] =>
  Object.values(status?.machineTypes ?? {});
const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);

/** The numbers compared, by name. */
export const METRICS = {
  up: ({ exit, status }: Sample): number => (exit === 0 && status?.status === 'up' ? 1 : 0),
  listed: ({ status }: Sample): number => machines(status).filter((machine) => machine.enabled).length,
  running: ({ status }: Sample): number => sum(types(status).map((type) => type.running)),
  currentJobs: ({ status }: Sample): number => sum(machines(status).map((machine) => machine.currentJobs)),
  active: ({ status }: Sample): number => status?.nrActiveSteps ?? 0,
  runnable: ({ status }: Sample): number => status?.nrRunnableSteps ?? 0,
  runnableByType: ({ status }: Sample): number => sum(types(status).map((type) => type.runnable)),
  done: ({ status }: Sample): number => status?.nrBuildsDone ?? 0,
  retries: ({ status }: Sample): number => status?.nrRetries ?? 0,
  unsupported: ({ status }: Sample): number => status?.nrUnsupportedSteps ?? 0,
} as const;

export type Metric = keyof typeof METRICS;

export interface Tolerance {
  /** How much earlier or later the other may say it. */
  readonly seconds: number;
  /** How far off it may be, as a part of the highest value recorded. */
  readonly ofPeak: number;
}

/** The part of the recorded samples with which some simulated sample near enough agrees. */
export const agreement = (
  recorded: readonly Sample[],
  simulated: readonly Sample[],
  metric: Metric,
  tolerance: Tolerance,
): number => {
  const value = METRICS[metric];
  const allowed = Math.max(...recorded.map(value)) * tolerance.ofPeak;
  const agrees = (sample: Sample): boolean =>
    simulated.some(
      (other) =>
        Math.abs(other.t - sample.t) <= tolerance.seconds + 1e-6 &&
        Math.abs(value(other) - value(sample)) <= allowed,
    );
  return recorded.filter(agrees).length / recorded.length;
};
