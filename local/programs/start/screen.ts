/** Shows a run while it happens: a live view for people at a terminal, plain lines elsewhere, JSON for programs. */
import type { Invocation } from '../../world/drive/lambda.ts';
import { screen } from '../show/live-screen.ts';
import type { LiveState } from '../show/live-state.ts';
import { LiveView } from '../show/live-view.ts';
import { renderConclusion } from '../show/conclusion.ts';
import { idleMachineHours } from '../show/history.ts';
import { PlainLog } from '../show/plain-log.ts';
import { renderReport } from '../show/report.ts';
import { timeTeller } from '../show/words.ts';
import type { Timeline } from '../../world/timeline.ts';
import type { Recorder } from './recorder.ts';
import { titleOf } from './terms.ts';
import type { Terms } from './terms.ts';

export interface Screen {
  /** Called at every sample and at the end of every invocation. */
  readonly show: (recorder: Recorder, ended?: Invocation) => void;
  /** Puts the terminal back as it was. Doing so twice changes nothing. */
  readonly close: () => void;
  /** The summary of the run. */
  readonly conclude: (recorder: Recorder) => void;
  /** The last word: where the report lies. */
  readonly reported: (file: string) => void;
}

export interface ScreenOptions extends Terms {
  readonly json?: boolean;
  readonly speed: number;
}

export function screenFor(options: ScreenOptions, timeline: Timeline, output: NodeJS.WriteStream): Screen {
  if (options.json === true) return jsonScreen(options, output);
  return output.isTTY ? liveScreen(options, timeline, output) : plainScreen(options, timeline, output);
}

function jsonScreen(options: ScreenOptions, output: NodeJS.WriteStream): Screen {
  const print = (line: unknown): void => {
    output.write(`${JSON.stringify(line)}\n`);
  };
  return {
    show: (recorder, ended) => {
      const last = recorder.ticks.at(-1);
      if (ended?.error !== undefined)
        print({ type: 'error', at: ended.startedAt, error: String(ended.error) });
      else if (ended !== undefined && last?.answer === ended.answer) print({ type: 'tick', ...last });
    },
    close: () => undefined,
    conclude: (recorder) => {
      print({ type: 'summary', ...recorder.summary(options) });
    },
    reported: () => undefined,
  };
}

function liveScreen(options: ScreenOptions, timeline: Timeline, output: NodeJS.WriteStream): Screen {
  const colour = output.hasColors();
  const startedAt = timeline.now;
  const title = titleOf(options);
  const view = new LiveView({
    write: (text) => output.write(text),
    columns: () => output.columns,
    rows: () => output.rows,
    colour,
    screen: (state: LiveState, size, paint) => screen(title, state, size, paint),
  });
  return {
    show: (recorder) => {
      const sample = recorder.samples.at(-1);
      if (sample === undefined) return;
      const summary = recorder.summary(options);
      view.draw({
        at: timeline.now - startedAt,
        startedAt,
        hoursTotal: options.hours,
        speed: options.speed,
        sample,
        recent: recorder.samples.slice(-RECENT_SAMPLES),
        machines: recorder.machines,
        decisions: recorder.decisions,
        doneBuilds: summary.buildsDone,
        lostBuilds: summary.buildsLost,
        billedMachineHours: summary.billedMachineHours,
        idleMachineHours: idleMachineHours(summary),
        violations: recorder.violations,
      });
    },
    close: () => {
      view.end();
    },
    conclude: (recorder) => {
      output.write(`\n${renderConclusion(recorder.history(options), output.columns, colour)}\n`);
    },
    reported: tellReport(output),
  };
}

/** Two hours of the queue, one sample per minute. */
const RECENT_SAMPLES = 120;

function plainScreen(options: ScreenOptions, timeline: Timeline, output: NodeJS.WriteStream): Screen {
  const start = timeline.now;
  const log = new PlainLog(start, timeTeller(start, start + options.hours * 3600));
  let violationsTold = 0;
  output.write(`${log.head()}\n`);
  return {
    show: (recorder, ended) => {
      const [tick, sample] = [recorder.ticks.at(-1), recorder.samples.at(-1)];
      if (ended?.error !== undefined) output.write(`the function failed: ${String(ended.error)}\n`);
      if (tick !== undefined && tick.answer === ended?.answer && sample !== undefined) {
        output.write(`${log.tick(tick, sample)}\n`);
      }
      const { violations } = recorder;
      for (const violation of violations.slice(violationsTold)) output.write(`${log.violation(violation)}\n`);
      violationsTold = violations.length;
    },
    close: () => undefined,
    conclude: (recorder) => {
      output.write(`\n${renderConclusion(recorder.history(options), 100, false)}\n`);
    },
    reported: tellReport(output),
  };
}

const tellReport =
  (output: NodeJS.WriteStream) =>
  (file: string): void => {
    output.write(`\nThe report is in ${file}: open it in a browser.\n`);
  };

/** The report of a run as one HTML page. */
export const reportOf = (recorder: Recorder, options: ScreenOptions): string =>
  renderReport(recorder.history(options));
