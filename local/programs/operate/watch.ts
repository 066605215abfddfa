/** `operate watch`: asks a farm for its status again and again, and shows what changes. */
import type { FarmStatus } from '../../../lambdas/operate/status.ts';
import { oneLine } from '../show/cells.ts';
import { farmScreen } from '../show/farm-screen.ts';
import { FarmWatch } from '../show/farm-watch.ts';
import type { WatchState } from '../show/farm-watch.ts';
import type { DecisionLine } from '../show/live-parts.ts';
import { LiveView } from '../show/live-view.ts';
import { dayTime } from '../show/words.ts';
import { TargetError } from './target.ts';
import type { Target } from './target.ts';

export interface WatchOptions {
  readonly ask: Target;
  /** Whose farm it is. */
  readonly title: string;
  readonly output: NodeJS.WriteStream;
  /** One JSON line a status, for programs. */
  readonly json: boolean;
  /** Time between an answer and the next question. */
  readonly pause: () => Promise<void>;
  /** Somebody wants it to end: nothing is waited for any more. */
  readonly over: AbortSignal;
  /** Epoch seconds. */
  readonly now: () => number;
}

/**
 * Watches until it is to end. Where a farm that has answered does not any more, it is said and asked again.
 * @throws TargetError where it does not answer the first time.
 */
export async function watch(options: WatchOptions): Promise<void> {
  const { ask, pause, over, now } = options;
  const farm = new FarmWatch();
  const display = displayOn(options);
  const ended = new Promise<undefined>((resolve) => {
    over.addEventListener('abort', () => {
      resolve(undefined);
    });
  });
  try {
    while (!over.aborted) {
      const told = await Promise.race([statusOf(ask, farm), ended]);
      if (told === undefined) return;
      if (typeof told !== 'string') display.changed(farm.take(told, now()), told);
      else if (farm.failed(told)) display.trouble(told, now());
      display.draw(farm.state);
      await Promise.race([pause(), ended]);
    }
  } finally {
    display.end();
  }
}

/** Why there is none, where there has been one before. */
async function statusOf(ask: Target, farm: FarmWatch): Promise<FarmStatus | string> {
  try {
    return statusIn(await ask({ status: true }));
  } catch (error) {
    if (!(error instanceof TargetError) || farm.state === undefined) throw error;
    return error.message;
  }
}

function statusIn(answer: Awaited<ReturnType<Target>>): FarmStatus {
  if (answer.result === 'status') return answer;
  throw new TargetError(`this is no status: ${answer.message}`);
}

interface Display {
  readonly changed: (lines: readonly DecisionLine[], status: FarmStatus) => void;
  readonly trouble: (text: string, at: number) => void;
  readonly draw: (state: WatchState | undefined) => void;
  readonly end: () => void;
}

function displayOn(options: WatchOptions): Display {
  if (options.json) return jsonDisplay(options);
  return options.output.isTTY ? liveDisplay(options) : plainDisplay(options);
}

function jsonDisplay({ output }: WatchOptions): Display {
  const print = (line: object): void => {
    output.write(`${JSON.stringify(line)}\n`);
  };
  return {
    changed: (_lines, status) => {
      print(status);
    },
    trouble: (message) => {
      print({ result: 'unanswered', message });
    },
    draw: () => undefined,
    end: () => undefined,
  };
}

/** One line a change, for pipes. */
function plainDisplay({ output }: WatchOptions): Display {
  const print = (text: string, at: number): void => {
    output.write(`${dayTime(at)}  ${oneLine(text)}\n`);
  };
  return {
    changed: (lines) => {
      for (const { at, text } of lines) print(text, at);
    },
    trouble: (text, at) => {
      print(`no newer status: ${text}`, at);
    },
    draw: () => undefined,
    end: () => undefined,
  };
}

function liveDisplay({ output, title }: WatchOptions): Display {
  const view = new LiveView<WatchState>({
    write: (text) => output.write(text),
    columns: () => output.columns,
    rows: () => output.rows,
    colour: output.hasColors(),
    screen: (state, size, paint) => farmScreen(title, state, size, paint),
  });
  let last: WatchState | undefined;
  const redraw = (): void => {
    if (last !== undefined) view.draw(last);
  };
  output.on('resize', redraw);
  return {
    changed: () => undefined,
    trouble: () => undefined,
    draw: (state) => {
      last = state;
      redraw();
    },
    end: () => {
      output.off('resize', redraw);
      view.end();
    },
  };
}
