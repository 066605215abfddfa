/** Outcomes as people and programs read them. */
import { lineText } from './history.ts';
import { summed } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { FAULT_KINDS } from './fault-kinds.ts';
import type { FaultName } from './fault-kinds.ts';
import type { Shrunk } from './shrink.ts';

type Summary = ReturnType<typeof summed>;

const sumOf = (counts: Readonly<Record<string, number>>): number =>
  Object.entries(counts)
    .filter(([kind]) => !kind.includes(':'))
    .reduce((sum, [, count]) => sum + count, 0);

/** One seed in one JSON line. */
export const seedLine = (outcome: Outcome): string => JSON.stringify(outcome);

/** All seeds in one JSON line. */
export const summaryLine = (outcomes: readonly Outcome[]): string =>
  JSON.stringify({ type: 'summary', ...summed(outcomes) });

/** The table people see. */
export function table(outcomes: readonly Outcome[]): string {
  const summary = summed(outcomes);
  return [...faultRows(summary), '', ...summaryRows(summary)].join('\n');
}

function faultRows({ faults }: Summary): readonly string[] {
  const width = Math.max(...Object.keys(faults).map((kind) => kind.length), 12);
  const rows = Object.entries(faults).map(([kind, count]) => {
    const [name = '', detail] = kind.split(':');
    const does = detail === undefined && isKind(name) ? FAULT_KINDS[name].does : '';
    return `  ${kind.padEnd(width)}  ${number(count).padStart(9)}  ${does}`.trimEnd();
  });
  return ['faults injected, by kind', ...(rows.length === 0 ? ['  none'] : rows)];
}

const isKind = (name: string): name is FaultName => name in FAULT_KINDS;

function summaryRows(summary: Summary): readonly string[] {
  const otherwise = Object.entries(summary.buildsEndedOtherwise).map(
    ([how, count]) => `${number(count)} ${how}`,
  );
  const rows: readonly (readonly [string, string])[] = [
    ['seeds', number(summary.seeds)],
    ['simulated hours', number(Math.round(summary.hours))],
    ['invocations of the function', number(summary.ticks)],
    ['faults', number(sumOf(summary.faults))],
    ['machines launched', number(summary.machinesLaunched)],
    ['machine hours billed / needed', `${number(summary.billedHours)} / ${number(summary.neededHours)}`],
    ['builds done', number(summary.buildsDone)],
    ['builds ended otherwise', otherwise.join(', ') || '0'],
    ['steps lost with a machine that AWS, a fault or a person took', number(summary.stepsLost)],
    ['builds retried because of us', number(summary.buildsRetriedByUs)],
    ['instances leaked', number(summary.instancesLeaked)],
    ['worst recovery after a storm', `${number(summary.worstRecoverySeconds)} s`],
    ['rules broken', number(summary.violations)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}

const number = (value: number): string => value.toLocaleString('en-GB');

/** What people need to see of a violation: how to see it again, and what led to it. */
export function violationText({ options, outcome, history }: Shrunk): string {
  const { seed, hours, runner = 'cpp', faults } = options;
  const kinds =
    faults === undefined
      ? ''
      : ` --faults ${faults.filter((name) => name in outcome.faults).join(',') || 'none'}`;
  return [
    `seed ${seed} breaks a rule. Again: npm run simulate:faults -- --seeds 1 --first-seed ${seed} --hours ${hours}${runner === 'cpp' ? '' : ` --runner ${runner}`}${kinds}`,
    ...history.map(lineText),
  ].join('\n');
}
