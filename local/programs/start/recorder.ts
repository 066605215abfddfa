/** Collects what people want to see of a run while it happens. */
import { paidSecondsLeft } from '../../../lambdas/core/model/billing.ts';
import type { FarmState, Machine } from '../../../lambdas/core/model/index.ts';
import type { StateStore } from '../../../lambdas/ports.ts';
import type { Invocation } from '../../world/drive/lambda.ts';
import { summaryOf } from '../show/history.ts';
import type {
  FaultLine,
  History,
  MachineLine,
  RunSummary,
  Sample,
  TickLine,
  ViolationLine,
} from '../show/history.ts';
import type { World } from '../../world/world.ts';
import { summaryOfRun } from './run-summary.ts';
import { titleOf } from './terms.ts';
import type { Terms } from './terms.ts';

/** A decision in words, with its time since the start in seconds. */
export interface DecisionLine {
  readonly at: number;
  readonly text: string;
}

/** Decisions kept for the live view. */
const RECENT_DECISIONS = 50;

export class Recorder {
  readonly samples: Sample[] = [];
  readonly ticks: TickLine[] = [];
  readonly decisions: DecisionLine[] = [];
  readonly faults: FaultLine[] = [];
  /** The machines at the last sample. */
  machines: readonly MachineLine[] = [];
  readonly #world: World;
  readonly #store: StateStore;
  readonly #startedAt: number;
  /** Why each machine is as it is, as the last tick said. */
  readonly #reasons = new Map<string, { readonly phase: string; readonly reason: string }>();
  readonly #said = new Map<string, string>();

  constructor(world: World, store: StateStore) {
    this.#world = world;
    this.#store = store;
    this.#startedAt = world.timeline.now;
  }

  get #now(): number {
    return this.#world.timeline.now - this.#startedAt;
  }

  /** Notes an invocation; those that found another at work or a foreign event are not worth a line. */
  ended({ event, startedAt, endedAt, answer }: Invocation): void {
    if (answer === undefined || answer.result === 'busy' || answer.result === 'ignored') return;
    const tick = {
      at: toMilliseconds(startedAt - this.#startedAt),
      endedAt: toMilliseconds(endedAt - this.#startedAt),
      woken: wokenBy(event),
      answer,
    };
    this.ticks.push(tick);
    // What a person sends away ends with time paid for, and nothing is blamed for that.
    if (answer.result === 'recorded' && answer.order?.kind === 'drain')
      this.#world.judge.orders.asked('drain', answer.order.instanceId);
    const summary = summaryOf(answer);
    for (const { machine, phase, reason } of summary?.machines ?? [])
      this.#reasons.set(machine, { phase, reason });
    for (const action of summary?.actions ?? []) this.#tell(action);
    for (const { type, verdict, reason } of summary?.types ?? [])
      this.#decide(type, verdict, `${type}: ${verdict} (${reason})`);
    for (const problem of summary?.problems ?? []) this.#decide(problem, problem, problem);
  }

  /** Notes what has just gone wrong on purpose. */
  wentWrong(what: string): void {
    this.faults.push({ at: toMilliseconds(this.#now), what });
  }

  /** Tells of a subject only when the verdict on it has changed; its numbers change all the time. */
  #decide(subject: string, verdict: string, text: string): void {
    if (this.#said.get(subject) === verdict) return;
    this.#said.set(subject, verdict);
    this.#tell(text);
  }

  #tell(text: string): void {
    this.decisions.push({ at: this.#now, text });
    if (this.decisions.length > RECENT_DECISIONS) this.decisions.shift();
  }

  /** Takes one sample of world and memory. */
  async sample(): Promise<Sample> {
    const state = await this.#store.load(this.#world.timeline.now);
    const { ledger, runner, timeline } = this.#world;
    const waiting: Record<string, number> = {};
    let oldest = timeline.now;
    for (const build of runner.unfinishedBuilds) {
      if (ledger.isRunning(build)) continue;
      waiting[build.kind.key] = (waiting[build.kind.key] ?? 0) + 1;
      oldest = Math.min(oldest, build.queuedAt);
    }
    this.machines = state.machines.map((machine) => this.#line(machine));
    const sample: Sample = {
      at: this.#now,
      waiting,
      running: ledger.running,
      done: ledger.done,
      lost: ledger.lost.length,
      slots: this.machines
        .filter(({ phase }) => phase === 'ready' || phase === 'draining')
        .reduce((sum, { slots = 0 }) => sum + slots, 0),
      machines: phasesOf(state),
      oldestWaitSeconds: timeline.now - oldest,
    };
    this.samples.push(sample);
    return sample;
  }

  #line(machine: Machine): MachineLine {
    const { region, ledger, config, timeline } = this.#world;
    const instance = region.instances.find(machine.instanceId);
    const type = config.machineTypes.find(({ key }) => key === machine.type);
    const said = this.#reasons.get(machine.instanceId);
    const left = paidSecondsLeft(machine.billing, instance?.startedAt, timeline.now);
    return {
      machine: machine.instanceId,
      type: machine.type,
      phase: machine.phase,
      ...(machine.address === undefined ? {} : { address: machine.address }),
      busySlots: machine.address === undefined ? 0 : ledger.at(machine.address).length,
      slots: type?.maxJobs ?? 0,
      ...(left > 0 ? { paidSecondsLeft: left } : {}),
      reason: said?.phase === machine.phase ? said.reason : machine.reason,
    };
  }

  /** Rules broken so far. */
  get violations(): readonly ViolationLine[] {
    return this.#world.judge.violations.map((violation) => ({
      ...violation,
      at: violation.at - this.#startedAt,
    }));
  }

  summary(terms: Terms): RunSummary {
    return summaryOfRun(this.#world, { ticks: this.ticks, passedSeconds: this.#now, terms });
  }

  history(terms: Terms): History {
    const { ledger } = this.#world;
    return {
      title: titleOf(terms),
      startedAt: this.#startedAt,
      samples: this.samples,
      ticks: this.ticks,
      violations: this.violations,
      faults: this.faults,
      waits: ledger.waits.map(({ at, seconds }) => ({ at: at - this.#startedAt, seconds })),
      summary: this.summary(terms),
    };
  }
}

/** Of seconds: what is beyond is not time but floating-point noise. */
const toMilliseconds = (seconds: number): number => Math.round(seconds * 1000) / 1000;

function wokenBy(event: unknown): string {
  if (typeof event !== 'object' || event === null) return 'unknown';
  if ('tick' in event) return 'schedule';
  return 'source' in event ? 'ec2' : 'person';
}

function phasesOf(state: FarmState): Record<string, number> {
  const requested = state.launches.reduce((sum, { count }) => sum + count, 0);
  const counts: Record<string, number> = requested > 0 ? { requested } : {};
  for (const { phase } of state.machines) counts[phase] = (counts[phase] ?? 0) + 1;
  return counts;
}
