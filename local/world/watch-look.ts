/** What the watch finds in a status, as the document does; written anew, so that a test can hold the two together. */
import { machineAddress } from '../../lambdas/hydra/cpp/machine-address.ts';
import type { Notice, RunnerKind } from '../../lambdas/core/model/index.ts';
import { limitsOf } from '../../lambdas/hydra/watch.ts';
import type { Watched } from '../../lambdas/core/plan/watched.ts';

interface Seen {
  /** Runnable steps by the names that the status has. */
  readonly waiting: ReadonlyMap<string, number>;
  readonly unsupported: number;
  readonly machines: ReadonlyMap<string, { readonly jobs: number; readonly lastFailure: number }>;
}

interface CppStatus {
  readonly status: string;
  readonly nrRunnableSteps?: number;
  readonly nrUnsupportedSteps?: number;
  readonly machineTypes?: Readonly<Record<string, { readonly runnable: number }>>;
  readonly machines?: Readonly<
    Record<string, { readonly currentJobs: number; readonly lastFailure: number }>
  >;
}

interface RustStatus {
  readonly queueRunner: {
    readonly status: string;
    readonly nrUnsupportedSteps: number;
    readonly queueStats: Readonly<
      Record<string, { readonly activeRunnable: number; readonly totalRunnable: number }>
    >;
  };
  readonly machines: Readonly<
    Record<
      string,
      {
        readonly hostname: string;
        readonly stats: { readonly currentJobs: number; readonly lastFailure: number };
      }
    >
  >;
}

/** What a watch looks for, as the document is told it. */
export interface Sought {
  readonly runner: RunnerKind;
  readonly since: number;
  readonly unsupported: number;
  /** By kind or system; Infinity for any number. */
  readonly limits: ReadonlyMap<string, number>;
  readonly failing: readonly string[];
  readonly quiet: readonly string[];
  /** Absent where nobody asks for evaluations. */
  readonly evaluations?: NonNullable<Watched['evaluations']>;
}

export const soughtOf = (watched: Watched): Sought => ({
  ...{ runner: watched.runner, since: Math.floor(watched.since), limits: limitsOf(watched) },
  ...{ failing: watched.failing, quiet: watched.quiet, unsupported: watched.unsupported ?? Infinity },
  ...(watched.evaluations !== undefined && { evaluations: watched.evaluations }),
});

/** The same, of the lines that the document is told. */
export function soughtIn(runner: RunnerKind, since: number, lines: string): Sought {
  const words = lines.split('\n').map((line) => line.split(' '));
  const of = (name: string): readonly string[] =>
    words.flatMap(([first, key = '']) => (first === name ? [key] : []));
  const limit = (word = '-'): number => (word === '-' ? Infinity : Number(word));
  return {
    ...{ runner, since, unsupported: limit(of('unsupported')[0]) },
    limits: new Map(
      words.flatMap(([first, kind = '', most]) => (first === 'kind' ? [[kind, limit(most)] as const] : [])),
    ),
    ...{ failing: of('failed'), quiet: of('quiet') },
    ...(of('evaluations').length > 0 && {
      evaluations: { unlikely: of('unlikely'), ...(of('due').length > 0 && { dueAt: Number(of('due')[0]) }) },
    }),
  };
}

/** What has run for less may be over at once, in seconds. */
const YOUNG_SECONDS = 10;
const HARVESTS_TO_KNOW = 2;

/** The line that it prints of evaluations; undefined where there is no news. @param now of the host. */
export function evaluatingIn(
  { evaluations, since: after }: Sought,
  notice: Notice | undefined,
  now: number,
): string | undefined {
  if (evaluations === undefined) return undefined;
  const { dueAt = Infinity, unlikely } = evaluations;
  if (now >= dueAt) return `due ${dueAt}`;
  const found = notice?.evaluations.find(
    ({ jobset, since, harvests }) =>
      since !== undefined &&
      since > after &&
      since <= now - YOUNG_SECONDS &&
      harvests.length >= HARVESTS_TO_KNOW &&
      !unlikely.includes(jobset),
  );
  return found && `evaluating ${found.jobset}`;
}

/** The line that the document prints of a status of a running queue runner; undefined where there is no news. */
export function foundIn(
  { runner, since, unsupported, limits, failing, quiet }: Sought,
  text: string,
): string | undefined {
  const seen = runner === 'cpp' ? cppSeen(text) : rustSeen(text);
  if (seen === undefined) return undefined;
  for (const [kind, count] of seen.waiting)
    if (count > (limits.get(kind) ?? 0)) return `more ${kind} ${count}`;
  if (seen.unsupported > unsupported) return `unsupported ${seen.unsupported}`;
  const idle = quiet.find((key) => seen.machines.get(key)?.jobs === 0);
  if (idle !== undefined) return `quiet ${idle}`;
  const failed = failing.find((key) => (seen.machines.get(key)?.lastFailure ?? 0) > since);
  return failed === undefined ? undefined : `failed ${failed}`;
}

function cppSeen(text: string): Seen | undefined {
  const status = JSON.parse(text) as CppStatus;
  if (status.status !== 'up') return undefined;
  const {
    nrRunnableSteps: all = Infinity,
    nrUnsupportedSteps = 0,
    machineTypes = {},
    machines = {},
  } = status;
  const byHost = Map.groupBy(Object.entries(machines), ([key]) => machineAddress(key));
  return {
    waiting: new Map(
      Object.entries(machineTypes).map(([kind, { runnable }]) => [kind, Math.min(runnable, all)]),
    ),
    unsupported: Math.min(nrUnsupportedSteps, all),
    machines: new Map(
      [...byHost].map(([host, entries]) => [
        host,
        {
          jobs: entries.reduce((sum, [, { currentJobs }]) => sum + currentJobs, 0),
          lastFailure: Math.max(...entries.map(([, { lastFailure }]) => lastFailure)),
        },
      ]),
    ),
  };
}

function rustSeen(text: string): Seen | undefined {
  const { queueRunner, machines } = JSON.parse(text) as RustStatus;
  const { queueStats, nrUnsupportedSteps: unsupported } = queueRunner;
  const idOf = (hostname: string): string => /^i-[0-9a-f]+/.exec(hostname)?.[0] ?? hostname;
  return {
    waiting: new Map(
      Object.entries(queueStats).map(([system, { activeRunnable, totalRunnable }]) => [
        system,
        totalRunnable - activeRunnable,
      ]),
    ),
    unsupported,
    machines: new Map(
      Object.values(machines).map(({ hostname, stats: { currentJobs, lastFailure } }) => [
        idOf(hostname),
        { jobs: currentJobs, lastFailure },
      ]),
    ),
  };
}
