/** Starts, stops and terminations: EC2 refuses a whole call for one bad id, we owe each id its own result. */
import { messageOf } from '../../core/text/message-of.ts';
import { NO_ANSWER } from '../../core/model/index.ts';
import type { InstanceResult, Refusal } from '../../ports.ts';
import type { Deed } from '../error-meanings.ts';
import { refusalOf } from '../errors.ts';
import { idsIn } from './find.ts';

/** Below every limit of EC2, and small enough that one bad id is soon found. */
const BATCH_SIZE = 100;
/** Calls spent on finding bad ids, beyond one per batch; past that the rest waits for the next tick. */
const EXTRA_CALLS = 32;

const NOT_TRIED: Refusal = {
  kind: 'throttled',
  code: 'NotTried',
  says: 'not tried after the refusals of other instances in this tick; tried again next time',
};
const NOT_MENTIONED: Refusal = {
  kind: 'unknown',
  code: 'NotMentioned',
  says: 'EC2 accepted the call without naming this instance; looked at again next time',
};

/** Sends one call for these ids; resolves with those EC2 accepted. */
export type BatchCall = (instanceIds: string[]) => Promise<readonly (string | undefined)[]>;

/** Exactly one result for each distinct id. Never throws. */
export async function actOnEach(
  deed: Deed,
  instanceIds: readonly string[],
  call: BatchCall,
): Promise<InstanceResult[]> {
  const groups = chunksOf([...new Set(instanceIds)]);
  const results: InstanceResult[] = [];
  let callsLeft = groups.length + EXTRA_CALLS;
  let giveUp: Refusal | undefined;
  for (let group = groups.shift(); group !== undefined; group = groups.shift()) {
    const outcome: GroupOutcome =
      giveUp === undefined ? await tryGroup(deed, group, call) : { refused: group, refusal: giveUp };
    callsLeft -= 1;
    giveUp ??= outcome.isHopeless === true ? outcome.refusal : callsLeft <= 0 ? NOT_TRIED : undefined;
    results.push(...(outcome.accepted ?? []).map((instanceId) => ({ instanceId })));
    results.push(...refuseAll(outcome.refused ?? [], outcome.refusal ?? NOT_TRIED));
    // Last in the queue: large groups come first, to leave little when the calls run out.
    groups.push(...(outcome.again ?? []));
  }
  return results;
}

/** What one call settled; `again` are groups to send once more, without the ids that were to blame. */
interface GroupOutcome {
  readonly accepted?: readonly string[];
  readonly refused?: readonly string[];
  readonly refusal?: Refusal;
  readonly again?: readonly string[][];
  /** The refusal is not about any instance: the next call would meet it too. */
  readonly isHopeless?: boolean;
}

async function tryGroup(deed: Deed, group: string[], call: BatchCall): Promise<GroupOutcome> {
  try {
    const named = new Set(await call(group));
    return {
      accepted: group.filter((id) => named.has(id)),
      refused: group.filter((id) => !named.has(id)),
      refusal: NOT_MENTIONED,
    };
  } catch (error) {
    return blame(deed, group, error);
  }
}

/** Which of the group are to blame: those the message names; else either half, if it is about instances at all. */
function blame(deed: Deed, group: string[], error: unknown): GroupOutcome {
  const refusal = refusalOf(error, deed);
  const named = idsIn(messageOf(error));
  const guilty = group.filter((id) => named.has(id));
  const innocent = group.filter((id) => !named.has(id));
  if (
    refusal.code === NO_ANSWER ||
    refusal.kind === 'throttled' ||
    (refusal.kind === 'denied' && guilty.length === 0)
  ) {
    return { refused: group, refusal, isHopeless: true };
  }
  if (guilty.length > 0) return { refused: guilty, refusal, again: innocent.length > 0 ? [innocent] : [] };
  if (group.length === 1) return { refused: group, refusal };
  const middle = Math.ceil(group.length / 2);
  return { again: [group.slice(0, middle), group.slice(middle)] };
}

const refuseAll = (group: readonly string[], refusal: Refusal): InstanceResult[] =>
  group.map((instanceId) => ({ instanceId, refusal }));

const chunksOf = (ids: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(ids.length / BATCH_SIZE) }, (_, index) =>
    ids.slice(index * BATCH_SIZE, (index + 1) * BATCH_SIZE),
  );
