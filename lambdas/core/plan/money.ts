/** What machines cost an hour, as far as it is known, and why where it is not. */
import type { MachineType } from '../config/machine-type.ts';
import { priceOf } from '../life/price.ts';
import type { Machine, Prices } from '../model/index.ts';
import { problemInWords } from '../reason/problem.ts';
import { count } from '../text/count.ts';
import { dollars } from '../text/dollars.ts';

/** Of a machine. */
export type Costing = Pick<Machine, 'type' | 'pool' | 'dollarsPerHour'> & { readonly phase: string };

export interface Money {
  /** Of those whose price is known. */
  readonly dollarsPerHour: number;
  /** Machines that AWS bills. */
  readonly machines: number;
  /** Those of them whose price is not known. */
  readonly unpriced: number;
  /** Why it is not known, of one of these. */
  readonly why?: string;
}

/** AWS bills no machine that is stopping, stopped or shutting down; its disk is another matter. */
const BILLED: ReadonlySet<string> = new Set(['booting', 'ready', 'draining', 'failed']);

/** What these machines cost an hour, without disks and addresses. */
export function moneyOf(
  machines: readonly Costing[],
  types: readonly MachineType[],
  prices: Prices | undefined,
): Money {
  const billed = machines.filter(({ phase }) => BILLED.has(phase));
  const unpriced = billed.filter(({ dollarsPerHour }) => dollarsPerHour === undefined);
  const [first] = unpriced;
  return {
    dollarsPerHour: billed.reduce((sum, { dollarsPerHour = 0 }) => sum + dollarsPerHour, 0),
    machines: billed.length,
    unpriced: unpriced.length,
    ...(first !== undefined && { why: whyUnpriced(first, types, prices) }),
  };
}

/** Why the price of a machine is not known, in words. */
export function whyUnpriced(
  { type: key, pool }: Costing,
  types: readonly MachineType[],
  prices: Prices | undefined,
): string {
  const type = types.find((one) => one.key === key);
  if (type === undefined) return 'its type is not configured';
  const { instanceType, market = 'on-demand' } = pool ?? {};
  const price = priceOf(type, prices, { instanceType, market });
  return price.ok ? 'the next tick will know it' : problemInWords(price.problem);
}

/** Such as `3 machines cost $1.07 an hour`; undefined where AWS bills none. */
export function moneyInWords({ dollarsPerHour, machines, unpriced, why = '' }: Money): string | undefined {
  if (machines === 0) return undefined;
  const all = count(machines, 'machine');
  if (unpriced === machines) return `what ${all} ${machines === 1 ? 'costs' : 'cost'} is not known: ${why}`;
  const cost = `${dollars(dollarsPerHour)} an hour`;
  if (unpriced === 0) return `${all} ${machines === 1 ? 'costs' : 'cost'} ${cost}`;
  return `${machines - unpriced} of ${all} cost ${cost}; what the others do is not known: ${why}`;
}
