import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DocumentContent } from '../../../infra/documents/documents.ts';
import { problemInWords } from '../../../lambdas/core/reason/problem.ts';
import type { RunResult } from '../../../lambdas/aws/ssm/results.ts';
import { type DocumentRun, runDocument } from '../../../lambdas/aws/ssm/run-command.ts';
import { ImpatientClock } from '../../fakes/impatient-clock.ts';
import { SsmStandIn } from '../../fakes/ssm.ts';

/** Runs the script in its parameter: for these tests only. */
const SHELL: DocumentContent = {
  schemaVersion: '2.2',
  description: 'test',
  parameters: {
    script: { type: 'String', description: '', allowedPattern: '^[^\n]*$', maxChars: 1000, default: '' },
  },
  mainSteps: [
    {
      action: 'aws:runShellScript',
      name: 'x',
      inputs: { timeoutSeconds: '45', runCommand: ['{{ script }}'] },
    },
  ],
};
const HOST = { environment: { PATH: process.env['PATH'] ?? '' } };

let ssm: SsmStandIn;
let clock: ImpatientClock;
beforeEach(async () => {
  ssm = await SsmStandIn.start();
  ssm.document('shell', SHELL);
  for (const id of ['i-1', 'i-2', 'i-3']) ssm.node(id, HOST);
  clock = new ImpatientClock();
});
afterEach(() => ssm.stop());

const runAll = (run: Partial<DocumentRun> = {}): Promise<ReadonlyMap<string, RunResult>> =>
  runDocument(ssm.client(), clock, {
    document: 'shell',
    instanceIds: ['i-1'],
    parameters: { script: 'echo hello' },
    executionSeconds: 45,
    ...run,
  });
const run = async (changes: Partial<DocumentRun> = {}): Promise<RunResult | undefined> =>
  (await runAll(changes)).get('i-1');

const wordsOf = (result: RunResult | undefined): string =>
  result === undefined || result.ok ? '' : problemInWords(result.problem);

describe('a document that runs', () => {
  it('brings back what it printed', async () => {
    expect(await run({ parameters: { script: 'echo hello; echo warning >&2' } })).toEqual({
      ok: true,
      value: { stdout: 'hello\n', stderr: 'warning\n', exitCode: 0 },
    });
  });

  it('is sent with its default version, a comment that fits, and no empty parameters', async () => {
    await run({ parameters: { script: '' }, comment: 'x'.repeat(200), deliverySeconds: 5 });
    expect(ssm.sent).toEqual([
      {
        DocumentName: 'shell',
        DocumentVersion: '$DEFAULT',
        InstanceIds: ['i-1'],
        Parameters: {},
        TimeoutSeconds: 30,
        Comment: 'x'.repeat(100),
      },
    ]);
  });

  it('may be unknown for a while after it was sent', async () => {
    ssm.forgetfulReads = 3;
    expect(await run()).toMatchObject({ ok: true });
    expect(clock.sleeps).toHaveLength(4);
    expect(Math.min(...clock.sleeps)).toBeGreaterThanOrEqual(1);
    expect(clock.sleeps).toEqual(clock.sleeps.toSorted((a, b) => a - b));
  });

  it('is asked for again after SSM was too busy, or a connection broke', async () => {
    ssm.failNext('GetCommandInvocation', { code: 'ThrottlingException', message: 'Rate exceeded' });
    ssm.failNext('GetCommandInvocation', 'lost');
    ssm.failNext('GetCommandInvocation', { code: 'InternalServerError', status: 500 });
    expect(await run()).toMatchObject({ ok: true });
  });

  it('that fails tells its exit code and last words, and never its output', async () => {
    const script = 'echo secret; echo first >&2; echo "hydra-autoscaler: no such thing" >&2; exit 7';
    const result = await run({ parameters: { script } });
    expect(result).toEqual({
      ok: false,
      problem: {
        outcome: 'failed',
        says: 'the script on i-1 ended with exit code 7: hydra-autoscaler: no such thing',
      },
    });
  });
});

describe('a document that does not run', () => {
  it.each([
    ['DeliveryTimedOut', 'undelivered', 'did not take the command in time'],
    ['Delivery Timed Out', 'undelivered', 'did not take the command in time'],
    ['Undeliverable', 'undelivered', 'agent is not there'],
    ['AccessDenied', 'undelivered', 'tags'],
    ['InvalidPlatform', 'undelivered', 'Linux or macOS'],
    ['Terminated', 'undelivered', 'before it was sent'],
    ['ExecutionTimedOut', 'timed-out', 'killed'],
    ['Cancelled', 'unknown', 'cancelled'],
  ])('because of %s is %s', async (statusDetails, outcome, named) => {
    ssm.instead.set('i-1', statusDetails);
    const result = await run();
    expect(result).toMatchObject({ problem: { outcome, says: expect.stringContaining('i-1') } });
    expect(wordsOf(result)).toContain(named);
  });

  it.each(['Pending', 'InProgress', 'Delayed', 'Cancelling', 'SomethingNew'])(
    'but stays %s is unknown once nothing more can come',
    async (statusDetails) => {
      ssm.instead.set('i-1', statusDetails);
      expect(await run()).toEqual({
        ok: false,
        problem: { outcome: 'unknown', says: 'i-1 gave no result within 90 s' },
      });
      const waited = clock.sleeps.reduce((sum, sleep) => sum + sleep, 0);
      expect(waited).toBeGreaterThanOrEqual(90);
      expect(waited).toBeLessThan(95);
    },
  );

  it('is waited for no longer than asked', async () => {
    ssm.instead.set('i-1', 'InProgress');
    expect(await run({ waitSeconds: 10 })).toMatchObject({ problem: { outcome: 'unknown' } });
    expect(clock.sleeps.reduce((sum, sleep) => sum + sleep, 0)).toBeLessThan(15);
  });

  it.each([
    ['InvalidInstanceId', 'undelivered', 'the SSM agent on i-1 is not reachable'],
    ['InvalidDocument', 'undelivered', 'there is no SSM document shell here'],
    ['InvalidParameters', 'undelivered', 'deploy the stack again'],
    ['MaxDocumentSizeExceeded', 'undelivered', '64 KB'],
    ['AccessDeniedException', 'undelivered', 'may not run the SSM document shell on i-1'],
    ['ThrottlingException', 'undelivered', 'asked again later'],
    ['SomethingNewException', 'undelivered', 'SomethingNewException'],
  ])('because SSM refuses it with %s is %s', async (code, outcome, named) => {
    ssm.failNext('SendCommand', { code, message: 'in the words of AWS' });
    const result = await run();
    expect(result).toMatchObject({ problem: { outcome } });
    expect(wordsOf(result)).toContain(named);
    expect(clock.sleeps).toEqual([]);
  });

  it.each(['lost', { code: 'InternalServerError', status: 500 }] as const)(
    'as far as anybody knows is unknown: %s',
    async (fault) => {
      ssm.failNext('SendCommand', fault);
      expect(await run()).toMatchObject({ problem: { outcome: 'unknown' } });
    },
  );

  it('is not waited for when its results may not be read', async () => {
    ssm.failNext('GetCommandInvocation', { code: 'AccessDeniedException', message: 'no' }, 99);
    const result = await run();
    expect(result).toMatchObject({ problem: { outcome: 'unknown', code: 'AccessDeniedException' } });
    expect(clock.sleeps).toHaveLength(1);
  });
});

describe('a document on many nodes', () => {
  it('gives each its own result, over several pages', async () => {
    ssm.pageSize = 1;
    ssm.instead.set('i-2', 'Undeliverable');
    ssm.node('i-4');
    const results = await runAll({ instanceIds: ['i-1', 'i-2', 'i-3', 'i-4'] });
    expect(
      [...results].map(([id, one]) => [id, one.ok ? 'succeeded' : one.problem.outcome]).toSorted(),
    ).toEqual([
      ['i-1', 'succeeded'],
      ['i-2', 'undelivered'],
      ['i-3', 'succeeded'],
      ['i-4', 'undelivered'],
    ]);
    expect(ssm.calls.filter((call) => call === 'GetCommandInvocation')).toHaveLength(4);
  });

  it('does not let one that hangs hide the others', async () => {
    ssm.instead.set('i-2', 'InProgress');
    const results = await runAll({ instanceIds: ['i-1', 'i-2', 'i-3'] });
    expect(results.get('i-1')).toMatchObject({ ok: true });
    expect(results.get('i-2')).toMatchObject({ problem: { outcome: 'unknown' } });
    expect(results.get('i-3')).toMatchObject({ ok: true });
  });

  it('asks nothing for no node at all', async () => {
    expect((await runAll({ instanceIds: [] })).size).toBe(0);
    expect(ssm.calls).toEqual([]);
  });
});
