/** What a schema has against a value, in the words of people: what it must be, what it is, and what to write instead. */
import type * as z from 'zod';
import type { Suggest } from './problem.ts';

/** What numbers count, where the name of the setting leaves that open or people write it behind the number. */
export const UNITS: Readonly<Record<string, string>> = {
  targetWait: 'seconds',
  gracePeriod: 'seconds',
  bootTimeout: 'seconds',
  deadManMinutes: 'minutes',
  diskGiB: 'GiB',
  swapGiB: 'GiB',
  diskThroughput: 'MiB per second',
  diskIops: 'operations per second',
  machineHoursPerDay: 'machine-hours',
  dollarsPerDay: 'dollars',
};

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const SECONDS_IN_UNIT: Readonly<Record<string, number>> = { seconds: 1, minutes: 60 };
const DURATION = /^(?<count>\d+(\.\d+)?)\s*(?<unit>s|m|h|d)(ec|in|our|ay|econd|inute)?s?$/i;
const SIZE = /^(?<count>\d+)\s*(?<unit>g|t)(i?b)?$/i;
/** More of a value than this helps nobody to find it. */
const SHOWN_CHARACTERS = 60;

/** @returns words for zod's own issues; undefined where the schema's own message or none better is to stand. */
export const issueWords =
  (suggest: Suggest): z.core.$ZodErrorMap =>
  (issue) => {
    switch (issue.code) {
      case 'invalid_type':
        return ofWrongType(issue.expected, issue.input, fieldOf(issue.path));
      case 'too_small':
        return beyond(
          issue.origin,
          issue.inclusive === false ? 'more than' : 'at least',
          issue.minimum,
          issue,
        );
      case 'too_big':
        return beyond(
          issue.origin,
          issue.inclusive === false ? 'less than' : 'at most',
          issue.maximum,
          issue,
        );
      case 'invalid_value':
        return noneOf(issue.values, issue.input, suggest);
      default:
        return undefined;
    }
  };

const fieldOf = (path: readonly PropertyKey[] | undefined): string =>
  String(path?.findLast((part) => typeof part === 'string') ?? '');

function ofWrongType(expected: string, input: unknown, field: string): string {
  const must = `must be ${kindInWords(expected, UNITS[field])}`;
  if (input === undefined) return `is missing; it ${must}`;
  const instead = expected === 'number' || expected === 'int' ? numberMeant(input, UNITS[field]) : undefined;
  if (instead !== undefined) return `${must}, is ${shown(input)}; write ${instead}`;
  return `${must}, is ${shown(input)}${remedyFor(expected, input)}`;
}

function kindInWords(expected: string, unit: string | undefined): string {
  const kinds: Readonly<Record<string, string>> = {
    string: 'text in quotes',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list in [ ]',
    object: 'an object in { }',
    record: 'an object in { }',
  };
  const kind = kinds[expected] ?? expected;
  return unit !== undefined && (expected === 'number' || expected === 'int') ? `${kind} of ${unit}` : kind;
}

function remedyFor(expected: string, input: unknown): string {
  if (expected === 'array' && typeof input === 'string') return `; write [${shown(input)}]`;
  if (expected === 'boolean' && typeof input === 'string' && /^(true|false)$/i.test(input))
    return `; write ${input.toLowerCase()} without quotes`;
  if (expected === 'string' && (typeof input === 'number' || typeof input === 'boolean'))
    return `; write "${String(input)}"`;
  return '';
}

/** The number that text stands for: with quotes around it, as a duration such as "10m", or as a size such as "100GB". */
function numberMeant(input: unknown, unit = ''): string | undefined {
  if (typeof input !== 'string') return undefined;
  const text = input.trim();
  if (/^-?\d+(\.\d+)?$/.test(text)) return `${text} without quotes`;
  const perUnit = SECONDS_IN_UNIT[unit];
  const duration = DURATION.exec(text)?.groups;
  if (duration !== undefined && perUnit !== undefined)
    return String(
      (Number(duration['count']) * (SECONDS[(duration['unit'] ?? '').toLowerCase()] ?? 1)) / perUnit,
    );
  const size = SIZE.exec(text)?.groups;
  if (size !== undefined && unit === 'GiB')
    return String(Number(size['count']) * ((size['unit'] ?? '').toLowerCase() === 't' ? 1024 : 1));
  return undefined;
}

function beyond(
  origin: string,
  relation: string,
  bound: number | bigint,
  { input, path }: { readonly input?: unknown; readonly path?: PropertyKey[] | undefined },
): string {
  if (origin === 'string' && bound === 1) return 'must not be empty';
  if (origin === 'string') return `must have ${relation} ${bound} characters`;
  if (origin === 'array') return `must have ${relation} ${bound} ${bound === 1 ? 'entry' : 'entries'}`;
  const unit = UNITS[fieldOf(path)];
  return `must be ${relation} ${bound}${unit === undefined ? '' : ` ${unit}`}, is ${shown(input)}`;
}

function noneOf(values: readonly unknown[], input: unknown, suggest: Suggest): string {
  const known = values.map((value) => JSON.stringify(value));
  const closest = typeof input === 'string' ? suggest(input, values.map(String)) : undefined;
  const must = `must be ${[known.slice(0, -1).join(', '), known.at(-1)].filter(Boolean).join(' or ')}`;
  if (input === undefined) return `is missing; it ${must}`;
  return `${must}, is ${shown(input)}${closest === undefined ? '' : `; did you mean "${closest}"?`}`;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`;
}
