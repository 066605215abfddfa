import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AddTagsToResourceCommand,
  CancelCommandCommand,
  CreateDocumentCommand,
  DeleteDocumentCommand,
  DescribeDocumentCommand,
  DescribeInstanceInformationCommand,
  GetCommandInvocationCommand,
  GetDocumentCommand,
  ListCommandInvocationsCommand,
  ListCommandsCommand,
  ListDocumentsCommand,
  ListTagsForResourceCommand,
  SendCommandCommand,
  UpdateDocumentCommand,
  UpdateDocumentDefaultVersionCommand,
  waitUntilCommandExecuted,
  type SendCommandCommandInput,
} from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Timer } from '../../../local/world/endpoint/shell-executor.ts';
import { HOST, X86_IMAGE } from '../region/bench.ts';
import { documentText } from '../region/ssm-bench.ts';
import { EndpointBench, errorName } from './bench.ts';
import { gone, written } from './processes.ts';

let bench: EndpointBench;
afterEach(() => bench.stop());

const createDocument = (Name: string, Content: string) =>
  bench.ssm.send(new CreateDocumentCommand({ Name, Content, DocumentType: 'Command', TargetType: '/' }));

async function send(input: Partial<SendCommandCommandInput> = {}): Promise<string> {
  const { Command } = await bench.ssm.send(
    new SendCommandCommand({ DocumentName: 'try', InstanceIds: [HOST], TimeoutSeconds: 30, ...input }),
  );
  return Command?.CommandId ?? '';
}

const invocation = (CommandId: string, PluginName?: string) =>
  bench.ssm.send(new GetCommandInvocationCommand({ CommandId, InstanceId: HOST, PluginName }));

const UNFINISHED = new Set(['Pending', 'InProgress', 'Delayed', 'Cancelling']);

/** The invocation once it is over. The SDK's waiter takes `Cancelling` for an end, which it is not yet, and gives up in time. */
async function finished(CommandId: string) {
  const waiting = { client: bench.ssm, maxWaitTime: 20, minDelay: 0.02, maxDelay: 0.05 };
  for (;;) {
    await waitUntilCommandExecuted(waiting, { CommandId, InstanceId: HOST }).catch(() => undefined);
    const seen = await invocation(CommandId);
    if (!UNFINISHED.has(seen.Status ?? 'Pending')) return seen;
  }
}

describe('Run Command, in time that runs twenty times as fast', () => {
  /** Ends the time of the script that was started last. */
  let timeIsUp = (): void => undefined;
  beforeEach(async () => {
    const timer: Timer = (_seconds, ring) => {
      timeIsUp = ring;
      return () => undefined;
    };
    bench = await EndpointBench.start({ speed: 20, timer });
  });

  it('really runs a script with the node’s own programs first', async () => {
    const program = join(bench.executor.directory(HOST), 'bin', 'hydra-queue-runner');
    writeFileSync(program, '#!/bin/sh\necho "status of $AWS_SSM_INSTANCE_ID by $1"\n', { mode: 0o755 });
    await createDocument('try', documentText(['hydra-queue-runner --status', 'echo oh >&2', 'exit 4']));
    expect(await finished(await send())).toMatchObject({
      Status: 'Failed',
      StatusDetails: 'Failed',
      ResponseCode: 4,
      PluginName: 'run',
      StandardOutputContent: `status of ${HOST} by --status\n`,
      StandardErrorContent: 'oh\n',
    });
  });

  it('keeps the beginning of a long output', async () => {
    await createDocument('try', documentText(['head -c 100000 /dev/zero | tr "\\0" x']));
    const { Status, StandardOutputContent: output = '' } = await finished(await send());
    expect(Status).toBe('Success');
    expect(output).toHaveLength(24_000);
    expect(output).toMatch(/^x{23980}--output truncated--$/);
  });

  it('kills a script at its time limit, with all it has started', async () => {
    const begun = join(bench.executor.directory(HOST), 'begun');
    await createDocument('try', documentText([`echo begun; echo yes > ${begun}; sleep 60 & sleep 60`]));
    const id = await send();
    await written(begun);
    timeIsUp();
    expect(await finished(id)).toMatchObject({
      Status: 'TimedOut',
      StatusDetails: 'ExecutionTimedOut',
      StandardOutputContent: 'begun\n',
    });
  });

  it('cancels a script that runs', async () => {
    const begun = join(bench.executor.directory(HOST), 'begun');
    await createDocument('try', documentText([`echo yes > ${begun}; sleep 60`], {}, '3600'));
    const id = await send();
    await written(begun);
    await bench.ssm.send(new CancelCommandCommand({ CommandId: id }));
    expect(await finished(id)).toMatchObject({ Status: 'Cancelled', StatusDetails: 'Cancelled' });
  });
});

it('what still runs ends with the endpoint', async () => {
  bench = await EndpointBench.start({ speed: 20 });
  const file = join(bench.executor.directory(HOST), 'pid');
  await createDocument('try', documentText([`echo $$ > ${file}; sleep 600`], {}, '3600'));
  await send();
  const pid = Number(await written(file));
  await bench.endpoint.close();
  await gone(pid);
});

describe('commands, in time that stands still', () => {
  beforeEach(async () => {
    bench = await EndpointBench.start();
    await createDocument('try', documentText(['true']));
  });

  it('are denied at first, and listed once they are known', async () => {
    const id = await send({ Comment: 'tick 7' });
    const list = async () =>
      (await bench.ssm.send(new ListCommandInvocationsCommand({ CommandId: id, Details: true })))
        .CommandInvocations;
    expect(await errorName(invocation(id))).toBe('InvocationDoesNotExist');
    expect(await list()).toEqual([]);
    bench.advance(0.5);
    expect(await invocation(id)).toMatchObject({
      Status: 'Pending',
      ResponseCode: -1,
      Comment: 'tick 7',
      ExecutionStartDateTime: '',
    });
    expect(await list()).toMatchObject([
      { Status: 'Pending', CommandPlugins: [{ Name: 'run', ResponseCode: -1 }] },
    ]);
    const listed = await bench.ssm.send(new ListCommandsCommand({ CommandId: id }));
    expect(listed.Commands).toMatchObject([
      { Status: 'Pending', TargetCount: 1, CompletedCount: 0, InstanceIds: [HOST] },
    ]);
    bench.advance(0.5);
    expect(await invocation(id, 'run')).toMatchObject({ Status: 'InProgress' });
    expect(await errorName(invocation(id, 'other'))).toBe('InvalidPluginName');
  });

  it.each<[string, Partial<SendCommandCommandInput>]>([
    ['InvalidDocument', { DocumentName: 'nobody' }],
    ['InvalidInstanceId', { InstanceIds: ['i-0deadbeefdeadbeef'] }],
    ['ValidationException', { TimeoutSeconds: 5 }],
    ['InvalidParameters', { Parameters: { x: ['y'] } }],
    ['UnsupportedOperation', { OutputS3BucketName: 'bucket' }],
  ])('are refused as %s: %o', async (name, input) => {
    expect(await errorName(send(input))).toBe(name);
  });

  it('cannot smuggle shell in through a parameter with a pattern', async () => {
    const parameters = { payload: { type: 'String', allowedPattern: '^[A-Za-z0-9+/=]{0,60000}$' } };
    await createDocument('guarded', documentText(['echo {{ payload }}'], parameters));
    for (const payload of ['a;touch /tmp/x', '$(id)', '`id`', 'a\nid', 'a b', '"']) {
      const hostile = { DocumentName: 'guarded', Parameters: { payload: [payload] } };
      expect(await errorName(send(hostile))).toBe('InvalidParameters');
    }
    expect(await errorName(send({ DocumentName: 'guarded', Parameters: { payload: ['aGVsbG8='] } }))).toBe(
      'none',
    );
  });
});

describe('documents', () => {
  beforeEach(async () => {
    bench = await EndpointBench.start();
  });

  it('are made, read, changed and deleted', async () => {
    const text = documentText(['echo {{ x }}'], { x: { type: 'String', default: 'y', description: 'what' } });
    const { DocumentDescription } = await createDocument('mine', text);
    expect(DocumentDescription).toMatchObject({
      DocumentVersion: '1',
      HashType: 'Sha256',
      Parameters: [{ Name: 'x', Type: 'String', DefaultValue: 'y' }],
    });
    const read = await bench.ssm.send(new GetDocumentCommand({ Name: 'mine' }));
    expect(read.Content).toBe(text);
    const Content = documentText(['echo two']);
    await bench.ssm.send(new UpdateDocumentCommand({ Name: 'mine', Content, DocumentVersion: '$LATEST' }));
    await bench.ssm.send(new UpdateDocumentDefaultVersionCommand({ Name: 'mine', DocumentVersion: '2' }));
    const described = await bench.ssm.send(new DescribeDocumentCommand({ Name: 'mine' }));
    expect(described.Document).toMatchObject({ DefaultVersion: '2', LatestVersion: '2' });
    const Filters = [{ Key: 'Owner', Values: ['Self'] }];
    const list = async () =>
      (await bench.ssm.send(new ListDocumentsCommand({ Filters }))).DocumentIdentifiers?.map(
        ({ Name }) => Name,
      );
    expect(await list()).toEqual(['mine']);
    await bench.ssm.send(new DeleteDocumentCommand({ Name: 'mine' }));
    expect(await list()).toEqual([]);
    expect(await errorName(bench.ssm.send(new GetDocumentCommand({ Name: 'mine' })))).toBe('InvalidDocument');
  });

  it('can be tagged', async () => {
    await createDocument('mine', documentText(['true']));
    const resource = { ResourceType: 'Document', ResourceId: 'mine' } as const;
    await bench.ssm.send(new AddTagsToResourceCommand({ ...resource, Tags: [{ Key: 'a', Value: 'b' }] }));
    const { TagList } = await bench.ssm.send(new ListTagsForResourceCommand(resource));
    expect(TagList).toEqual([{ Key: 'a', Value: 'b' }]);
  });
});

it('managed nodes are found by id, state and tag, in pages', async () => {
  bench = await EndpointBench.start();
  for (let index = 0; index < 11; index += 1)
    bench.region.seed({ imageId: X86_IMAGE, instanceType: 'c7i.large', tags: { farm: 'x' } });
  bench.advance(60);
  const find = async (Key: string, Values: string[], MaxResults?: number) => {
    const answer = await bench.ssm.send(
      new DescribeInstanceInformationCommand({ Filters: [{ Key, Values }], MaxResults }),
    );
    return { count: answer.InstanceInformationList?.length, more: answer.NextToken !== undefined };
  };
  expect(await find('InstanceIds', [HOST])).toEqual({ count: 1, more: false });
  expect(await find('tag:farm', ['x'])).toEqual({ count: 10, more: true });
  expect(await find('tag:farm', ['x'], 50)).toEqual({ count: 11, more: false });
  bench.region.ssm.nodes.setAgent(HOST, 'lost');
  expect(await find('PingStatus', ['ConnectionLost'])).toEqual({ count: 1, more: false });
  expect(await errorName(find('tag:farm', ['x'], 51))).toBe('ValidationException');
});
