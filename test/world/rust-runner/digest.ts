/** What of a captured situation has to be the same in a simulated one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { QueuedView, RustFarm, StatusView } from './farm.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/hydra-rust');

type Queues = Readonly<Record<string, readonly QueuedView[]>>;

export interface Digest {
  readonly machinesTotal: number;
  /** By name: slots taken and there are, and whether it takes more. */
  readonly machines: Readonly<Record<string, string>>;
  /** By system: steps on machines, and in all. */
  readonly queueStats: Readonly<Record<string, string>>;
  /** By system: how many steps are on a machine or wait, in which try. */
  readonly queued: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Rows that say that something runs, by machine. */
  readonly busy: Readonly<Record<string, number>>;
}

const counted = (words: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries([...Map.groupBy(words, (word) => word)].map(([word, all]) => [word, all.length]));

const values = <From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Readonly<Record<string, To>> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));

const digest = (
  { queueRunner, machines }: StatusView,
  queues: Queues,
  busy: Readonly<Record<string, number>>,
): Digest => ({
  machinesTotal: queueRunner.machinesTotal,
  machines: values(machines, ({ stats, maxJobs, hasCapacity, jobs }) => {
    const gate = stats.buildDirFreePercent === 0 ? 'closed' : 'open';
    return `${gate}, ${stats.currentJobs} of ${maxJobs}, ${jobs.length} named, ${hasCapacity ? 'takes' : 'takes no'} more`;
  }),
  queueStats: values(
    queueRunner.queueStats,
    ({ activeRunnable, totalRunnable }) => `${activeRunnable} of ${totalRunnable}`,
  ),
  queued: values(queues, (steps) =>
    counted(
      steps.map(({ alreadyScheduled, tries }) => `${alreadyScheduled ? 'given' : 'waits'}, tries ${tries}`),
    ),
  ),
  busy,
});

/** A captured situation. */
export const capturedDigest = (name: string): Digest => {
  const read = (suffix: string): string => readFileSync(join(FIXTURES, `${name}.${suffix}`), 'utf8');
  const rows = read('busy-steps.txt')
    .split('\n')
    .filter((line) => line !== '');
  return digest(
    JSON.parse(read('status.json')) as StatusView,
    (JSON.parse(read('status-queues.json')) as { queues: Queues }).queues,
    counted(rows.map((row) => row.split(' ')[4] ?? '')),
  );
};

/** What a farm answers now. */
export const digestOf = (farm: RustFarm): Digest => digest(farm.status, farm.queues, farm.busyRows);
