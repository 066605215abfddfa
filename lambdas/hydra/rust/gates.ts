/** Opens and closes builders: a document on each, since the queue runner itself has no word for it. */
import type { SSMClient } from '@aws-sdk/client-ssm';
import { SideProblems } from '../../aws/side-problems.ts';
import { runOnOnline } from '../../aws/ssm/run-on-online.ts';
import type { Problem } from '../../core/model/index.ts';
import type { Clock } from '../../ports.ts';
import { DOCUMENTS } from '../documents.ts';

/** Machines that answer do so within seconds; the tick does not wait for the others. */
const WAIT_SECONDS = 20;
const ANSWER = /^v1 gate (?<gate>open|closed)\s*$/;

export type Gate = 'open' | 'closed';

export interface Moved {
  /** Machines whose gate was seen where it should be. */
  readonly moved: ReadonlySet<string>;
  /** Calls that failed. */
  readonly problems: readonly Problem[];
}

/** Opens or closes the gate of each of `instanceIds`. Never throws. */
export type Gates = (instanceIds: readonly string[], gate: Gate) => Promise<Moved>;

export interface GateKeeper {
  readonly client: SSMClient;
  readonly clock: Clock;
  /** Real name of the document `gate`. */
  readonly document: string;
}

export async function moveGates(
  { client, clock, document }: GateKeeper,
  instanceIds: readonly string[],
  gate: Gate,
): Promise<Moved> {
  if (instanceIds.length === 0) return { moved: new Set(), problems: [] };
  const problems = new SideProblems();
  const run = {
    document,
    instanceIds,
    parameters: { gate: gate === 'open' ? 'open' : 'close' },
    comment: `hydra-autoscaler: gate ${gate}`,
    executionSeconds: DOCUMENTS.gate.executionSeconds,
    waitSeconds: WAIT_SECONDS,
  };
  const results = await runOnOnline({ client, clock }, run, problems);
  const moved = [...results].flatMap(([id, result]) =>
    result.ok && ANSWER.exec(result.value.stdout)?.groups?.['gate'] === gate ? [id] : [],
  );
  return { moved: new Set(moved), problems: problems.all };
}
