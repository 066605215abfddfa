/** What a run leaves for people: samples of the farm over time, each tick in short, and a summary. */
import type { Answer } from '../../../lambdas/reconcile/answer.ts';
import type { Summary } from '../../../lambdas/core/account/summary.ts';
import { timeTeller } from './words.ts';
import type { TellTime } from './words.ts';

/** The farm at one instant. Times are seconds since the start of the run. */
export interface Sample {
  readonly at: number;
  /** Builds that wait for a slot, by their kind (`x86_64-linux:kvm`). */
  readonly waiting: Readonly<Record<string, number>>;
  /** Steps on builders. */
  readonly running: number;
  /** Slots of machines that are ready or draining. */
  readonly slots: number;
  readonly done: number;
  /** Steps lost with their builder. */
  readonly lost: number;
  /** Machines by phase, as the autoscaler remembers them; `requested` for launches without an answer. */
  readonly machines: Readonly<Record<string, number>>;
  /** Seconds the oldest waiting build has waited. */
  readonly oldestWaitSeconds: number;
}

/** One machine as the live view shows it. */
export interface MachineLine {
  readonly machine: string;
  readonly type: string;
  readonly phase: string;
  readonly address?: string;
  /** Steps at work on it, of so many slots. Absent where nobody knows. */
  readonly busySlots?: number;
  readonly slots?: number;
  /** Paid time left, in seconds; absent under per-second billing. */
  readonly paidSecondsLeft?: number;
  /** Absent where it is not known. */
  readonly dollarsPerHour?: number;
  readonly reason: string;
}

/** One invocation of the function that did or decided something. */
export interface TickLine {
  readonly at: number;
  readonly endedAt: number;
  /** `schedule`, `ec2` or `person`. */
  readonly woken: string;
  readonly answer: Answer;
}

/** Something that went wrong on purpose, at an instant. Those that strike all the time have no line. */
export interface FaultLine {
  readonly at: number;
  readonly what: string;
}

/** A problem that ticks met, in their words. */
export interface ProblemLine {
  readonly what: string;
  readonly ticks: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** A rule broken, as the world saw it. */
export interface ViolationLine {
  readonly rule: number;
  readonly at: number;
  readonly what: string;
}

/** How the run ended, in numbers. */
export interface RunSummary {
  readonly buildsDone: number;
  /** Steps that a builder took with it when it went; Hydra tries each again. */
  readonly buildsLost: number;
  /** Builds that ended otherwise: failed by themselves, aborted, unsupported. */
  readonly buildsFailed: number;
  readonly buildsWaiting: number;
  readonly ticks: number;
  readonly launches: number;
  readonly terminations: number;
  /** By the types' billing: whole hours per start under hourly, seconds (60 at least) under per-second billing. */
  readonly billedMachineHours: number;
  /** Machine hours in which at least the busy slots' share was used: busy slot time by the slots of a machine. */
  readonly busyMachineHours: number;
  readonly p50WaitSeconds: number;
  readonly p95WaitSeconds: number;
  readonly violations: number;
  /** What the ticks met, most frequent first. */
  readonly problems: readonly ProblemLine[];
  readonly virtualHours: number;
  readonly seed: number;
  /** What sets the run apart from the usual one, a sentence each: faults on purpose, a farm of one's own, an early end. */
  readonly terms: readonly string[];
}

/** Everything of one run. */
export interface History {
  /** Title for people, such as `5 hours, seed 1`. */
  readonly title: string;
  /** Epoch seconds of the run's start. */
  readonly startedAt: number;
  readonly samples: readonly Sample[];
  readonly ticks: readonly TickLine[];
  readonly violations: readonly ViolationLine[];
  readonly faults: readonly FaultLine[];
  /** Seconds every build that started had waited, with the instant it started. */
  readonly waits: readonly { readonly at: number; readonly seconds: number }[];
  readonly summary: RunSummary;
}

/** How instants of a run are told to people. */
export const timesOf = ({ startedAt, summary }: Pick<History, 'startedAt' | 'summary'>): TellTime =>
  timeTeller(startedAt, startedAt + summary.virtualHours * 3600);

/** Machine hours that were paid for and not worked in. */
export const idleMachineHours = ({ billedMachineHours, busyMachineHours }: RunSummary): number =>
  Math.max(0, billedMachineHours - busyMachineHours);

/** What the ticks met, each problem once, those that most of them met first. */
export function problemsOf(ticks: readonly TickLine[]): readonly ProblemLine[] {
  const met = new Map<string, ProblemLine>();
  for (const { at, answer } of ticks) {
    for (const what of new Set(summaryOf(answer)?.problems)) {
      const before = met.get(what) ?? { what, ticks: 0, firstAt: at, lastAt: at };
      met.set(what, { ...before, ticks: before.ticks + 1, lastAt: at });
    }
  }
  return [...met.values()].toSorted((a, b) => b.ticks - a.ticks || a.firstAt - b.firstAt);
}

/** A tick's summary, where the answer is one. */
export function summaryOf(answer: Answer): Summary | undefined {
  if ('tick' in answer) return answer.tick;
  return 'rounds' in answer ? answer : undefined;
}
