/** Machines that are kept at certain times, whatever the queue says: for work that comes by the clock. */
import { Cron } from 'croner';
import * as z from 'zod';
import { messageOf } from '../text/message-of.ts';
import type { EpochSeconds } from '../model/index.ts';

const MINUTE_SECONDS = 60;
/** Anything else in the first field would keep machines for single minutes, which nobody means. */
const WHOLE_OR_RANGES = /^(\*|\d{1,2}-\d{1,2}(,\d{1,2}-\d{1,2})*) /;
const EXAMPLE = '"* 7-18 * * 1-5"';

const cronSchema = z.string().superRefine((text, { addIssue }) => {
  const wrong = wrongWith(text);
  if (wrong !== undefined) addIssue({ code: 'custom', message: wrong });
});

function wrongWith(text: string): string | undefined {
  try {
    parsed(text, 'UTC');
  } catch (error) {
    const why = messageOf(error).replace(/^CronPattern: /, '');
    return `must be five fields of cron that name the minutes in which the machines are kept, such as ${EXAMPLE}: ${why}`;
  }
  if (WHOLE_OR_RANGES.test(text)) return undefined;
  return `would keep machines for single minutes: write * or a range such as 30-59 in its first field, as in ${EXAMPLE}`;
}

const isTimezone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

const warmTimeSchema = z.strictObject({
  cron: cronSchema.describe('Five fields of cron: the minutes in which the machines are kept'),
  timezone: z
    .string()
    .refine(isTimezone, 'must be a time zone of the IANA database, such as Europe/Berlin')
    .default('UTC')
    .describe('Of cron; summer time is heeded'),
  machines: z.int().min(1).describe('Machines kept then even without demand'),
});

export const warmSchema = z
  .array(warmTimeSchema)
  .max(20)
  .default([])
  .describe('Times at which machines are kept; where several hold, the most counts');

/** A time at which machines are kept. */
export type WarmTime = z.output<typeof warmTimeSchema>;

/** The settings by which machines are kept without demand. */
interface Kept {
  readonly minMachines: number;
  readonly warm: readonly Readonly<WarmTime>[];
}

/** The time in force now that keeps the most machines; undefined outside all of them. */
export function warmAt({ warm }: Pick<Kept, 'warm'>, now: EpochSeconds): Readonly<WarmTime> | undefined {
  const minute = new Date(Math.floor(now / MINUTE_SECONDS) * MINUTE_SECONDS * 1000);
  return warm
    .filter(({ cron, timezone }) => parsed(cron, timezone).match(minute))
    .toSorted((a, b) => b.machines - a.machines)[0];
}

/** Machines that are kept now even without demand, by the configuration alone. */
export const standingFloor = (kept: Kept, now: EpochSeconds): number =>
  Math.max(kept.minMachines, warmAt(kept, now)?.machines ?? 0);

/** The most machines that are kept at any time, by the configuration alone. */
export const highestFloor = ({ minMachines, warm }: Kept): number =>
  Math.max(minMachines, ...warm.map(({ machines }) => machines));

const parsed = (cron: string, timezone: string): Cron => new Cron(cron, { timezone, mode: '5-part' });
