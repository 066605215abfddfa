/**
 * Which of the two queue runners is in force. A host may be upgraded under a running farm, and machines that were set up for
 * the one are of no use to the other: they are drained and ended, and what was known of them through the former one is void.
 */
import type { Farm, Launch, Machine, Observation, RunnerKind } from '../model/index.ts';
import { without } from './planned.ts';

/** What farms, launches and machines had before there was another. */
const FIRST: RunnerKind = 'cpp';

/** The queue runner in force: the one that answers, or else the one that answered last. */
export const runnerOf = ({
  runner,
  state,
}: {
  readonly runner?: RunnerKind;
  readonly state: { readonly farm: Farm };
}): RunnerKind => runner ?? formerRunner(state.farm);

/** The queue runner there was at the last look that could tell. */
export const formerRunner = ({ runner }: Farm): RunnerKind => runner?.kind ?? FIRST;

/** The queue runner that a machine serves, or the machines of a launch. */
export const servedBy = ({ runner = FIRST }: Pick<Machine | Launch, 'runner'>): RunnerKind => runner;

/** The field that says so, in a record; the C++ one goes without saying. */
export const serving = (kind: RunnerKind): Pick<Machine, 'runner'> =>
  kind === FIRST ? {} : { runner: kind };

/** Whether the host has another queue runner than at the last look that could tell. */
export const isRunnerReplaced = (observation: Observation): boolean =>
  observation.runner !== undefined && observation.runner !== formerRunner(observation.state.farm);

/** A machine as it is known to a queue runner that has just taken the place of another: not at all. */
export function unknownToNewRunner(machine: Machine): Machine {
  const { drain } = machine;
  const kept = without(
    machine,
    'offered',
    'seenOffered',
    'unknownToRunner',
    'shownAtWork',
    'doubtedSince',
    'unreachableSince',
  );
  return drain === undefined ? kept : { ...kept, drain: { since: drain.since, reason: drain.reason } };
}
