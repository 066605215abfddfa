/** What people ask of the advice, read from the words they write. */
import type { Price } from '../../prove/advise/row.ts';
import type { Choice } from './sources.ts';

/** As written. */
export interface Options {
  readonly stack?: string;
  readonly url?: string;
  readonly journal?: string;
  readonly steps?: string;
  readonly trace?: string;
  readonly region?: string;
  readonly days: string;
  readonly config?: string;
  readonly boot: string;
  readonly price: readonly string[];
  readonly report?: string;
  readonly threads: string;
  readonly json?: boolean;
}

export const SOURCES = ['stack', 'url', 'journal', 'steps', 'trace'] as const;

/** @throws Error unless exactly one history is named. */
export function choiceOf(options: Options): Omit<Choice, 'days'> {
  const named = SOURCES.filter((source) => options[source] !== undefined);
  if (named.length === 1) return options;
  const known = SOURCES.map((source) => `--${source}`).join(', ');
  throw new Error(
    named.length === 0
      ? `no history is named: name one with ${known}`
      : `${named.map((source) => `--${source}`).join(' and ')} each name a history: name one of them only`,
  );
}

/** @throws Error for what is no number from `least` on. */
export function numberFrom(least: number, option: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= least && value <= 1e6) return value;
  throw new Error(`--${option} is "${text}": it must be a number from ${least} to 1000000`);
}

const PRICE = /^(?<type>[a-z0-9-]+\.[a-z0-9-]+)=(?<onDemand>\d+(\.\d+)?)(,(?<spot>\d+(\.\d+)?))?$/;

/** @throws Error for what is not as in `c7i.2xlarge=0.357,0.14`. */
export function priceIn(text: string): readonly [string, Price] {
  const { type = '', onDemand, spot } = PRICE.exec(text)?.groups ?? {};
  if (!(Number(onDemand) > 0) || Number(spot ?? 1) === 0)
    throw new Error(
      `--price is "${text}": it must be an instance type and dollars an hour, on demand and, where you know it, as spot, such as c7i.2xlarge=0.357,0.14`,
    );
  return [type, { onDemand: Number(onDemand), ...(spot === undefined ? {} : { spot: Number(spot) }) }];
}
