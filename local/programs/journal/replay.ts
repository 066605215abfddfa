/** Recorded observations, planned again by today's code with today's configuration: what would be decided otherwise. */
import type { Config } from '../../../lambdas/core/config/config.ts';
import { problemInWords } from '../../../lambdas/core/reason/problem.ts';
import type { Action, Decision, JournalRound, Problem } from '../../../lambdas/core/model/index.ts';
import { dialects } from '../../../lambdas/hydra/dialects.ts';
import { decide } from '../../../lambdas/reconcile/plan.ts';

/** One thing that would be otherwise; empty where one side has nothing. */
export interface Difference {
  /** A machine type, a machine, `actions`, or `rules`. */
  readonly about: string;
  readonly recorded: string;
  readonly today: string;
}

/** What today's plan of a round says otherwise; undefined where the round's observation was not kept. */
export function replan(config: Config, round: JournalRound): readonly Difference[] | undefined {
  const { observation } = round;
  if (observation === undefined) return undefined;
  const { plan, violations } = decide(dialects, config, observation, (n) => `replay-${n}`);
  return [
    ...differing(verdictsOf(round.decisions), verdictsOf(plan.decisions)),
    ...differing(
      new Map([['actions', actionsOf(round.actions)]]),
      new Map([['actions', actionsOf(plan.actions)]]),
    ),
    ...differing(
      new Map([['rules', round.violations.join('; ')]]),
      new Map([['rules', violations.join('; ')]]),
    ),
  ];
}

/** In one line, with an encoded denial whole. */
export const problemLine = (problem: Problem): string =>
  problemInWords(problem) + (problem.encoded === undefined ? '' : `; encoded message: ${problem.encoded}`);

export const subjectOf = ({ subject }: Decision): string =>
  'machine' in subject ? subject.machine : subject.type;

const verdictsOf = (decisions: readonly Decision[]): ReadonlyMap<string, string> =>
  new Map(decisions.map((decision) => [subjectOf(decision), decision.verdict]));

/** Without launch ids, which are made anew for every plan. */
const actionsOf = (actions: readonly Action[]): string => actions.map(actionWords).toSorted().join(', ');

export function actionWords(action: Action): string {
  return action.kind === 'launch'
    ? `launch ${action.launch.count} ${action.launch.type}`
    : `${action.kind} ${action.instanceId}`;
}

function differing(
  recorded: ReadonlyMap<string, string>,
  today: ReadonlyMap<string, string>,
): readonly Difference[] {
  const subjects = new Set([...recorded.keys(), ...today.keys()]);
  return [...subjects]
    .map((about) => ({ about, recorded: recorded.get(about) ?? '', today: today.get(about) ?? '' }))
    .filter((one) => one.recorded !== one.today);
}
