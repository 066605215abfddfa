/** Every saved status of a real queue runner, and whether it may be acted on. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseQueueStatus, readQueueStatus } from '../../../lambdas/hydra/cpp/queue-status.ts';
import { CAPTURES, captured, captureNames, captureText } from './answers.ts';

/** [capture, trusted or why not, in words, [runnable, machines, listed, jobs, copying back, unsupported] unless there is no content]. */
type Row = readonly [string, string, string, readonly number[] | undefined];

// Trusted are all answers with exit code 0 of a runner up for a minute or more, however odd their machines look.
const TABLE: readonly Row[] = [
  ['running-3-machines', 'trusted', 'an ordinary status', [326, 3, 3, 8, 0, 8]],
  ['running-with-done-steps', 'trusted', 'with average times', [316, 3, 3, 8, 0, 8]],
  ['machine-removed-while-building', 'trusted', 'a drain has begun', [316, 3, 2, 8, 0, 8]],
  ['machine-removed-draining-later', 'trusted', 'its builds have ended', [312, 3, 2, 4, 0, 8]],
  ['machine-removed-drained', 'trusted', 'the drain is over', [312, 3, 2, 4, 0, 8]],
  ['machine-added-back', 'trusted', 'counters kept', [294, 4, 4, 8, 0, 4]],
  ['unreachable-machine', 'trusted', 'one machine refuses', [294, 4, 4, 8, 0, 4]],
  ['before-builder-dies', 'trusted', 'two machines disabled', [280, 4, 4, 6, 0, 4]],
  ['builder-died-mid-build', 'trusted', 'its steps are runnable again', [284, 4, 4, 2, 0, 4]],
  ['placeholder-maxjobs0', 'trusted', 'placeholders support what they never build', [280, 6, 5, 4, 0, 0]],
  ['mandatory-only-col7', 'trusted', 'one host under ssh-ng and ssh counts once', [276, 6, 3, 4, 0, 0]],
  ['mandatory-both-cols', 'trusted', 'a key with parameters', [271, 6, 2, 1, 0, 0]],
  ['malformed-line-old-config-kept', 'trusted', 'the file is bad, the runner is not', [270, 6, 2, 1, 0, 0]],
  ['odd-but-valid-lines', 'trusted', 'bare and useless lines', [260, 10, 7, 8, 0, 0]],
  ['builder-frozen-0s', 'trusted', 'a frozen builder still holds its jobs', [241, 11, 3, 4, 0, 0]],
  ['after-hang', 'trusted', 'the runner answers again', [213, 11, 2, 6, 0, 0]],
  ['hanging-machine-after-timeout', 'trusted', 'one machine failed slowly', [188, 5, 5, 8, 0, 4]],
  ['after-cancel-all-immediately', 'trusted', 'old counts by kind are clamped to 0', [0, 5, 5, 0, 0, 0]],
  ['idle-with-machines', 'trusted', 'nothing to do', [0, 5, 5, 0, 0, 0]],
  ['stalled-after-failed-build', 'trusted', 'stalled, but it answers', [3, 6, 1, 0, 0, 0]],
  [
    'hidden-copy-active-minus-jobs-0',
    'trusted',
    'not of one instant: 4 active, 5 jobs, 1 copied back',
    [3229, 9, 6, 5, 1, 0],
  ],
  // Up for less than a minute: it cannot be told from the empty first dump.
  ['idle-empty-machines-file', 'restarted', 'up 3 s', [0, 0, 0, 0, 0, 0]],
  ['many-runnable-no-machines', 'restarted', 'up 46 s', [334, 0, 0, 0, 0, 334]],
  [
    'first-start-malformed-file',
    'restarted',
    'up 8 s, no machines because of a bad file',
    [219, 0, 0, 0, 0, 219],
  ],
  ['default-max-unsupported-time-aborts', 'restarted', 'up 10 s', [164, 1, 1, 4, 0, 5]],
  ['unreachable-and-hanging-machine', 'restarted', 'up 34 s', [190, 5, 5, 10, 0, 4]],
  [
    'copying-outputs-while-currentJobs-0',
    'restarted',
    'up 15 s; no job, two copied back',
    [0, 1, 1, 0, 2, 0],
  ],
  ['builder-died-while-copying-outputs', 'restarted', 'up 18 s', [2, 1, 1, 0, 0, 0]],
  // Says "up" and is a lie: only the exit code tells.
  ['hung-queue-runner', 'stale', 'stopped by a signal', [219, 11, 2, 8, 0, 0]],
  ['killed-stale', 'stale', 'killed', [213, 11, 2, 6, 0, 0]],
  ['down-never-started', 'down', 'no dump yet', undefined],
  ['down-after-unlock', 'down', 'dump removed', undefined],
  ['down-after-clean-stop', 'down', 'stopped by systemd', undefined],
  ['db-down', 'failed', 'PostgreSQL is away', undefined],
];

function numbersOf(content: ReturnType<typeof readQueueStatus>['content']): readonly unknown[] | undefined {
  if (!content) return undefined;
  const machines = [...content.machines.values()];
  return [
    content.steps.reduce((sum, { runnable }) => sum + runnable, 0),
    machines.length,
    machines.filter(({ offered: listed }) => listed).length,
    machines.reduce((sum, { currentJobs }) => sum + currentJobs, 0),
    content.stepsFinishing,
    content.stepsUnsupported,
  ];
}

describe('statuses of a real queue runner', () => {
  test('the table has them all', () => {
    expect(TABLE.map(([name]) => name).toSorted()).toEqual(captureNames().toSorted());
    expect(captureNames(join(CAPTURES, 'derived')).toSorted()).toEqual(['pre-2023-format', 'rust-status']);
  });

  test.each(TABLE)('%s: %s (%s)', (name, verdict, _why, numbers) => {
    const { status, content } = readQueueStatus(captured(name));
    expect(status.trusted ? 'trusted' : status.cause).toBe(verdict);
    if (!status.trusted) expect(status.remedy).toMatch(/\S/);
    expect(numbersOf(content)).toEqual(numbers);
  });

  test('a status from before 2023 says the same as its modern form', () => {
    const hostNow = 1795139952;
    const old = parseQueueStatus({ exitCode: 0, stdout: captureText('derived/pre-2023-format'), hostNow });
    const modern = parseQueueStatus(captured('running-3-machines'));
    expect(old).toEqual(modern);
  });

  test('the Rust queue runner is recognised where its REST interface did not answer', () => {
    const stdout = captureText('derived/rust-status');
    const status = parseQueueStatus({ exitCode: 0, stdout, hostNow: 1787333594 });
    expect(status).toMatchObject({ trusted: false, cause: 'unsupported' });
    expect(status).toHaveProperty('says', expect.stringMatching(/Rust queue runner.* did not answer/));
  });

  test('a drained machine is told from a busy one, and the two from one never used', () => {
    const status = parseQueueStatus(captured('odd-but-valid-lines'));
    if (!status.trusted) throw new Error(status.says);
    expect(status.machines.get('127.0.0.19')).toEqual({
      key: '127.0.0.19',
      offered: false,
      currentJobs: 0,
      idleSince: 1795140068,
      disabledUntil: 1795140141,
      lastFailure: 1795140068,
      consecutiveFailures: 1,
    });
    expect(status.machines.get('127.0.0.12')).toEqual({
      key: '127.0.0.12',
      offered: true,
      currentJobs: 2,
      consecutiveFailures: 0,
      done: { steps: 26, seconds: 581 },
    });
    expect(status.machines.get('c1')).toEqual({
      key: 'c1',
      offered: true,
      currentJobs: 0,
      consecutiveFailures: 0,
    });
  });

  test('the reason for a dead database quotes it and names the remedy', () => {
    const status = parseQueueStatus(captured('db-down'));
    expect(status).toMatchObject({
      says: expect.stringContaining('connection to server') as unknown,
      remedy: expect.stringMatching(/PostgreSQL.*HYDRA_DBI/) as unknown,
    });
    expect(status).toHaveProperty('says', expect.not.stringContaining('warning:'));
  });
});
