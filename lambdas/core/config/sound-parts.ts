/** What can still be used of a configuration that is wrong elsewhere, so that rules find everything else at once. */
import type * as z from 'zod';
import { unknownSetting } from './hints.ts';
import { issueWords } from './issue-words.ts';
import { isWithin } from './problem.ts';
import type { ConfigProblem, RuleProblem, Suggest } from './problem.ts';
import { configSchema } from './schema.ts';
import type { WrittenConfig } from './schema.ts';

type Path = readonly PropertyKey[];

export interface SoundParts {
  /** The configuration with everything wrong taken out, and defaults in its place. */
  readonly written: WrittenConfig;
  /** What was wrong. */
  readonly problems: readonly ConfigProblem[];
  /** Those of `found` that follow from nothing that was wrong, and so will still hold when it is mended. */
  readonly standing: (found: readonly RuleProblem[]) => readonly ConfigProblem[];
}

interface Fault extends ConfigProblem {
  /** What has to go. */
  readonly at: Path;
  /** The setting of the same place that was meant, if another one was. */
  readonly meant?: string;
}

/** Stand for what has to be there and cannot be read: no rule objects to them. */
const STAND_INS = {
  'host.instanceId': 'i-00000000',
  schedule: 'rate(1 minute)',
  billing: 'per-second',
} as const;

/** More rounds than there are levels: taking something out may leave what holds it incomplete. */
const ROUNDS_MAX = 8;

/** Never throws. */
export function soundParts(written: unknown, suggest: Suggest): SoundParts {
  const { faults, value } = prune(written, suggest);
  const faulty = faults.flatMap(({ path, at, meant }) => [
    path,
    ...(meant === undefined ? [] : [inWords([...at.slice(0, -1), meant])]),
  ]);
  const isFaulty = (path: string): boolean => faulty.some((place) => isWithin(path, place));
  return {
    written: value,
    problems: faults.map(({ path, says }) => ({ path, says })),
    standing: (found) =>
      found
        .filter(({ path, from = [] }) => ![path, ...from].some(isFaulty))
        .map(({ path, says }) => ({ path, says })),
  };
}

/** Takes out what the schema has something against until it has nothing more. Only the first round's faults are the file's. */
function prune(written: unknown, suggest: Suggest): { faults: readonly Fault[]; value: WrittenConfig } {
  let rest = written;
  let faults: readonly Fault[] | undefined;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const parsed = configSchema.safeParse(rest, { error: issueWords(suggest), reportInput: true });
    if (parsed.success) return { faults: faults ?? [], value: parsed.data };
    const found = parsed.error.issues.flatMap((issue) => faultsOf(issue, issue.path, suggest));
    faults ??= found;
    const cuts = found.map(({ at }) => cutFor(rest, at));
    rest = withHost(cuts.reduce<unknown>(without, rest));
  }
  return { faults: faults ?? [], value: configSchema.parse(withHost({})) };
}

function withHost(value: unknown): unknown {
  const config = isObject(value) ? value : {};
  const host = isObject(config['host']) ? config['host'] : {};
  return { ...config, host: { instanceId: STAND_INS['host.instanceId'], ...host } };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What has to go: all of a list with a bad entry, and whatever lacks something. */
function cutFor(value: unknown, at: Path): readonly string[] {
  const [key, ...below] = at;
  if (!isObject(value) || typeof key !== 'string' || !Object.hasOwn(value, key)) return [];
  return [key, ...cutFor(value[key], below)];
}

/** Removing what is no longer there, or never was, changes nothing. */
function without(value: unknown, path: readonly string[]): unknown {
  return replaced(value, path, standInFor(path));
}

function replaced(value: unknown, [key, ...below]: readonly string[], by: unknown): unknown {
  if (!isObject(value) || key === undefined || !Object.hasOwn(value, key)) return value;
  const inner = below.length === 0 ? by : replaced(value[key], below, by);
  const entries = Object.entries(value).filter(([name]) => name !== key);
  return Object.fromEntries(inner === undefined ? entries : [...entries, [key, inner]]);
}

function standInFor(path: readonly string[]): unknown {
  const [place, , setting] = path;
  if (path.length === 1 && place === 'schedule') return STAND_INS.schedule;
  return path.length === 3 && place === 'systemTypes' && setting === 'billing'
    ? STAND_INS.billing
    : undefined;
}

function faultsOf(issue: z.core.$ZodIssue, at: Path, suggest: Suggest): readonly Fault[] {
  const path = inWords(at);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        at: [...at, key],
        path: inWords([...at, key]),
        ...unknownSetting(key, at, suggest),
      }));
    case 'invalid_key':
      return issue.issues.map(({ message: says }) => ({ at, path, says }));
    case 'invalid_union':
      return issue.errors.length === 0
        ? [{ at, path, says: issue.message }]
        : closestBranch(issue.errors).flatMap((inner) => faultsOf(inner, [...at, ...inner.path], suggest));
    default:
      return [{ at, path, says: issue.message }];
  }
}

const inWords = (path: Path): string => path.map(String).join('.');

/** Of the things a value could have been, the one it misses by least. */
const closestBranch = (branches: readonly z.core.$ZodIssue[][]): readonly z.core.$ZodIssue[] =>
  branches.toSorted((a, b) => faultsIn(a) - faultsIn(b))[0] ?? [];

const faultsIn = (issues: readonly z.core.$ZodIssue[]): number =>
  issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);
