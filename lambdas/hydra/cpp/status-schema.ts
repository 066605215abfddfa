/**
 * The shape of what the C++ queue runner prints for `--status`, all versions from 2015 to its end in 2026.
 * Fields nobody here needs are ignored; fields that are needed and wrong are refused, all at once, by path.
 */
import * as z from 'zod';
// Through `z.core` the bundler would keep all of zod, every locale included.
import { toDotPath } from 'zod/v4/core';
import { excerpt } from '../../core/text/excerpt.ts';

/** Far beyond any real farm: the largest known have some hundred machines and some dozen kinds of steps. */
const MAX_ENTRIES = 50_000;
const MAX_CHARACTERS = 64 * 1024 * 1024;
const MAX_PROBLEMS_SHOWN = 10;

const count = z.int().min(0);
const epochSeconds = z.number().min(0);

/** An object with text keys; absent, or null where the runner of early 2023 lost it. Entries named `__proto__` are dropped. */
const table = <Value extends z.ZodType>(value: Value) =>
  z
    .record(z.string(), value)
    .refine((entries) => Object.keys(entries).length <= MAX_ENTRIES, {
      error: `must have at most ${MAX_ENTRIES} entries`,
    })
    .nullish();

const machineSchema = z.object({
  /** In the machines file now. Runners before 2023 only ever showed such machines. */
  enabled: z.boolean().default(true),
  currentJobs: count,
  /** Only while `currentJobs` is 0; 0 for a machine that has never built. */
  idleSince: epochSeconds.default(0),
  /** 0 for never; stays in the past after recovery. */
  disabledUntil: epochSeconds.default(0),
  lastFailure: epochSeconds.default(0),
  consecutiveFailures: count.default(0),
});

const machineTypeSchema = z.object({ runnable: count, running: count });

const upSchema = z.object({
  status: z.literal('up', { error: 'must be "up" or "down"' }),
  time: epochSeconds,
  uptime: z.number().min(0),
  nrQueuedBuilds: count.optional(),
  nrRunnableSteps: count.optional(),
  nrActiveSteps: count.optional(),
  nrStepsCopyingFrom: count.optional(),
  nrUnsupportedSteps: count.optional(),
  machines: table(machineSchema),
  machineTypes: table(machineTypeSchema),
});

/** A status of a running queue runner, as printed. */
export type PrintedStatus = z.output<typeof upSchema>;
export type PrintedMachine = z.output<typeof machineSchema>;

/** What stands in a status: a running queue runner's, another JSON object with what is wrong in it, or nothing to go by. */
export type Printed =
  | { readonly kind: 'up'; readonly status: PrintedStatus }
  | { readonly kind: 'other'; readonly object: object; readonly problems: readonly string[] }
  | { readonly kind: 'unreadable'; readonly problem: string };

/** Reads the text the status command printed. Never throws. */
export function readPrinted(text: string): Printed {
  if (text.length > MAX_CHARACTERS) return unreadable(`it is longer than ${MAX_CHARACTERS} characters`);
  if (text.trim() === '') return unreadable('it is empty');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    const cut = text.trimStart().startsWith('{') && !text.trimEnd().endsWith('}');
    return unreadable(
      cut ? `it is cut off after ${text.length} characters` : `it is not JSON: ${excerpt(text, 60)}`,
    );
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return unreadable(`it is no JSON object: ${excerpt(text, 60)}`);
  }
  const result = upSchema.safeParse(json);
  return result.success
    ? { kind: 'up', status: result.data }
    : { kind: 'other', object: json, problems: problemsIn(result.error) };
}

function unreadable(problem: string): Printed {
  return { kind: 'unreadable', problem };
}

function problemsIn({ issues }: z.ZodError): readonly string[] {
  const shown = issues
    .slice(0, MAX_PROBLEMS_SHOWN)
    .map(({ path, message }) => `${excerpt(toDotPath(path))}: ${excerpt(message)}`);
  const more = issues.length - shown.length;
  return more > 0 ? [...shown, `and ${more} more`] : shown;
}
