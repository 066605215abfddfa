/**
 * One run from one number: a farm, its queue, storms of faults and calms in between, watched by the judge after every
 * event. The same seed and options give the same outcome, byte for byte.
 */
import type { Decision } from '../../lambdas/core/model.ts';
import type { Reporter } from '../../lambdas/ports.ts';
import { drive } from '../drive/drive.ts';
import type { Invocation } from '../drive/lambda.ts';
import { LOOK_SECONDS } from '../world/judge/need.ts';
import type { World } from '../world/world.ts';
import { Chaos } from './chaos.ts';
import { FAULT_NAMES } from './fault-kinds.ts';
import type { FaultName } from './fault-kinds.ts';
import { farmOf } from './farm.ts';
import type { Farm } from './farm.ts';
import type { Line } from './history.ts';
import type { Outcome } from './outcome.ts';
import { Recovery } from './recovery.ts';
import { KilledError, Stage } from './stage.ts';
import { WakeUps } from './wake-ups.ts';
import { Weather } from './weather.ts';

export interface SimulateOptions {
  readonly seed: number;
  /** Hours in which builds arrive and storms may rage. */
  readonly hours: number;
  /** Kinds of fault that may strike; all when absent. */
  readonly faults?: readonly FaultName[];
  /** Told, in order, what happens; for people. */
  readonly tell?: (line: Line) => void;
}

/** Monday 2 March 2026, six in the morning UTC. */
const START = 1_772_431_200;
/** The first tick has announced the placeholders by then. */
const WARM_UP_SECONDS = 120;
/** After a storm nobody is blamed for what is still being put right: three ticks. */
const AFTERMATH_SECONDS = 900;
/** The longest builds and the longest back-offs have ended by then. */
const LAST_BUILD_SECONDS = 24 * 3600;
/** An idle machine's paid hour, grace and drain are over by then. */
const LAST_MACHINE_SECONDS = 3 * 3600;

export async function simulate(options: SimulateOptions): Promise<Outcome> {
  return new Run(options).outcome();
}

class Run {
  readonly #options: SimulateOptions;
  readonly #farm: Farm;
  readonly #stage: Stage;
  readonly #chaos: Chaos;
  readonly #recovery: Recovery;
  #clearedAt = START;

  constructor(options: SimulateOptions) {
    const { seed, hours, faults = FAULT_NAMES } = options;
    this.#options = options;
    this.#farm = farmOf(seed, hours, START);
    this.#chaos = new Chaos({
      seed,
      enabled: new Set(faults),
      struck: (name, detail) => {
        this.#tell('fault', detail === '' ? name : `${name} ${detail}`);
      },
    });
    this.#stage = new Stage({
      seed,
      start: START,
      config: this.#farm.config,
      chaos: this.#chaos,
      reporter: this.#reporter(),
      kills: () => this.#chaos.strikes('function-killed'),
      ended: (invocation) => {
        this.#ended(invocation);
      },
    });
    const { world, memory } = this.#stage;
    this.#recovery = new Recovery({
      world,
      load: () => memory.load(world.timeline.now),
      violate: (rule, what) => {
        world.judge.violate(rule, what);
      },
    });
  }

  get #world(): World {
    return this.#stage.world;
  }

  async outcome(): Promise<Outcome> {
    const { seed, hours } = this.#options;
    const { timeline, region, ledger } = this.#world;
    const until = START + hours * 3600;
    const { activity } = this.#stage;
    const weather = new Weather({
      stage: this.#stage,
      seed,
      written: this.#farm.written,
      until,
      cleared: () => {
        this.#cleared();
      },
    });
    region.observe({
      state: (instance, state) => {
        this.#tell('world', `${instance.instanceId} at ${instance.address} is ${state}`);
      },
    });
    this.#world.runner.start();
    timeline.after(WARM_UP_SECONDS, () => {
      this.#world.schedule(this.#farm.workload);
    });
    const wakeUps = new WakeUps(this.#stage);
    wakeUps.start();
    weather.start();
    this.#look();
    await drive(timeline, activity, until);
    const isFinished = (): boolean => ledger.unfinished === 0;
    await drive(timeline, activity, until + LAST_BUILD_SECONDS, undefined, isFinished);
    if (!isFinished()) this.#world.judge.violate(8, `${ledger.unfinished} builds never ended`);
    await drive(timeline, activity, timeline.now + LAST_MACHINE_SECONDS);
    wakeUps.stop();
    return this.#summary();
  }

  #summary(): Outcome {
    const { timeline, ledger, judge, hours } = this.#world;
    const { succeeded: buildsDone = 0, ...others } = ledger.ended;
    for (const { rule, what } of judge.violations) this.#tell('judge', `rule ${rule} is broken: ${what}`);
    return {
      seed: this.#options.seed,
      hours: rounded((timeline.now - START) / 3600),
      ticks: this.#stage.lambda.invocations,
      faults: this.#chaos.counts,
      buildsDone,
      buildsEndedOtherwise: others,
      buildsRetriedByUs: judge.builds.retriedByUs,
      stepsLost: judge.builds.lost,
      instancesLeaked: judge.need.leaked,
      machinesLaunched: hours.launched,
      billedHours: rounded(hours.billed),
      neededHours: rounded(judge.need.wantedSeconds / 3600),
      violations: judge.violations,
      worstRecoverySeconds: Math.round(this.#recovery.worstSeconds),
    };
  }

  /** Once a minute, whether machines are needed; and who lives through trouble. */
  #look(): void {
    const { timeline, judge } = this.#world;
    const isTrouble = this.#chaos.isRaging || timeline.now - this.#clearedAt < AFTERMATH_SECONDS;
    if (isTrouble) judge.trouble();
    if (this.#chaos.isRaging) this.#recovery.stormed();
    judge.need.look(isTrouble, (type) => this.#stage.floorOf(type));
    timeline.after(LOOK_SECONDS, () => {
      this.#look();
    });
  }

  #cleared(): void {
    this.#clearedAt = this.#world.timeline.now;
    this.#recovery.cleared();
    this.#tell('world', 'the faults have stopped');
  }

  #ended(invocation: Invocation): void {
    const { error, answer } = invocation;
    const { judge } = this.#world;
    if (error !== undefined) this.#judgeError(error);
    if (answer?.result === 'refused') judge.violate(8, `a plan was refused: ${answer.problems.join('; ')}`);
    this.#tell('function', error === undefined ? `ends: ${words(answer)}` : `fails: ${String(error)}`);
    void this.#stage.activity.during(() => this.#recovery.ended(invocation));
  }

  /** In a storm a tick may fail by what the world did to it, never by a mistake of its own. */
  #judgeError(error: unknown): void {
    const isMistake =
      error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError;
    const isTrouble = this.#chaos.isRaging || this.#world.timeline.now - this.#clearedAt < AFTERMATH_SECONDS;
    if (isMistake || (!isTrouble && !(error instanceof KilledError)))
      this.#world.judge.violate(8, `the function failed: ${String(error)}`);
  }

  #reporter(): Reporter {
    return {
      decision: (decision) => {
        this.#judgeDecision(decision);
      },
      problem: (what, details) => {
        this.#tell('function', `${what} ${JSON.stringify(details)}`);
      },
      metrics: () => undefined,
    };
  }

  #judgeDecision({ subject, verdict, reason }: Decision): void {
    const name = 'machine' in subject ? subject.machine : subject.type;
    if (reason.trim() === '') this.#world.judge.violate(8, `"${verdict}" for ${name} has no reason`);
    this.#tell('function', `${name}: ${verdict} (${reason})`);
  }

  #tell(who: Line['who'], text: string): void {
    this.#options.tell?.({ at: this.#world.timeline.now - START, who, text });
  }
}

const rounded = (value: number): number => Math.round(value * 100) / 100;

const words = (answer: Invocation['answer']): string =>
  answer === undefined ? 'nothing' : `${answer.result}, ${'message' in answer ? answer.message : ''}`;
