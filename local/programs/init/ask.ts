/** Asks a person, one thing at a time, until the answer is one. */
import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { wrap } from '../show/cells.ts';
import { QUESTIONS, readAnswers } from './answers.ts';
import type { Answers } from './answers.ts';
import { superfluous } from './decide.ts';
import type { Missing } from './setting.ts';
import type { Asks } from './settle.ts';

/** The person ended the input, or interrupted it. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';

  constructor() {
    super('nothing was written: the questions were not answered to their end');
  }
}

export interface Terminal {
  readonly input: Readable;
  readonly output: Writable;
  /** Whether it is one: what is typed there can be edited. */
  readonly isTerminal: boolean;
  /** How wide a line may be. */
  readonly columns: number;
}

export interface Conversation {
  /** @throws NoAnswerError */
  readonly ask: Asks;
  /** Gives the terminal back; nothing ends before. */
  readonly end: () => void;
}

export function converse({ input, output, isTerminal, columns }: Terminal): Conversation {
  const face = createInterface({ input, output, terminal: isTerminal, prompt: '> ' });
  face.on('SIGINT', () => {
    face.close();
  });
  // It keeps what is typed ahead.
  const lines = face[Symbol.asyncIterator]();
  const ask: Asks = async (missing, so) => {
    output.write(questionText(missing, columns));
    for (;;) {
      face.prompt();
      const line = await lines.next();
      if (line.done === true) throw new NoAnswerError();
      const { answers, problem } = understood(missing, line.value.trim(), so);
      if (problem === undefined) return answers;
      output.write(`  ${problem}\n`);
    }
  };
  return {
    ask,
    end: () => {
      face.close();
    },
  };
}

function questionText({ name, how, choices }: Missing, columns: number): string {
  const { asks, flag } = QUESTIONS[name];
  const lines = wrap(`${flag}: ${asks}; ${how}`, columns);
  return ['', ...lines, ...choices.map((choice, index) => `  ${index + 1}) ${choice}`), ''].join('\n');
}

interface Understood {
  readonly answers: Answers;
  readonly problem?: string;
}

function understood({ name, choices }: Missing, answer: string, so: Answers): Understood {
  if (answer === '') return { answers: so, problem: 'something has to be said here; Ctrl-C ends it' };
  // Who is asked which of these hosts it is may have none of them in mind.
  const said = name === 'host' && answer === 'new' ? { hydra: answer } : { [name]: chosen(answer, choices) };
  const { answers, wrong } = readAnswers(said);
  const all = { ...so, ...answers };
  const [problem] = [...wrong, ...superfluous(all)];
  return problem === undefined ? { answers: all } : { answers: so, problem: problem.says };
}

/** A number stands for the choice of that number; several, with commas between them, for several. */
function chosen(answer: string, choices: readonly string[]): string {
  const meant = (word: string): string => {
    const choice = /^\d+$/.test(word) ? choices[Number(word) - 1] : undefined;
    return choice?.split(' ')[0] ?? word;
  };
  return choices.length === 0
    ? answer
    : answer
        .split(',')
        .map((word) => meant(word.trim()))
        .join(',');
}
