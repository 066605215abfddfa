/** What `npm run check` says of files: for people, and for programs. */
import type { ExaminedFile, PlacedProblem } from '../../../lambdas/config-file/config-file.ts';

import { adviceFor } from '../../../lambdas/core/config/costs.ts';
import type { Deployment } from '../../../infra/deployment.ts';
import { wrap } from '../show/cells.ts';
import { problemInWords } from '../../../lambdas/core/reason/problem.ts';
import { count } from '../../../lambdas/core/text/count.ts';

/** One file, looked at. */
export interface Checked extends Omit<ExaminedFile<Deployment>, 'found'> {
  readonly file: string;
  /** Absent where it cannot be deployed. */
  readonly found?: Deployment;
  /** Whether it was there and JSON, so that there was something to check. */
  readonly isReadable: boolean;
}

/** @param columns what a line may be wide. */
export function checkedText(checked: Checked, columns: number): string {
  const { file, problems, warnings, found } = checked;
  const head = [
    ...(found === undefined ? [count(problems.length, 'problem')] : [`fine: ${inShort(found)}`]),
    ...(warnings.length === 0 ? [] : [count(warnings.length, 'warning')]),
  ].join(', ');
  return [
    `${file}: ${head}`,
    ...paragraphs('', problems, columns),
    ...paragraphs('warning: ', warnings, columns),
    ...(found === undefined ? [] : paragraphs('advice: ', adviceIn(found), columns)),
    '',
  ].join('\n');
}

/** What might be had for less; said once of all machine types it is said of. */
const adviceIn = ({ config }: Deployment): readonly PlacedProblem[] => {
  const all = config.machineTypes.flatMap((type) =>
    adviceFor(type).map(({ field, says }) => ({ path: `systemTypes.${type.key}.${field}`, says })),
  );
  return [...Map.groupBy(all, ({ says }) => says)].map(([says, about]) => ({
    path: about.map(({ path }) => path).join(', '),
    says,
  }));
};

const inShort = ({ config }: Deployment): string =>
  `${count(config.machineTypes.length, 'machine type')}, at most ${count(config.maxTotalMachines, 'machine')}`;

/** Place and path on a line of their own, and what is to be done below it. */
function paragraphs(kind: string, problems: readonly PlacedProblem[], columns: number): readonly string[] {
  const places = problems.map(({ place }) => (place === undefined ? '-' : `${place.line}:${place.column}`));
  const width = Math.max(0, ...places.map(({ length }) => length));
  const indent = ' '.repeat(width + 4);
  return problems.flatMap(({ path, ...problem }, index) => [
    '',
    `  ${(places[index] ?? '').padEnd(width)}  ${kind}${path === '' ? 'the whole file' : path}`,
    ...wrap(problemInWords(problem), columns - indent.length).map((line) => `${indent}${line}`),
  ]);
}

/** The same as data: `line` and `column` count from 1 and are left out where a problem has no place. */
export function checkedJson({
  file,
  isReadable,
  problems,
  warnings,
  found,
}: Checked): Readonly<Record<string, unknown>> {
  const advice = found === undefined ? [] : adviceIn(found).map(flat);
  return { file, readable: isReadable, problems: problems.map(flat), warnings: warnings.map(flat), advice };
}

const flat = ({ path, place, ...problem }: PlacedProblem) => ({
  path,
  ...place,
  message: problemInWords(problem),
});
