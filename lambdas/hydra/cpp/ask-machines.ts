/** Asks machines themselves, over SSM: whether they serve their store to any client, and for their host key. */
import { paginateDescribeInstanceInformation, type SSMClient } from '@aws-sdk/client-ssm';
import { inContext } from '../../core/reason/problem.ts';
import type { Clock } from '../../ports.ts';
import { mustBeListed } from '../../aws/answers.ts';
import type { Problem } from '../../core/model/index.ts';
import type { RunResult } from '../../aws/ssm/results.ts';
import { SideProblems } from '../../aws/side-problems.ts';
import { DOCUMENTS } from '../documents.ts';
import { MAX_NODES_A_COMMAND, runDocument } from '../../aws/ssm/run-command.ts';

/** Machines that answer do so within seconds; the tick does not wait for the others. */
const WAIT_SECONDS = 20;
const ANSWER = /^v1 (?<count>-|\d{1,6}) (?<key>-|[A-Za-z0-9+/]+={0,2})\s*$/;
/** An Ed25519 key is always 51 bytes with the same first 19; the comment behind it is dropped. */
const HOST_KEY = /^ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI[A-Za-z0-9+/]{43}(?=\s|$)/;

/** What a machine says of itself. */
export interface MachineAnswer {
  /** It runs no `nix-store --serve`. */
  readonly quiet: boolean;
  /** Its public host key line. */
  readonly hostKey?: string;
}

/** What machines said, and which calls to ask them failed. */
export interface MachineAnswers {
  readonly answers: ReadonlyMap<string, MachineAnswer>;
  readonly problems: readonly Problem[];
}

/** Asks machines themselves, by a way other than EC2; those that do not answer (yet) are left out. */
export type AskMachines = (instanceIds: readonly string[]) => Promise<MachineAnswers>;

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
): Promise<MachineAnswers> {
  const answers = new Map<string, MachineAnswer>();
  const problems = new SideProblems();
  const ids = [...new Set(instanceIds)];
  for (let first = 0; first < ids.length; first += MAX_NODES_A_COMMAND) {
    const batch = ids.slice(first, first + MAX_NODES_A_COMMAND);
    for (const [id, answer] of await askBatch(questions, batch, problems)) answers.set(id, answer);
  }
  return { answers, problems: problems.all };
}

async function askBatch(
  { client, clock, document }: MachineQuestions,
  ids: readonly string[],
  problems: SideProblems,
): Promise<[string, MachineAnswer][]> {
  const results = await runDocument(client, clock, {
    document,
    instanceIds: await onlineOf(client, ids, problems),
    parameters: {},
    comment: 'hydra-autoscaler: ask-machine',
    executionSeconds: DOCUMENTS.askMachine.executionSeconds,
    waitSeconds: WAIT_SECONDS,
  });
  noteFailures([...results.values()], problems);
  return [...results].flatMap(([id, result]) => {
    const answer = result.ok ? answerIn(result.value.stdout) : undefined;
    return answer ? [[id, answer] as [string, MachineAnswer]] : [];
  });
}

/** A call that failed did so for all machines of the command; one that merely does not answer is not a problem. */
function noteFailures(results: readonly RunResult[], problems: SideProblems): void {
  for (const problem of new Set(results.flatMap((result) => (result.ok ? [] : result.problem)))) {
    const { call, code } = problem;
    if (call !== undefined) problems.note(`${call} ${code}`, inContext(`${call} failed`, problem));
  }
}

/** One unregistered machine would make SSM refuse the command for all, and new machines take minutes to register. */
async function onlineOf(
  client: SSMClient,
  ids: readonly string[],
  problems: SideProblems,
): Promise<string[]> {
  const online = new Set<string>();
  const Filters = [{ Key: 'InstanceIds', Values: [...ids] }];
  const paging = { client, pageSize: MAX_NODES_A_COMMAND };
  try {
    // A page may be empty and still be followed by another.
    for await (const page of paginateDescribeInstanceInformation(paging, { Filters })) {
      mustBeListed(page.InstanceInformationList, 'DescribeInstanceInformation')
        .filter(({ PingStatus }) => PingStatus === 'Online')
        .forEach(({ InstanceId = '' }) => online.add(InstanceId));
    }
  } catch (error) {
    problems.add('DescribeInstanceInformation', error);
  }
  return ids.filter((id) => online.has(id));
}

function answerIn(stdout: string): MachineAnswer | undefined {
  const groups = ANSWER.exec(stdout)?.groups;
  if (groups === undefined) return undefined;
  const hostKey = HOST_KEY.exec(Buffer.from(groups['key'] ?? '', 'base64').toString('utf8'))?.[0];
  return { quiet: groups['count'] === '0', ...(hostKey !== undefined && { hostKey }) };
}
