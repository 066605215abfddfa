/** Asks machines themselves, over SSM: whether they serve their store to anybody, and for their host key. */
import { DescribeInstanceInformationCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { Clock } from '../ports.ts';
import type { MachineAnswer } from './ec2-machine-fleet.ts';
import { DOCUMENTS } from './ssm-documents.ts';
import { MAX_NODES_A_COMMAND, runDocument } from './ssm-run-command.ts';

/** Machines that answer do so within seconds; the tick does not wait for the others. */
const WAIT_SECONDS = 20;
const ANSWER = /^v1 (?<count>-|\d{1,6}) (?<key>-|[A-Za-z0-9+/]+={0,2})\s*$/;
/** An Ed25519 key is always 51 bytes with the same first 19; the comment behind it is dropped. */
const HOST_KEY = /^ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI[A-Za-z0-9+/]{43}(?=\s|$)/;

export interface MachineQuestions {
  readonly client: SSMClient;
  readonly clock: Clock;
  /** Real name of the document `ask-machine`. */
  readonly document: string;
}

/** What each of `instanceIds` that answered said. Never throws; absence means unknown. */
export async function askMachines(
  questions: MachineQuestions,
  instanceIds: readonly string[],
): Promise<ReadonlyMap<string, MachineAnswer>> {
  const answers = new Map<string, MachineAnswer>();
  const ids = [...new Set(instanceIds)];
  for (let first = 0; first < ids.length; first += MAX_NODES_A_COMMAND) {
    for (const [id, answer] of await askBatch(questions, ids.slice(first, first + MAX_NODES_A_COMMAND))) {
      answers.set(id, answer);
    }
  }
  return answers;
}

async function askBatch(
  { client, clock, document }: MachineQuestions,
  ids: readonly string[],
): Promise<[string, MachineAnswer][]> {
  const results = await runDocument(client, clock, {
    document,
    instanceIds: await onlineOf(client, ids),
    parameters: {},
    comment: 'hydra-autoscaler: ask-machine',
    executionSeconds: DOCUMENTS.askMachine.executionSeconds,
    waitSeconds: WAIT_SECONDS,
  });
  return [...results].flatMap(([id, result]) => {
    const answer = result.outcome === 'succeeded' ? answerIn(result.stdout) : undefined;
    return answer ? [[id, answer] as [string, MachineAnswer]] : [];
  });
}

/** One unregistered machine would make SSM refuse the command for all, and new machines take minutes to register. */
async function onlineOf(client: SSMClient, ids: readonly string[]): Promise<string[]> {
  try {
    const { InstanceInformationList = [] } = await client.send(
      new DescribeInstanceInformationCommand({
        Filters: [{ Key: 'InstanceIds', Values: [...ids] }],
        MaxResults: MAX_NODES_A_COMMAND,
      }),
    );
    const online = new Set(
      InstanceInformationList.filter(({ PingStatus }) => PingStatus === 'Online').map(
        ({ InstanceId }) => InstanceId,
      ),
    );
    return ids.filter((id) => online.has(id));
  } catch {
    return [];
  }
}

function answerIn(stdout: string): MachineAnswer | undefined {
  const groups = ANSWER.exec(stdout)?.groups;
  if (groups === undefined) return undefined;
  const hostKey = HOST_KEY.exec(Buffer.from(groups['key'] ?? '', 'base64').toString('utf8'))?.[0];
  return { quiet: groups['count'] === '0', ...(hostKey !== undefined && { hostKey }) };
}
