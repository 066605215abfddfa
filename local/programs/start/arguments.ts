/** Numbers on the command line, each with its bounds. */
import { InvalidArgumentError } from 'commander';

type Parse = (text: string) => number;

/** A month and a half: beyond that a run takes days and its record gigabytes. */
export const MOST_HOURS = 1000;
/** Faster than any machine carries out ticks. */
export const MOST_SPEED = 1_000_000;
const LAST_PORT = 65_535;
const LAST_SEED = 999_999_999;

function bounded(low: number, high: number, isRight: (value: number) => boolean, what: string): Parse {
  return (text) => {
    const value = text.trim() === '' ? NaN : Number(text);
    if (!isRight(value) || value < low || value > high)
      throw new InvalidArgumentError(`It must be ${what} from ${low} to ${high}.`);
    return value;
  };
}

export const hours = bounded(0.01, MOST_HOURS, Number.isFinite, 'a number');
/** Of a journal; longer than it is kept. */
export const days = bounded(0.01, 366, Number.isFinite, 'a number');
/** Seconds between an answer and the next question. */
export const every = bounded(1, 3600, Number.isFinite, 'a number');
export const speed = bounded(0.1, MOST_SPEED, Number.isFinite, 'a number');
export const seed = bounded(0, LAST_SEED, Number.isInteger, 'a whole number');
/** 0 means any free one. */
export const port = bounded(0, LAST_PORT, Number.isInteger, 'a whole number');
