/** The builds of a run: from a trace, or made up for the machine types there are. */
import { readFileSync } from 'node:fs';
import type { Config } from '../../../lambdas/core/config/config.ts';
import type { MachineType } from '../../../lambdas/core/config/machine-type.ts';
import { withEvaluations } from '../../world/generated-evaluations.ts';
import { batchDurations, generateWorkload } from '../../world/generator.ts';
import type { KindShare } from '../../world/generator.ts';
import { Random } from '../../world/random.ts';
import { parseTrace } from '../../world/trace.ts';
import type { Workload } from '../../world/workload.ts';

export interface WorkloadChoice {
  readonly config: Config;
  readonly seed: number;
  readonly hours: number;
  /** A CSV file. */
  readonly trace?: string;
  /** Epoch seconds at which it starts: nights and weekends are quiet. */
  readonly start: number;
}

/** Batches per hour at noon that keep the default farm busy but not always at its caps. */
const PEAK_BATCHES_PER_HOUR = 5;
/** A type with features sees one batch where a plain one sees this many. */
const PLAIN_SHARE = 4;

/** @throws TraceError, or the file system's error, when the trace cannot be read. */
export function workloadFor({ config, seed, hours, trace, start }: WorkloadChoice): Workload {
  if (trace !== undefined) {
    return beginningOf(parseTrace(readFileSync(trace, 'utf8')), hours);
  }
  const date = new Date(start * 1000);
  const luck = new Random(seed);
  const generated = generateWorkload({
    random: luck.fork(),
    hours,
    startHour: date.getUTCHours(),
    startDay: date.getUTCDay(),
    kinds: config.machineTypes.map(kindOf),
    peakBatchesPerHour: PEAK_BATCHES_PER_HOUR,
  });
  return withEvaluations(generated, { random: luck.fork(), durations: batchDurations });
}

/** The first hours of a recorded queue, from its first build on: many begin with a quiet night. */
function beginningOf(recorded: Workload, hours: number): Workload {
  const first = recorded[0]?.atSeconds ?? 0;
  return recorded
    .map((arrival) => ({ ...arrival, atSeconds: arrival.atSeconds - first }))
    .filter(({ atSeconds }) => atSeconds < hours * 3600);
}

const kindOf = (type: MachineType): KindShare => ({
  system: type.systems[0] ?? 'x86_64-linux',
  features: type.features,
  share: type.features.length === 0 ? PLAIN_SHARE : 1,
});
