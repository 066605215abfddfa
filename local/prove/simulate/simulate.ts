/**
 * One run from one number: a farm, its queue, storms of faults and calms in between, watched by the judge after every
 * event. The same seed and options give the same outcome, byte for byte.
 */
import { Chaos } from './chaos.ts';
import type { SimulatedRunner } from './fault-kind.ts';
import { faultNamesOf } from './fault-kinds.ts';
import type { FaultName } from './fault-kinds.ts';
import { farmOf } from './farm.ts';
import type { Line } from './history.ts';
import type { KillPoint } from './life.ts';
import type { Outcome } from './outcome.ts';
import { Operators } from './operators.ts';
import { Overseer } from './overseer.ts';
import { firstRunner, Replacements } from './replacements.ts';
import { WakeUps } from './wake-ups.ts';
import { Weather } from './weather.ts';

export interface SimulateOptions {
  readonly seed: number;
  /** Hours in which builds arrive and storms may rage. */
  readonly hours: number;
  /** Which queue runner the Hydra host has; `cpp` when absent. */
  readonly runner?: SimulatedRunner;
  /** Kinds of fault that may strike; all of them when absent. */
  readonly faults?: readonly FaultName[];
  /** Told, in order, what happens; for people. */
  readonly tell?: (line: Line) => void;
}

/** Where every run begins: Monday 2 March 2026, six in the morning UTC. */
export const START = 1_772_431_200;
/** The first tick has announced the placeholders by then. */
const WARM_UP_SECONDS = 120;
/** The longest builds and the longest back-offs have ended by then. */
const LAST_BUILD_SECONDS = 24 * 3600;
/** An idle machine's paid hour, grace and drain are over by then. */
const LAST_MACHINE_SECONDS = 3 * 3600;

export async function simulate(options: SimulateOptions): Promise<Outcome> {
  const { seed, hours, runner = 'cpp', faults = faultNamesOf(runner), tell } = options;
  const farm = farmOf(seed, hours, START, runner);
  const chaos = new Chaos({
    seed,
    enabled: new Set(faults),
    struck: (name, detail) => {
      overseer.tell('fault', detail === '' ? name : `${name} ${detail}`);
    },
  });
  const kills = (_invocation: number, { name }: KillPoint): boolean => {
    operators.reached();
    return chaos.strikes(name.includes('journal.') ? 'journal-killed' : 'function-killed');
  };
  const overseer = new Overseer({
    ...{ seed, start: START, config: farm.config, runnerKind: firstRunner(runner) },
    ...{ chaos, kills, tell },
  });
  const { stage } = overseer;
  const { world } = stage;
  const { timeline } = world;
  const until = START + hours * 3600;
  const replacements = new Replacements(runner, seed, { start: START, until });
  const cleared = (): void => {
    const kind = replacements.due(timeline.now);
    if (kind !== undefined) overseer.replaceRunner(kind);
    overseer.cleared();
  };
  const weather = new Weather({ stage, seed, written: farm.written, until, cleared });
  const operators = new Operators({ stage, written: farm.written, until });
  const wakeUps = new WakeUps(stage);
  world.runner.start();
  timeline.after(WARM_UP_SECONDS, () => {
    world.schedule(farm.workload);
  });
  wakeUps.start();
  weather.start();
  operators.start();
  overseer.watch();
  await stage.pass(hours * 3600);
  await lastBuilds(overseer);
  await stage.pass(LAST_MACHINE_SECONDS);
  wakeUps.stop();
  overseer.conclude();
  judgeMoney(overseer);
  return outcomeOf(seed, overseer, chaos);
}

/**
 * More than this many times the machine time that demand, floors and grace account for, and a day on top for small
 * farms, is money lost. The worst of 120 seeds with every fault paid for 2.4 times its need: hours begun, boots that failed.
 */
const MONEY_RATIO = 4;
const MONEY_SPARE_HOURS = 24;

function judgeMoney({ stage: { world } }: Overseer): void {
  const { hours, judge } = world;
  const needed = judge.need.wantedSeconds / 3600;
  if (hours.billed <= needed * MONEY_RATIO + MONEY_SPARE_HOURS) return;
  judge.violate(
    4,
    `${rounded(hours.billed)} machine hours were paid for, but only ${rounded(needed)} were needed`,
  );
}

/** Waits for all builds; where the machines are too few for the queue that takes days, in which some must end. */
async function lastBuilds({ stage }: Overseer): Promise<void> {
  const { ledger, judge } = stage.world;
  const isFinished = (): boolean => ledger.unfinished === 0;
  while (!isFinished()) {
    const before = ledger.unfinished;
    await stage.pass(LAST_BUILD_SECONDS, { isStopped: isFinished });
    if (ledger.unfinished < before) continue;
    judge.violate(8, `${ledger.unfinished} builds never end`);
    return;
  }
}

function outcomeOf(seed: number, { stage, recovery }: Overseer, chaos: Chaos): Outcome {
  const { timeline, ledger, judge, hours } = stage.world;
  const { succeeded: buildsDone = 0, ...others } = ledger.ended;
  return {
    seed,
    hours: rounded((timeline.now - START) / 3600),
    ticks: stage.lambda.invocations,
    faults: chaos.counts,
    buildsDone,
    buildsEndedOtherwise: others,
    buildsRetriedByUs: judge.builds.retriedByUs,
    stepsLost: judge.builds.lost,
    instancesLeaked: judge.need.leaked,
    machinesLaunched: hours.launched,
    billedHours: rounded(hours.billed),
    neededHours: rounded(judge.need.wantedSeconds / 3600),
    violations: judge.violations,
    worstRecoverySeconds: Math.round(recovery.worstSeconds),
  };
}

const rounded = (value: number): number => Math.round(value * 100) / 100;
