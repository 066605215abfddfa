/** Asks machines themselves, over SSM: whether they serve their store to any client, and for their host key. */
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { Clock } from '../../ports.ts';
import type { Problem } from '../../core/model/index.ts';
import { SideProblems } from '../../aws/side-problems.ts';
import { DOCUMENTS } from '../documents.ts';
import { runOnOnline } from '../../aws/ssm/run-on-online.ts';

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
  { client, clock, document }: MachineQuestions,
  instanceIds: readonly string[],
): Promise<MachineAnswers> {
  const problems = new SideProblems();
  const run = {
    document,
    instanceIds,
    parameters: {},
    comment: 'hydra-autoscaler: ask-machine',
    executionSeconds: DOCUMENTS.askMachine.executionSeconds,
    waitSeconds: WAIT_SECONDS,
  };
  const answers = new Map<string, MachineAnswer>();
  for (const [id, result] of await runOnOnline({ client, clock }, run, problems)) {
    const answer = result.ok ? answerIn(result.value.stdout) : undefined;
    if (answer !== undefined) answers.set(id, answer);
  }
  return { answers, problems: problems.all };
}

function answerIn(stdout: string): MachineAnswer | undefined {
  const groups = ANSWER.exec(stdout)?.groups;
  if (groups === undefined) return undefined;
  const hostKey = HOST_KEY.exec(Buffer.from(groups['key'] ?? '', 'base64').toString('utf8'))?.[0];
  return { quiet: groups['count'] === '0', ...(hostKey !== undefined && { hostKey }) };
}
