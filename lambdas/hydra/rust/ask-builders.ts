/** Asks machines that do not dial in how their builder is: why it does not is in their own journal alone. */
import type { SSMClient } from '@aws-sdk/client-ssm';
import { SideProblems } from '../../aws/side-problems.ts';
import { runOnOnline } from '../../aws/ssm/run-on-online.ts';
import { excerpt } from '../../core/text/excerpt.ts';
import type { Clock } from '../../ports.ts';
import { DOCUMENTS } from '../documents.ts';

/** Machines that answer do so within seconds; the tick does not wait for the others. */
const WAIT_SECONDS = 15;
const ANSWER =
  /^v1 builder (?<active>[a-z-]+) (?<exit>-|\d{1,3}) (?<gate>open|closed|-) (?<journal>-|[A-Za-z0-9+/]+={0,2})\s*$/;
const SHOWN_CHARACTERS = 200;

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

/** hydra-builder ends like this when the queue runner speaks another version of the protocol. */
const OTHER_VERSION = '65';

/** What the document printed, in words; undefined where that is not whole. */
export function builderInWords(stdout: string): string | undefined {
  const groups = ANSWER.exec(stdout)?.groups;
  if (groups === undefined) return undefined;
  const { active = '', exit = '', journal = '' } = groups;
  const text = journal === '-' ? '' : Buffer.from(journal, 'base64').toString('utf8');
  const [last = ''] = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-1);
  const shown = last === '' ? '' : `: ${excerpt(last, SHOWN_CHARACTERS)}`;
  if (exit === OTHER_VERSION || /API version mismatch/i.test(text))
    return `its hydra-builder is of another version than the queue runner (exit ${exit}): it needs the host’s own${shown}`;
  if (/no valid auth token|unauthenticated/i.test(text))
    return `the queue runner does not let it in: its token is not among those of the host${shown}`;
  return `hydra-builder is ${active}${exit === '0' || exit === '-' ? '' : `, exit code ${exit}`}${shown}`;
}
