/** What a run tells where there is no terminal to draw on (a pipe, CI): one aligned line per tick. */
import { left, oneLine, right, widthOf } from './cells.ts';
import { summaryOf } from './history.ts';
import type { Sample, TickLine, ViolationLine } from './history.ts';
import { phaseCounts } from './phases.ts';
import type { TellTime } from './words.ts';

const WOKEN_WIDTH = 8;
const NUMBER_WIDTH = 7;
const MACHINES_WIDTH = 30;
const CLOCK_WIDTH = '12:00'.length;
const DAY_TIME_WIDTH = 'Mon 12 Mar 12:00'.length;

export class PlainLog {
  readonly #startedAt: number;
  readonly #tellTime: TellTime;

  /** @param startedAt epoch seconds of the run's start. */
  constructor(startedAt: number, tellTime: TellTime) {
    this.#startedAt = startedAt;
    this.#tellTime = tellTime;
  }

  /** The heads of the columns. */
  head(): string {
    return columns({
      time: left('UTC', widthOf(this.#time(0))),
      woken: 'woken by',
      numbers: ['waiting', 'running', 'done'],
      machines: 'machines',
      what: 'what it did',
    });
  }

  /** One tick, with the farm as it was when the tick ended. */
  tick(tick: TickLine, sample: Sample): string {
    const waiting = Object.values(sample.waiting).reduce((sum, count) => sum + count, 0);
    const machines = phaseCounts(sample.machines).map(({ phase, count }) => `${count} ${phase}`);
    return columns({
      time: this.#time(tick.at),
      woken: tick.woken,
      numbers: [waiting, sample.running, sample.done].map(String),
      machines: machines.join(', ') || 'none',
      what: [tick.answer.message, ...(summaryOf(tick.answer)?.problems ?? [])].join('; '),
    });
  }

  /** A broken rule. */
  violation({ rule, at, what }: ViolationLine): string {
    return `${this.#time(at)}  RULE ${rule} BROKEN: ${oneLine(what)}`;
  }

  /** As wide as the widest of its kind. */
  #time(at: number): string {
    const told = this.#tellTime(this.#startedAt + at);
    return left(told, told.length > CLOCK_WIDTH ? DAY_TIME_WIDTH : CLOCK_WIDTH);
  }
}

interface Row {
  readonly time: string;
  readonly woken: string;
  readonly numbers: readonly string[];
  readonly machines: string;
  readonly what: string;
}

function columns({ time, woken, numbers, machines, what }: Row): string {
  const aligned = numbers.map((number) => right(number, NUMBER_WIDTH)).join(' ');
  return `${time}  ${left(woken, WOKEN_WIDTH)}  ${aligned}  ${left(machines, MACHINES_WIDTH)}  ${oneLine(what)}`;
}
