/** Asks machines that do not dial in how their builder is: why it does not is in their own journal alone. */
import type { SSMClient } from '@aws-sdk/client-ssm';
import { SideProblems } from '../../aws/side-problems.ts';
import { runOnOnline } from '../../aws/ssm/run-on-online.ts';
import type { Clock } from '../../ports.ts';
import { DOCUMENTS } from '../documents.ts';
import { builderInWords } from './builder-words.ts';

/** Machines that answer do so within seconds; the tick does not wait for the others. */
const WAIT_SECONDS = 15;
/** What each machine that answered says of its builder, for people, by instance id. Never throws; absence means unknown. */
export type AskBuilders = (instanceIds: readonly string[]) => Promise<ReadonlyMap<string, string>>;

export interface BuilderQuestions {
  readonly client: SSMClient;
  readonly clock: Clock;
  /** Real name of the document `ask-builder`. */
  readonly document: string;
}

export async function askBuilders(
  { client, clock, document }: BuilderQuestions,
  instanceIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (instanceIds.length === 0) return new Map();
  const run = {
    document,
    instanceIds,
    parameters: {},
    comment: 'hydra-autoscaler: ask-builder',
    executionSeconds: DOCUMENTS.askBuilder.executionSeconds,
    waitSeconds: WAIT_SECONDS,
  };
  const results = await runOnOnline({ client, clock }, run, new SideProblems());
  return new Map(
    [...results].flatMap(([id, result]) => {
      const words = result.ok ? builderInWords(result.value.stdout) : undefined;
      return words === undefined ? [] : [[id, words] as const];
    }),
  );
}
