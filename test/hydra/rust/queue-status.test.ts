/** Which answers of the Rust queue runner are believed, and what is said of those that are not. */
import { describe, expect, it, test } from 'vitest';
import type { RustAnswer } from '../../../lambdas/hydra/rust/answer.ts';
import { readQueueStatus } from '../../../lambdas/hydra/rust/queue-status.ts';
import { answerOf, changed } from './given.ts';

const BELIEVED = '05-running-saturated';

const statusOf = (answer: RustAnswer) => readQueueStatus(answer).status;

/** The cause and all words of a status that is not believed. */
function doubt(answer: RustAnswer): string {
  const status = statusOf(answer);
  if (status.trusted) throw new Error('it is believed');
  return `${status.cause}: ${status.says}; ${status.remedy}`;
}

test.each([
  ['01-idle-no-machines', /^restarted: .* started only 4 s ago/],
  ['04-joined-idle-beside-full-queue', /^restarted: .* 51 s ago/],
  ['13-runner-just-restarted', /^restarted: .* 1 s ago/],
  ['14-runner-restarted-10s', /^restarted: .* 9 s ago/],
  ['21-db-down-25s', /^stale: .*shows 2 running steps, and its database none/],
])('the capture %s is not believed', (name, words) => {
  expect(doubt(answerOf(name))).toMatch(words);
});

test.each([
  BELIEVED,
  '06-cordoned-while-building',
  '08-sigterm-while-building',
  '12-sigstop-builder-45s',
  '15-copying-back-big-outputs',
  '19-unsupported-after-limit',
  '22-db-back',
  '23-retry-back-off-no-machines',
  '25-max-jobs-changed-by-restart',
  '26-slots-held-after-database',
])('the capture %s is believed', (name) => {
  expect(statusOf(answerOf(name)).trusted).toBe(true);
});

describe('an answer is not believed', () => {
  it.each([
    [
      'where nobody listens',
      { curl: { exit: 7, http: 0 }, statusText: '' },
      /^down: nothing listens.*restUrl/,
    ],
    [
      'where the socket unit holds the port of a runner that is down',
      { curl: { exit: 28, http: 0 }, unit: 'hydra-queue-runner-rest.socket', statusText: '' },
      /^down: .*hydra-queue-runner-rest\.socket holds the port.*restart/,
    ],
    ['of a runner that hangs', { curl: { exit: 28, http: 0 }, statusText: '' }, /^down: .*does not answer/],
    ['without curl', { curl: { exit: 127, http: 0 }, statusText: '' }, /^failed: .*127.*curl/],
    [
      'with another HTTP code',
      { curl: { exit: 0, http: 502 }, statusText: '<html>Bad Gateway' },
      /^failed: .*HTTP 502: <html>/,
    ],
    [
      'of Hydra’s web server, which does not know',
      { statusText: '{"status":"unknown"}' },
      /^stale: .*web server.*queue_runner_endpoint/,
    ],
    ['that is no JSON', { statusText: '<html>' }, /^unreadable: .*restUrl/],
    ['that is cut off', { statusText: '{"queueRunner":{"status":"up"' }, /^unreadable: .*cut off/],
    ['when the runner cannot ask its database', { activeHttp: 500 }, /^stale: .*database \(HTTP 500\)/],
  ] as const)('%s', (_name, changes, words) => {
    expect(doubt(answerOf(BELIEVED, changes))).toMatch(words);
  });

  it('when we cannot ask the database, in its own words', () => {
    const refused = 'FATAL: role "root" does not exist';
    const { unfinished, ...rest } = answerOf(BELIEVED, { databaseProblem: refused });
    expect(unfinished).toBeDefined();
    expect(doubt(rest)).toContain(refused);
  });

  it.each([-121, 121])('when it is %i s off the host’s clock', (off) => {
    const { hostNow } = answerOf(BELIEVED);
    expect(doubt(answerOf(BELIEVED, { hostNow: hostNow + off }))).toMatch(/^stale: /);
    expect(statusOf(answerOf(BELIEVED, { hostNow: hostNow + Math.sign(off) * 119 })).trusted).toBe(true);
  });

  it('before the queue has been read, however long the runner is up', () => {
    const answer = changed(BELIEVED, (told) => (told.queueRunner['queueChecksFinished'] = 0));
    expect(doubt(answer)).toMatch(/^restarted: .*not read its queue/);
    expect(statusOf(answer).demand).toBeUndefined();
  });

  it('when two builders have one host name', () => {
    const answer = changed(BELIEVED, (told) => (told.queueRunner['machinesTotal'] = 2));
    expect(doubt(answer)).toMatch(
      /^stale: 2 builders have joined.*shows 1.*wait a few minutes.*host name of its own/,
    );
  });

  it('when a field that is needed is of another kind, and says which', () => {
    const answer = changed(BELIEVED, (told) => (told.queueRunner['machinesTotal'] = 'one'));
    expect(doubt(answer)).toMatch(/^unreadable: .*queueRunner\.machinesTotal/);
  });
});

test('a runner that has just come up tells its demand all the same: enough to launch, not to end', () => {
  expect(statusOf(answerOf('14-runner-restarted-10s'))).toMatchObject({
    trusted: false,
    demand: [{ key: 'aarch64-linux' }, { key: 'x86_64-linux', runnable: 14 }],
  });
});
