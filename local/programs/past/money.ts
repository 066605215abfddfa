/** What a farm's machines were paid for, by type and in all. */
import { USES } from './meter.ts';
import type { Bill, Use } from './meter.ts';

export interface Paid {
  readonly machines: number;
  readonly seconds: Readonly<Record<Use, number>>;
  /** In all. */
  readonly total: number;
  /** Of the machines whose price was known. */
  readonly dollars: number;
  /** Of these dollars, what idle time cost. */
  readonly idleDollars: number;
  /** Of machines without a price. */
  readonly unpricedSeconds: number;
}

export function paidFor(bills: readonly Bill[]): Paid {
  const seconds = { working: 0, idle: 0, booting: 0, unknown: 0 };
  let [dollars, idleDollars, unpricedSeconds] = [0, 0, 0];
  for (const bill of bills) {
    for (const use of USES) seconds[use] += bill.seconds[use];
    const { dollarsPerHour } = bill;
    if (dollarsPerHour === undefined) unpricedSeconds += totalOf(bill.seconds);
    else {
      dollars += (totalOf(bill.seconds) * dollarsPerHour) / 3600;
      idleDollars += (bill.seconds.idle * dollarsPerHour) / 3600;
    }
  }
  const total = totalOf(seconds);
  return { machines: bills.length, seconds, total, dollars, idleDollars, unpricedSeconds };
}

/** By machine type, the dearest first. */
export const paidByType = (bills: readonly Bill[]): readonly (readonly [type: string, paid: Paid])[] =>
  [...Map.groupBy(bills, ({ type }) => type)]
    .map(([type, ofType]) => [type, paidFor(ofType)] as const)
    .toSorted(
      ([a, one], [b, other]) => other.dollars - one.dollars || other.total - one.total || (a < b ? -1 : 1),
    );

const totalOf = (seconds: Bill['seconds']): number => USES.reduce((sum, use) => sum + seconds[use], 0);
