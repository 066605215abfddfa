/** Reads `hydra.conf` as the C++ queue runner does, which knows neither blocks nor includes. */

/** A whole number of `hydra.conf`: what the queue runner makes of it, or that it cannot, and exits at its start. */
export type IntSetting = number | 'unset' | 'invalid';

const INT_MAX = 2 ** 31 - 1;

/**
 * One setting: `#` begins a comment anywhere, the last line of a name wins, and of a value only the leading digits
 * count (`24h` is 24). A negative one becomes a very large one there; here it is Infinity.
 */
export function intSetting(text: string, name: string): IntSetting {
  const values = text
    .split('\n')
    .map((line) => line.replace(/#.*$/s, ''))
    .filter((line) => line.includes('='))
    .map((line): [string, string] => {
      const at = line.indexOf('=');
      return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    })
    .filter(([key]) => key === name);
  const value = values.at(-1)?.[1];
  if (value === undefined) return 'unset';
  const number = Number(/^[+-]?\d+/.exec(value)?.[0] ?? NaN);
  if (!(Math.abs(number) <= INT_MAX)) return 'invalid';
  return number < 0 ? Infinity : number;
}
