/** The watch on the Hydra host: what it is told to wait for, and what it says when that has come. */
import type { Watched } from '../core/plan/watched.ts';
import { count } from '../core/text/count.ts';
import { excerpt } from '../core/text/excerpt.ts';

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
    ...evaluationLines(watched),
    ...watched.quiet.filter((key) => WORD.test(key)).map((key) => `quiet ${key}`),
    ...watched.failing.filter((key) => WORD.test(key)).map((key) => `failed ${key}`),
  ];
  let characters = 0;
  return lines
    .filter((line) => (characters += line.length + 1) <= maxCharacters)
    .map((line) => `${line}\n`)
    .join('');
}

const evaluationLines = ({ evaluations }: Watched): readonly string[] =>
  evaluations === undefined
    ? []
    : [
        'evaluations yes',
        ...(evaluations.dueAt === undefined ? [] : [`due ${evaluations.dueAt}`]),
        ...evaluations.unlikely.filter((jobset) => WORD.test(jobset)).map((jobset) => `unlikely ${jobset}`),
      ];

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
  /^hydra-autoscaler 1 watch\n(?<event>more|unsupported|failed|quiet|evaluating|due) (?<subject>\S+)(?: (?<number>\d+))?\s*$/;

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
    case 'evaluating':
      return `${name} is being evaluated`;
    case 'due':
      return 'machines are due for an evaluation that runs';
    case 'quiet':
      return `${name} has no jobs any more`;
    default:
      return `something that this version does not know: ${excerpt(stdout, 60)}`;
  }
}
