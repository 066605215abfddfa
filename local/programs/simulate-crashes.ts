/** `npm run simulate:crashes`: kills the function before and after every call of a port, in every scenario. */
import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import type { CrashResult } from '../prove/crash/crash-run.ts';
import type { CrashTask } from '../prove/crash/worker.ts';
import { onThreads } from '../prove/threads.ts';
import { refusingArguments } from './start/refusal.ts';

interface Options {
  readonly step: number;
  readonly threads: number;
  readonly only?: string;
  readonly json?: boolean;
}

const positive = (text: string): number => {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('must be a whole number above 0');
  return Number(text);
};

refusingArguments(new Command('npm run simulate:crashes --'))
  .description(
    'For each scenario: kills one tick before and after every single port call, then runs on in virtual time.\n' +
      'It must converge within three ticks, and no rule may break on the way. Exits with 1 otherwise.',
  )
  .option('--step <number>', 'kill only at every n-th point', positive, 1)
  .option('--only <text>', 'only scenarios whose name contains this')
  .option('--threads <number>', 'scenarios at a time', positive, availableParallelism())
  .option('--json', 'one JSON line per scenario and a summary line')
  .action(run)
  .parse();

async function run({ step, threads, only = '', json }: Options): Promise<void> {
  // Not before the arguments are known to be right: it takes a second.
  const { SCENARIOS } = await import('../prove/crash/scenarios.ts');
  const results: CrashResult[] = [];
  await onThreads<CrashTask, CrashResult>({
    worker: new URL('../prove/crash/worker.ts', import.meta.url),
    tasks: SCENARIOS.filter(({ name }) => name.includes(only)).map(({ name }) => ({ scenario: name, step })),
    threads,
    nameOf: ({ scenario }) => scenario,
    finished: (result) => {
      results.push(result);
      console.log(json === true ? JSON.stringify(result) : rowOf(result));
      for (const { at, what } of result.violations.slice(0, 5)) console.error(`  ${at}: ${what}`);
    },
  });
  const sum = (of: (result: CrashResult) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  const summary = {
    scenarios: results.length,
    points: sum(({ tried }) => tried),
    worstRecoverySeconds: Math.max(0, ...results.map(({ worstRecoverySeconds }) => worstRecoverySeconds)),
    violations: sum(({ violations }) => violations.length),
  };
  console.log(
    json === true
      ? JSON.stringify({ type: 'summary', ...summary })
      : `\n${summary.scenarios} scenarios × ${summary.points} points, worst recovery ${summary.worstRecoverySeconds} s, ${summary.violations} rules broken`,
  );
  if (summary.violations > 0) process.exitCode = 1;
}

const rowOf = ({ scenario, tried, worstRecoverySeconds, violations }: CrashResult): string =>
  `${scenario.padEnd(66)} ${String(tried).padStart(5)} points  ${String(worstRecoverySeconds).padStart(5)} s  ` +
  (violations.length === 0 ? 'ok' : `${violations.length} RULES BROKEN`);
