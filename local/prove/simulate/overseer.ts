/** Looks after one run: what the function says and how its invocations end goes to the judge, and to people who want to read it. */
import type { Decision, RunnerKind } from '../../../lambdas/core/model/index.ts';
import type { Reporter } from '../../../lambdas/ports.ts';
import type { Invocation } from '../../world/drive/lambda.ts';
import { LOOK_SECONDS } from '../../world/judge/need.ts';
import type { World } from '../../world/world.ts';
import type { Line } from './history.ts';
import { Kept } from './kept.ts';
import { Recovery } from './recovery.ts';
import { FaultyStage } from './faulty-stage.ts';
import type { FaultyStageOptions } from './faulty-stage.ts';
import { KilledError } from './life.ts';

/** After a storm no machine is blamed for what is still being put right: three ticks. */
const AFTERMATH_SECONDS = 900;

export interface OverseerOptions extends Omit<FaultyStageOptions, 'reporter'> {
  readonly tell?: ((line: Line) => void) | undefined;
}

export class Overseer {
  readonly stage: FaultyStage;
  readonly recovery: Recovery;
  readonly #kept: Kept;
  readonly #options: OverseerOptions;
  #clearedAt = -Infinity;
  /** Entries of the journal that ticks and requests with an answer have made. */
  #noted = 0;

  constructor(options: OverseerOptions) {
    this.#options = options;
    this.stage = new FaultyStage({ ...options, reporter: this.#reporter() });
    const { world, memory, lambda } = this.stage;
    lambda.onEnd((invocation) => {
      this.#ended(invocation);
    });
    this.#kept = new Kept(world, () => memory.load(world.timeline.now));
    this.recovery = new Recovery({
      world,
      load: () => memory.load(world.timeline.now),
      violate: (rule, what) => {
        world.judge.violate(rule, what);
      },
    });
    world.region.observe({
      state: (instance, state) => {
        this.tell('world', `${instance.instanceId} at ${instance.address} is ${state}`);
      },
    });
  }

  /** The Hydra host has the other queue runner from now on. */
  replaceRunner(kind: RunnerKind): void {
    this.tell('world', `the Hydra host has the ${kind} queue runner from now on`);
    this.#world.inForce.replaceBy(kind);
  }

  /** Begins to look once a minute. */
  watch(): void {
    const { timeline, judge } = this.#world;
    if (this.stage.chaos.isRaging) this.recovery.stormed();
    judge.look(this.#isTrouble, (type) => this.stage.floorOf(type));
    timeline.after(LOOK_SECONDS, () => {
      this.watch();
    });
  }

  /** The faults have stopped and the world is whole again: from here on the farm has three ticks. */
  cleared(): void {
    this.#clearedAt = this.#world.timeline.now;
    this.recovery.cleared();
    this.tell('world', 'the faults have stopped');
  }

  tell(who: Line['who'], text: string): void {
    this.#options.tell?.({ at: this.#world.timeline.now - this.#options.start, who, text });
  }

  /** Tells the judgement, at the end. */
  conclude(): void {
    const { judge } = this.#world;
    const { appended } = this.stage.journal;
    if (appended < this.#noted)
      judge.violate(8, `the journal has ${appended} entries, but ${this.#noted} were to be noted`);
    for (const { rule, what } of judge.violations) this.tell('judge', `rule ${rule} is broken: ${what}`);
  }

  get #world(): World {
    return this.stage.world;
  }

  get #isTrouble(): boolean {
    return this.stage.chaos.isRaging || this.#world.timeline.now - this.#clearedAt < AFTERMATH_SECONDS;
  }

  #ended(invocation: Invocation): void {
    const { error, answer } = invocation;
    const { judge } = this.#world;
    if (error instanceof KilledError) judge.died();
    if (error !== undefined) this.#judgeError(error);
    this.#noted += entriesOf(answer);
    const tick = answer?.result === 'recorded' && 'tick' in answer ? answer.tick : answer;
    if (tick?.result === 'refused') judge.violate(8, `a plan was refused: ${tick.problems.join('; ')}`);
    this.tell('function', error === undefined ? `ends: ${words(answer)}` : `fails: ${String(error)}`);
    void this.stage.activity.during(async () => {
      await this.#kept.look();
      await this.recovery.ended(invocation);
    });
  }

  /** In a storm a tick may fail by what the world did to it, never by a mistake of its own. */
  #judgeError(error: unknown): void {
    const isMistake =
      error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
    if (isMistake || (!this.#isTrouble && !(error instanceof KilledError)))
      this.#world.judge.violate(8, `the function failed: ${String(error)}`);
  }

  #reporter(): Reporter {
    return {
      decision: (decision) => {
        this.#judgeDecision(decision);
      },
      problem: (what, details) => {
        this.tell('function', `${what} ${JSON.stringify(details)}`);
      },
      metrics: () => undefined,
    };
  }

  #judgeDecision({ subject, verdict, reason }: Decision): void {
    const name = 'machine' in subject ? subject.machine : subject.type;
    if (reason.trim() === '') this.#world.judge.violate(8, `"${verdict}" for ${name} has no reason`);
    this.tell('function', `${name}: ${verdict} (${reason})`);
  }
}

/** A request is noted, and so is every tick that got the lease. */
function entriesOf(answer: Invocation['answer']): number {
  if (answer === undefined || !('message' in answer)) return 0;
  if (answer.result === 'recorded') return 1 + ('tick' in answer ? entriesOf(answer.tick) : 0);
  return 'rounds' in answer && answer.result !== 'busy' ? 1 : 0;
}

const words = (answer: Invocation['answer']): string =>
  answer === undefined ? 'nothing' : `${answer.result}, ${'message' in answer ? answer.message : ''}`;
