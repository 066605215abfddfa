/** Plays a trace through the unmodified function in its world, with a judge who watches and nothing that goes wrong. */
import { checkConfig } from '../../../../lambdas/config-file/config-file.ts';
import { typeFor } from '../../../../lambdas/core/capacity/covering.ts';
import type { Config } from '../../../../lambdas/core/config/config.ts';
import { listingsFor } from '../../../../lambdas/hydra/cpp/life/listing.ts';
import { renderMachinesFile } from '../../../../lambdas/hydra/cpp/machines-file.ts';
import type { Invocation } from '../../../world/drive/lambda.ts';
import { LOOK_SECONDS } from '../../../world/judge/need.ts';
import type { RegionSettings } from '../../../world/region/settings.ts';
import type { FirstStart } from '../../../world/ledger.ts';
import type { Workload } from '../../../world/workload.ts';
import { Chaos } from '../../simulate/chaos.ts';
import { FaultyStage } from '../../simulate/faulty-stage.ts';
import { START } from '../../simulate/simulate.ts';
import { Lives } from './lives.ts';
import type { Played, Wait } from './score.ts';
import type { Written } from './settings.ts';

export interface PlayOptions {
  readonly workload: Workload;
  /** The whole configuration, as people write it. */
  readonly farm: Written;
  /** Launch to an answering sshd, in seconds; not less than the 20 until it runs. */
  readonly bootSeconds: number;
  /** From the first tick to the begin of the trace, in seconds: where between two ticks it begins. */
  readonly leadSeconds: number;
}

export interface PlayedByUs extends Played {
  /** The same of each machine type, by its key. */
  readonly types: ReadonlyMap<string, Played>;
  /** When each machine was first offered, in seconds after the trace's begin; the earliest first. */
  readonly offeredAt: readonly number[];
  /** Rules broken, in words. */
  readonly violations: readonly string[];
}

/** From launch to `running`: about 18 s (measured by others on m7i.large, 2026). */
const PENDING_SECONDS = 20;
/** The last builds must have ended within this long after the last arrival, in seconds. */
const LAST_BUILD_SECONDS = 72 * 3600;
/** In which the last machines go: a paid hour, its grace and its drain. */
const LAST_MACHINE_SECONDS = 3 * 3600;

const regionOf = (bootSeconds: number): Partial<RegionSettings> => ({
  pendingSeconds: [PENDING_SECONDS, PENDING_SECONDS],
  sshSeconds: [bootSeconds - PENDING_SECONDS, bootSeconds - PENDING_SECONDS],
  consoleSeconds: [20, 60],
  onDemandVcpuQuota: Infinity,
  spotVcpuQuota: Infinity,
});

/** @throws ConfigError for a farm that cannot be. */
export async function playTrace(options: PlayOptions): Promise<PlayedByUs> {
  const { workload, leadSeconds } = options;
  const config = checkConfig('bench', options.farm);
  const { stage, lives } = stageOf(config, options.bootSeconds);
  const { timeline, ledger, judge, runner } = stage.world;
  const begin = START + leadSeconds;
  runner.start();
  timeline.schedule(begin, () => {
    stage.world.schedule(workload);
  });
  look(stage);
  stage.startFunction();
  await stage.pass(leadSeconds + (workload.at(-1)?.atSeconds ?? 0) + 1);
  await stage.pass(LAST_BUILD_SECONDS, { isStopped: () => ledger.unfinished === 0 });
  if (ledger.unfinished > 0) judge.violate(8, `${ledger.unfinished} builds never end`);
  await stage.pass(LAST_MACHINE_SECONDS, { isStopped: () => lives.alive === 0 });
  stage.lambda.stop();
  return {
    machines: lives.machines(),
    peak: lives.peak(),
    waits: waitsIn(ledger.waits),
    slots: config.machineTypes[0]?.maxJobs ?? 1,
    types: playedByType(config, lives, ledger.waits),
    offeredAt: lives.offeredAfter(begin),
    violations: judge.violations.map(({ rule, what }) => `rule ${rule}: ${what}`),
  };
}

const waitsIn = (starts: readonly FirstStart[]): readonly Wait[] =>
  starts.map(({ seconds, work }) => ({ seconds, work }));

/** A step counts for the type whose demand it is, wherever it ran. */
function playedByType(
  { machineTypes }: Config,
  lives: Lives,
  starts: readonly FirstStart[],
): ReadonlyMap<string, Played> {
  const byKind = Map.groupBy(starts, ({ kind }) => kind);
  const byType = Map.groupBy(byKind, ([kind]) => typeFor(machineTypes, kind, undefined)?.key);
  return new Map(
    machineTypes.map(({ key, maxJobs: slots }): [string, Played] => {
      const own = byType.get(key)?.flatMap(([, ofKind]) => ofKind) ?? [];
      return [key, { machines: lives.machines(key), peak: lives.peak(key), waits: waitsIn(own), slots }];
    }),
  );
}

function stageOf(
  config: Config,
  bootSeconds: number,
): { readonly stage: FaultyStage; readonly lives: Lives } {
  const stage = new FaultyStage({
    ...{ seed: 1, start: START, config, kills: () => false, region: regionOf(bootSeconds) },
    chaos: new Chaos({ seed: 1, enabled: new Set() }),
    // A farm that has been there for a while.
    machinesFile: renderMachinesFile(config.tag, listingsFor(config, [])),
    reporter: { decision: () => undefined, problem: () => undefined, metrics: () => undefined },
    written: () => {
      lives.written(stage.file.read());
    },
  });
  const lives = new Lives(stage.world);
  stage.lambda.onEnd((invocation) => {
    judgeEnd(stage, invocation);
  });
  return { stage, lives };
}

/** Once a minute. Nothing is wrong with this world, so nothing is excused. */
function look(stage: FaultyStage): void {
  stage.world.judge.look(false, () => 0);
  stage.world.timeline.after(LOOK_SECONDS, () => {
    look(stage);
  });
}

function judgeEnd({ world: { judge } }: FaultyStage, { error, answer }: Invocation): void {
  if (error !== undefined) judge.violate(8, `the function failed: ${String(error)}`);
  if (answer?.result === 'refused') judge.violate(8, `a plan was refused: ${answer.problems.join('; ')}`);
}
