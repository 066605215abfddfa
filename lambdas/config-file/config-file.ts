/** The configuration file: read, understood, or refused with everything that is wrong with it, each thing with its place. */
import { readFileSync } from 'node:fs';
import { messageOf } from '../core/text/message-of.ts';
import type { Config } from '../core/config/config.ts';
import { USUAL_STACK, calledAs, parseConfig } from '../core/config/parse.ts';
import { isWithin } from '../core/config/problem.ts';
import { problemInWords } from '../core/reason/problem.ts';
import type { ConfigProblem } from '../core/config/problem.ts';
import { JsonTextError, readJsonText } from './json-text.ts';
import type { JsonReading, JsonText, Place } from './json-text.ts';
import { suggest } from './suggest.ts';

/** A problem and where in the file it is. */
export interface PlacedProblem extends ConfigProblem {
  /** Absent for what is missing from the file's outermost object. */
  readonly place?: Place;
}

/** A configuration that cannot be used; the message lists every problem with its place, path and remedy. */
export class ConfigError extends Error {
  override readonly name: string = 'ConfigError';
  /** Each with its path, what is wrong and a remedy, and its place where there is a file. */
  readonly problems: readonly PlacedProblem[];

  constructor(file: string, problems: readonly PlacedProblem[]) {
    const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
    super([`${file} has ${count}:`, ...problemLines(problems)].join('\n'));
    this.problems = problems;
  }
}

/** A file that is not there, may not be read, or is not JSON. */
export class UnreadableConfigError extends ConfigError {
  override readonly name = 'UnreadableConfigError';
}

/** What an examination of a file's content found. */
export interface Examined<T> {
  /** What the content means, with what is wrong taken out; not to be used where there are problems. */
  readonly found: T;
  readonly problems: readonly ConfigProblem[];
  readonly warnings: readonly ConfigProblem[];
}

/** The same, of a file: in the order of their places. */
export interface ExaminedFile<T> extends Examined<T> {
  readonly problems: readonly PlacedProblem[];
  readonly warnings: readonly PlacedProblem[];
}

/** One line per problem, indented, with the places in a column where there are any. */
export function problemLines(problems: readonly PlacedProblem[]): readonly string[] {
  const places = problems.map(({ place }) => (place === undefined ? '' : `${place.line}:${place.column}`));
  const width = Math.max(0, ...places.map(({ length }) => length));
  return problems.map(({ path, ...problem }, index) => {
    const at = width === 0 ? '' : `${(places[index] ?? '').padEnd(width)}  `;
    return `  ${at}${path === '' ? '(the whole file)' : path}: ${problemInWords(problem)}`;
  });
}

/** Whether a configuration can be used, and what it means then. */
export function examineConfig(written: unknown): Examined<Config> {
  const { config: found, problems, warnings } = parseConfig(written, suggest);
  return { found, problems, warnings };
}

/**
 * Everything that can be said of a file. Where a key stands twice, each is examined: what is wrong with the one
 * that does not count may be all that is wrong with the one that was meant.
 * @throws UnreadableConfigError
 */
export function examineFile<T>(file: string, examine: (written: unknown) => Examined<T>): ExaminedFile<T> {
  const { reading, doubledKeys, otherReadings } = readText(file);
  const { found, problems, warnings } = examine(reading.value);
  const doubled = doubledKeys.map(({ path, first, place }) => ({
    path,
    place,
    says: `stands here a second time, after line ${first.line}, and JSON would let the last one win; keep one`,
  }));
  const hidden = otherReadings.flatMap((other) =>
    placed(other, examine(other.value).problems).filter(({ path }) => isWithin(path, other.path)),
  );
  return {
    found,
    problems: inOrder([...doubled, ...placed(reading, problems), ...hidden]),
    warnings: inOrder(placed(reading, warnings)),
  };
}

/** What a file means. @throws ConfigError when it cannot be read, is not JSON, or says something that cannot be. */
export const readFileAs = <T>(file: string, examine: (written: unknown) => Examined<T>): T =>
  sound(file, examineFile(file, examine));

/**
 * What a configuration means that is in no file.
 * @param name what to call it in errors.
 * @throws ConfigError when it says something that cannot be.
 */
export const readWrittenAs = <T>(
  name: string,
  written: unknown,
  examine: (written: unknown) => Examined<T>,
): T => sound(name, examine(written));

/**
 * @param stack what it is deployed as: the farm's tag, where it has none of its own.
 * @throws ConfigError when it cannot be read, is not JSON, or says something that cannot be.
 */
export const readConfigFile = (file: string, stack = USUAL_STACK): Config =>
  readFileAs(file, (written) => examineConfig(calledAs(stack, written)));

/**
 * A configuration from JSON already parsed.
 * @param name what to call it in errors.
 * @throws ConfigError
 */
export const checkConfig = (name: string, written: unknown): Config =>
  readWrittenAs(name, written, examineConfig);

function sound<T>(name: string, { found, problems }: Examined<T>): T {
  if (problems.length > 0) throw new ConfigError(name, problems);
  return found;
}

function readText(file: string): JsonText {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const says = `cannot be read (${messageOf(error)}); name an existing file`;
    throw new UnreadableConfigError(file, [{ path: '', says }]);
  }
  try {
    return readJsonText(text);
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    throw new UnreadableConfigError(file, [{ path: '', says: error.message, place: error.place }]);
  }
}

/** Of what is missing, the place is that of the object it is missing from. */
function placed(reading: JsonReading, problems: readonly ConfigProblem[]): readonly PlacedProblem[] {
  return problems.map((problem) => {
    const place = nearestPlace(reading, problem.path);
    return place === undefined ? problem : { ...problem, place };
  });
}

function nearestPlace({ placeOf }: JsonReading, path: string): Place | undefined {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
    const place = placeOf(at);
    if (place !== undefined) return place;
  }
  return undefined;
}

/** Those without a place come first: they are about the file as a whole. The same one may have been found twice. */
function inOrder(problems: readonly PlacedProblem[]): readonly PlacedProblem[] {
  const known = new Set<string>();
  return problems
    .filter((problem) => known.size !== known.add(JSON.stringify(problem)).size)
    .toSorted(
      (a, b) =>
        (a.place?.line ?? 0) - (b.place?.line ?? 0) || (a.place?.column ?? 0) - (b.place?.column ?? 0),
    );
}
