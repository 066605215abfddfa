/** The watch on the Hydra host: what it is told to wait for, and what it says when that has come. */
import type { Watched } from '../core/plan/watched.ts';
import type { Problem } from '../core/model/index.ts';
import type { Result } from '../core/reason/result.ts';
import { count } from '../core/text/count.ts';
import { excerpt } from '../core/text/excerpt.ts';

export interface WatchTerms {
  readonly watched: Watched;
  /** Grows from watch to watch: a later one ends all before it, wherever they still are. */
  readonly turn: number;
  /** How long it waits at most, in seconds. */
  readonly seconds: number;
  /** Until it looks for the first time, in seconds. */
  readonly delaySeconds: number;
}

/** What has become of a watch. */
export interface WatchEnd {
  /** What it found, in words; absent where it found nothing. */
  readonly found?: string;
  /** Why it could not be ended, or asked. */
  readonly problem?: Problem;
}

/** Waits where the queue runner is. It decides nothing, and nothing relies on it: where it fails, the clock goes on. */
export interface HostWatch {
  /** Leaves one there, and gives its id. Never throws. */
  leave(terms: WatchTerms): Promise<Result<string>>;
  /** Ends it, if it is still there. Never throws; that it cannot be ended harms nobody. */
  end(id: string): Promise<WatchEnd>;
}

/** Words as they may stand in a line for the script. */
const WORD = /^[A-Za-z0-9_.+:,-]+$/;

/**
 * The lines that the document is told, as many as fit. What is left out is not waited for, or, where it is a kind of steps,
 * waited for too eagerly.
 * @param maxCharacters of all lines.
 */
export function watchedLines(watched: Watched, maxCharacters: number): string {
  const most = (limit: number): string => (limit === Infinity ? '-' : String(limit));
  const lines = [
    `unsupported ${most(watched.unsupported ?? Infinity)}`,
    ...[...limitsOf(watched)].map(([kind, limit]) => `kind ${kind} ${most(limit)}`),
    ...watched.quiet.filter((key) => WORD.test(key)).map((key) => `quiet ${key}`),
    ...watched.failing.filter((key) => WORD.test(key)).map((key) => `failed ${key}`),
  ];
  let characters = 0;
  return lines
    .filter((line) => (characters += line.length + 1) <= maxCharacters)
    .map((line) => `${line}\n`)
    .join('');
}

/**
 * By the names that the status has for them, the most steps that are no news. The Rust queue runner counts by systems: of
 * a system's kinds the one that lacks least decides.
 */
export function limitsOf({ runner, kinds }: Watched): ReadonlyMap<string, number> {
  if (runner === 'cpp')
    return new Map(kinds.flatMap(({ step, most }) => (WORD.test(step.key) ? [[step.key, most]] : [])));
  const systems = Map.groupBy(kinds, ({ step }) => step.system);
  return new Map(
    [...systems].map(([system, ofSystem]) => {
      const waiting = ofSystem.reduce((sum, { step }) => sum + step.runnable, 0);
      return [system, waiting + Math.min(...ofSystem.map(({ step, most }) => most - step.runnable))];
    }),
  );
}

const FOUND =
  /^hydra-autoscaler 1 watch\n(?<event>more|unsupported|failed|quiet) (?<subject>\S+)(?: (?<number>\d+))?\s*$/;

/** What a watch printed at its end, in words. */
export function foundInWords(stdout: string): string {
  const { event, subject = '', number = '' } = FOUND.exec(stdout)?.groups ?? {};
  const name = excerpt(subject, 100);
  switch (event) {
    case 'more':
      return `${count(Number(number), 'step')} of ${name} could start`;
    case 'unsupported':
      return `${count(Number(subject), 'step')} that no machine supports`;
    case 'failed':
      return `${name} has failed a step`;
    case 'quiet':
      return `${name} has no jobs any more`;
    default:
      return `something that this version does not know: ${excerpt(stdout, 60)}`;
  }
}
