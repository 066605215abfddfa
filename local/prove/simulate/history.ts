/** What happened in a run, in lines people can read. */

export interface Line {
  /** Seconds since the start. */
  readonly at: number;
  readonly who: 'fault' | 'world' | 'function' | 'judge';
  readonly text: string;
}

const LONGEST_TEXT = 220;

/** `1d 02:03:04 fault     runner-hangs` */
export function lineText({ at, who, text }: Line): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const days = Math.floor(at / 86_400);
  const time = `${two((at % 86_400) / 3600)}:${two((at % 3600) / 60)}:${two(at % 60)}`;
  const shown = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
  return `${days > 0 ? `${days}d ` : ''}${time}  ${who.padEnd(8)}  ${shown.replaceAll(/\p{Cc}/gu, ' ')}`;
}
