/** Numbers and times as people read them. */
export { count } from '../../../lambdas/core/text/count.ts';

const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', hour: '2-digit', minute: '2-digit' });
const weekday = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', weekday: 'long' });
const date = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', dateStyle: 'long' });
const shortWeekday = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', weekday: 'short' });
const shortDate = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' });

/** Time of day in UTC, such as `14:05`. */
export const clockTime = (epochSeconds: number): string => clock.format(epochSeconds * 1000);

/** The day in UTC, such as `Monday, 2 March 2026`. */
export const calendarDay = (epochSeconds: number): string =>
  `${weekday.format(epochSeconds * 1000)}, ${date.format(epochSeconds * 1000)}`;

/** Day and time in UTC, such as `Mon 2 Mar 14:05`. */
export const dayTime = (epochSeconds: number): string =>
  `${shortWeekday.format(epochSeconds * 1000)} ${shortDate.format(epochSeconds * 1000)} ${clockTime(epochSeconds)}`;

/** How the instants of a run are told, from epoch seconds. */
export type TellTime = (epochSeconds: number) => string;

/** By the time of day where they all are of one day, else by the day as well. */
export const timeTeller = (start: number, end: number): TellTime =>
  calendarDay(start) === calendarDay(end) ? clockTime : dayTime;

/** Such as `Monday, 2 March 2026, 12:00 to 17:00`; the end's day is named where it differs. */
export function period(start: number, end: number): string {
  const day = calendarDay(end) === calendarDay(start) ? '' : `${calendarDay(end)}, `;
  return `${calendarDay(start)}, ${clockTime(start)} to ${day}${clockTime(end)}`;
}

/** Such as `45 s`, `4 min 10 s`, `12 min`, `2 h 05 min`: as exact as is of use. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 600)
    return whole % 60 === 0 ? `${whole / 60} min` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 === 0
    ? `${minutes / 60} h`
    : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** Such as `43 min` or `29 s`: rounded down, for narrow columns. */
export function wholeMinutes(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min`;
}

/** Such as `12.5`. */
export const tenths = (value: number): string => value.toFixed(1);

/** `part` of `whole` in per cent, such as `86 %`; an en dash for none. */
export const share = (part: number, whole: number): string =>
  whole > 0 ? `${Math.round((100 * part) / whole)} %` : '–';
