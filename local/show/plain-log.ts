/** What a run tells where there is no terminal to draw on (a pipe, CI): one aligned line a tick. */
import { left, oneLine, right } from './cells.ts';
import { summaryOf } from './history.ts';
import type { Sample, TickLine, ViolationLine } from './history.ts';
import { phaseCounts } from './phases.ts';
import { clockTime } from './words.ts';

const WOKEN_WIDTH = 8;
const NUMBER_WIDTH = 7;
const MACHINES_WIDTH = 30;

/** The heads of the columns. */
export function plainHead(): string {
  return columns('UTC', 'woken by', ['waiting', 'running', 'done'], 'machines', 'what it did');
}

/** One tick, with the farm as it was when the tick ended. @param startedAt epoch seconds of the run's start. */
export function plainTick(tick: TickLine, sample: Sample, startedAt: number): string {
  const waiting = Object.values(sample.waiting).reduce((sum, count) => sum + count, 0);
  const machines = phaseCounts(sample.machines).map(({ phase, count }) => `${count} ${phase}`);
  return columns(
    clockTime(startedAt + tick.at),
    tick.woken,
    [waiting, sample.running, sample.done].map(String),
    machines.join(', ') || 'none',
    [tick.answer.message, ...(summaryOf(tick.answer)?.problems ?? [])].join('; '),
  );
}

/** A broken rule. */
export function plainViolation({ rule, at, what }: ViolationLine, startedAt: number): string {
  return `${clockTime(startedAt + at)}  RULE ${rule} BROKEN: ${oneLine(what)}`;
}

function columns(
  time: string,
  woken: string,
  numbers: readonly string[],
  machines: string,
  what: string,
): string {
  const aligned = numbers.map((number) => right(number, NUMBER_WIDTH)).join(' ');
  return `${left(time, 5)}  ${left(woken, WOKEN_WIDTH)}  ${aligned}  ${left(machines, MACHINES_WIDTH)}  ${oneLine(what)}`;
}
