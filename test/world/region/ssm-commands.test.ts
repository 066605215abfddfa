import { describe, expect, it } from 'vitest';
import type { RegionEvent } from '../../../local/world/region/observers.ts';
import { cutOutput } from '../../../local/world/region/ssm/invocation.ts';
import { BOOT_SECONDS, HOST, exited, refusal } from './bench.ts';
import { SsmBench, documentText } from './ssm-bench.ts';

describe('a command', () => {
  it('is denied at first, then pending, in progress, and over with its output', () => {
    const bench = new SsmBench();
    const id = bench.send();
    expect(refusal(() => bench.invocation(id))).toBe('InvocationDoesNotExist');
    expect(bench.region.ssm.commands.visibleInvocations(bench.timeline.now)).toEqual([]);
    bench.advance(0.5);
    expect(bench.invocation(id)).toMatchObject({ status: 'Pending', responseCode: -1 });
    bench.advance(0.5);
    expect(bench.invocation(id)).toMatchObject({ status: 'InProgress', stdout: '' });
    expect(bench.executor.jobs).toMatchObject([
      {
        instanceId: HOST,
        script: 'echo hello',
        timeoutSeconds: 10,
        environment: { SSM_COMMAND_ID: id, AWS_SSM_INSTANCE_ID: HOST, AWS_SSM_REGION_NAME: 'us-east-1' },
      },
    ]);
    bench.advance(2);
    bench.executor.end(exited(0, 'hello\n', 'a warning\n'));
    expect(bench.invocation(id)).toMatchObject({
      status: 'Success',
      statusDetails: 'Success',
      responseCode: 0,
      stdout: 'hello\n',
      stderr: 'a warning\n',
      endedAt: bench.timeline.now,
    });
  });

  it.each([
    [exited(3, 'x'), 'Failed', 'Failed', 3],
    [{ kind: 'timed-out', stdout: 'x', stderr: '' }, 'TimedOut', 'ExecutionTimedOut', 137],
  ] as const)('that ends with %o is %s (%s)', (outcome, status, statusDetails, responseCode) => {
    const bench = new SsmBench();
    bench.executor.reply = () => outcome;
    const id = bench.send();
    bench.advance(1);
    expect(bench.invocation(id)).toMatchObject({ status, statusDetails, responseCode, stdout: 'x' });
    expect(bench.region.ssm.commands.status(id)).toBe(status);
  });

  it('tells EventBridge how it ended, once, wherever it ended', () => {
    const bench = new SsmBench();
    const events: RegionEvent[] = [];
    bench.region.observe({ event: (event) => events.push(event) });
    const ofCommands = (): readonly string[] =>
      events
        .splice(0)
        .filter(({ source }) => source === 'aws.ssm')
        .map(({ detail }) => `${detail['document-name']} ${detail['instance-id']} ${detail['status']}`);
    bench.send();
    bench.advance(2);
    expect(ofCommands()).toEqual([]);
    bench.executor.end(exited(0, 'hello\n'));
    bench.advance(2);
    expect(ofCommands()).toEqual([`try ${HOST} Success`]);
    const id = bench.send();
    bench.region.ssm.commands.cancel(id);
    bench.advance(100);
    expect(ofCommands()).toEqual([`try ${HOST} Cancelled`]);
  });

  it('keeps 24,000 bytes of output and 8,000 of errors, the last of them a mark', () => {
    const bench = new SsmBench();
    bench.executor.reply = () => exited(0, 'o'.repeat(24_000), 'e'.repeat(7_999));
    const id = bench.send();
    bench.advance(1);
    const { stdout, stderr } = bench.invocation(id);
    expect(stdout).toBe(`${'o'.repeat(23_980)}--output truncated--`);
    expect(stderr).toBe('e'.repeat(7_999));
    expect(Buffer.byteLength(cutOutput('€'.repeat(8_000), 24_000))).toBeLessThanOrEqual(24_002);
    expect(cutOutput('€'.repeat(7_999), 24_000)).toBe('€'.repeat(7_999));
  });

  it('to an agent that has fallen silent is never delivered', () => {
    const bench = new SsmBench();
    bench.region.ssm.nodes.setAgent(HOST, 'deaf');
    const id = bench.send();
    bench.advance(29);
    expect(bench.invocation(id).status).toBe('Pending');
    bench.advance(1);
    expect(bench.invocation(id)).toMatchObject({
      status: 'TimedOut',
      statusDetails: 'DeliveryTimedOut',
      responseCode: -1,
    });
    bench.region.ssm.nodes.setAgent(HOST, 'online');
    expect(bench.executor.jobs).toEqual([]);
  });

  it('is delivered late to an agent that comes back in time', () => {
    const bench = new SsmBench();
    bench.region.ssm.nodes.setAgent(HOST, 'deaf');
    const id = bench.send();
    bench.advance(20);
    bench.region.ssm.nodes.setAgent(HOST, 'online');
    expect(bench.invocation(id).status).toBe('InProgress');
    expect(bench.executor.jobs).toHaveLength(1);
  });

  it('whose agent falls silent meanwhile is told later, or given up after both time limits', () => {
    const bench = new SsmBench();
    const [told, lost] = [bench.send(), bench.send()];
    bench.advance(1);
    bench.region.ssm.nodes.setAgent(HOST, 'lost');
    bench.executor.end(exited(0, 'done'));
    bench.advance(9);
    expect(bench.invocation(told).status).toBe('InProgress');
    bench.region.ssm.nodes.setAgent(HOST, 'online');
    expect(bench.invocation(told)).toMatchObject({ status: 'Success', stdout: 'done' });
    expect(bench.invocation(lost)).toMatchObject({ status: 'Success' });
    const dead = bench.send();
    bench.advance(1);
    bench.region.ssm.nodes.setAgent(HOST, 'lost');
    bench.advance(39);
    expect(bench.invocation(dead).status).toBe('InProgress');
    bench.advance(1);
    expect(bench.invocation(dead)).toMatchObject({ status: 'TimedOut', statusDetails: 'ExecutionTimedOut' });
    expect(bench.executor.killed).toEqual([HOST]);
  });

  it('can be cancelled before and during its run', () => {
    const bench = new SsmBench();
    const { commands } = bench.region.ssm;
    const early = bench.send();
    commands.cancel(early);
    const late = bench.send();
    bench.advance(1);
    expect(bench.invocation(early).status).toBe('Cancelled');
    expect(bench.executor.jobs).toHaveLength(1);
    commands.cancel(late);
    expect(bench.executor.killed).toEqual([HOST]);
    expect(bench.invocation(late)).toMatchObject({ status: 'Cancelled', stdout: 'so far\n' });
    commands.cancel(late);
    expect(refusal(() => commands.cancel('no-such-command'))).toBe('InvalidCommandId');
  });

  it('is forgotten after a day', () => {
    const bench = new SsmBench();
    bench.executor.reply = () => exited(0);
    const id = bench.send();
    bench.advance(86_399);
    expect(bench.invocation(id).status).toBe('Success');
    bench.advance(1);
    expect(refusal(() => bench.invocation(id))).toBe('InvocationDoesNotExist');
    expect(bench.region.ssm.commands.all).toEqual([]);
  });
});

describe('a managed node', () => {
  it('is there some time after an instance has booted, and gone when it stops, with what it ran', () => {
    const bench = new SsmBench();
    const { instanceId } = bench.runOne({ tags: { instance: { farm: 'x' } } });
    const { nodes } = bench.region.ssm;
    bench.advance(BOOT_SECONDS + 59);
    expect(nodes.find(instanceId)).toBeUndefined();
    expect(refusal(() => bench.send({ instanceIds: [instanceId] }))).toBe('InvalidInstanceId');
    bench.advance(1);
    expect(nodes.find(instanceId)).toMatchObject({
      agent: 'online',
      tags: { farm: 'x' },
      lastPingAt: bench.timeline.now,
    });
    bench.send({ instanceIds: [instanceId] });
    bench.advance(1);
    bench.region.power.stop([instanceId]);
    expect(nodes.find(instanceId)).toBeUndefined();
    expect(bench.executor.killed).toEqual([instanceId]);
    bench.advance(30);
    bench.region.power.start([instanceId]);
    bench.advance(BOOT_SECONDS + 60);
    expect(nodes.find(instanceId)?.agent).toBe('online');
  });

  it('that was stopped while it booted does not appear', () => {
    const bench = new SsmBench();
    const { instanceId } = bench.runOne();
    bench.advance(BOOT_SECONDS + 10);
    bench.region.power.stop([instanceId]);
    bench.advance(600);
    expect(bench.region.ssm.nodes.find(instanceId)).toBeUndefined();
  });

  it('that nobody hears of refuses commands', () => {
    const bench = new SsmBench();
    bench.region.ssm.nodes.setAgent(HOST, 'lost');
    expect(refusal(() => bench.send())).toBe('InvalidInstanceId');
    bench.advance(100);
    expect(bench.region.ssm.nodes.find(HOST)?.lastPingAt).toBe(bench.timeline.now - 100);
  });

  it('can be targeted by id or tag', () => {
    const bench = new SsmBench();
    const targeted = (key: string, values: string[]): readonly string[] => {
      const id = bench.send({ instanceIds: [], targets: [{ key, values }] });
      return bench.region.ssm.commands.require(id).instanceIds;
    };
    expect(targeted('tag:role', ['hydra', 'other'])).toEqual([HOST]);
    expect(targeted('tag-key', ['role'])).toEqual([HOST]);
    expect(targeted('InstanceIds', [HOST])).toEqual([HOST]);
    expect(targeted('tag:role', ['builder'])).toEqual([]);
    expect(refusal(() => targeted('resource-groups:Name', ['x']))).toBe('InvalidTarget');
  });
});

describe('SendCommand refuses', () => {
  it.each([
    ['InvalidDocument', { documentName: 'nobody' }],
    ['InvalidDocumentVersion', { documentVersion: '7' }],
    ['InvalidDocument', { documentHash: 'abc' }],
    ['ValidationException', { timeoutSeconds: 29 }],
    ['ValidationException', { timeoutSeconds: 2_592_001 }],
    ['ValidationException', { comment: 'x'.repeat(101) }],
    ['ValidationException', { instanceIds: [] }],
    ['ValidationException', { targets: [{ key: 'tag:role', values: ['hydra'] }] }],
    ['ValidationException', { instanceIds: Array.from({ length: 51 }, (_, index) => `i-${index}`) }],
    ['DuplicateInstanceId', { instanceIds: [HOST, HOST] }],
    ['InvalidInstanceId', { instanceIds: [HOST, 'i-0deadbeefdeadbeef'] }],
    ['InvalidParameters', { parameters: { unknown: ['x'] } }],
  ])('with %s: %o', (code, request) => {
    const bench = new SsmBench();
    expect(refusal(() => bench.send(request))).toBe(code);
    expect(bench.region.ssm.commands.all).toEqual([]);
  });

  it('a document that grows to 64 KiB with its parameters', () => {
    const bench = new SsmBench();
    bench.document('big', documentText(['{{ x }}'], { x: { type: 'String' } }));
    const size = (length: number) =>
      refusal(() => bench.send({ documentName: 'big', parameters: { x: ['x'.repeat(length)] } }));
    expect(size(65_000)).toBe('none');
    expect(size(65_500)).toBe('MaxDocumentSizeExceeded');
  });
});
