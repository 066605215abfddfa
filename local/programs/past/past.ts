/** The past of a farm, as far as its journal tells it. */
import type { ProblemLine } from '../show/history.ts';
import type { Mark } from '../show/report/report-page.ts';
import type { TickTable } from '../show/report/ticks.ts';
import type { Life } from './lives.ts';
import type { Bill } from './meter.ts';

/** The farm at one look. */
export interface PastLook {
  /** Seconds since the past begins. */
  readonly at: number;
  /** Runnable steps by their kind; absent where the queue runner told none. */
  readonly waiting?: Readonly<Record<string, number>>;
  /** Steps at work, on whatever builder; absent where the queue runner told none. */
  readonly running?: number;
  /** By phase, as they were remembered; `requested` for launches without an answer. */
  readonly machines: Readonly<Record<string, number>>;
  /** Ready and draining machines with a step on them, and without one. Absent while the status is not trusted. */
  readonly working?: number;
  readonly idle?: number;
  /** What the machines cost whose price is known. */
  readonly dollarsPerHour: number;
}

/** Something at an instant that is worth a mark. */
export interface PastMark extends Mark {
  readonly text: string;
}

export interface Past {
  /** Epoch seconds of the first entry, and of the end of the last one. The same where there is none. */
  readonly startedAt: number;
  readonly end: number;
  readonly looks: readonly PastLook[];
  readonly bills: readonly Bill[];
  readonly lives: readonly Life[];
  readonly marks: readonly PastMark[];
  readonly ticks: TickTable;
  /** With epoch seconds. */
  readonly problems: readonly ProblemLine[];
  readonly launched: number;
  readonly ended: number;
  /** Rounds whose observation was left out for its size: what they saw is in nothing here. */
  readonly unseenRounds: number;
  /** The longest time between two ticks, in seconds. */
  readonly longestGap: number;
  /** Stored items that are no entries, in words. */
  readonly unreadable: readonly string[];
}
