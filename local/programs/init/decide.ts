/** From what a person said and what the account says to a configuration, each value with its origin. */
import type { AccountFacts } from './account-facts.ts';
import type { AnswerName, Answers, WrongAnswer } from './answers.ts';
import { decideHost, kindOf } from './decide-host.ts';
import { decideNetwork } from './decide-network.ts';
import { decideTypes } from './decide-types.ts';
import { byDefault, fromYou, joined, put } from './setting.ts';
import type { Part } from './setting.ts';

/** Whether ticks act. Beside a Hydra that people use they first only watch. */
function decideActing(answers: Answers, facts: AccountFacts): Part {
  const act = fromYou('act', answers.act);
  const isNew = kindOf(answers, facts) === 'new';
  const observeOnly =
    act === undefined
      ? byDefault(
          !isNew,
          isNew
            ? 'a new Hydra has nothing to lose'
            : 'ticks look and report at first; say false when you agree with them',
        )
      : { ...act, value: !act.value };
  return { settings: put(['observeOnly'], observeOnly), missing: [], notes: [] };
}

/** What the configuration will be, and what is missing for it: nothing is to be written while something is. */
export const decide = (answers: Answers, facts: AccountFacts): Part =>
  joined([
    decideActing(answers, facts),
    decideHost(answers, facts),
    decideTypes(answers, facts),
    decideNetwork(answers, facts),
  ]);

const OF_A_HOST: readonly AnswerName[] = [
  ...(['host', 'container', 'runner', 'queueRunnerAddr', 'queueRunnerToken'] as const),
  ...(['hydraSource', 'queueRunnerKey', 'sshKey'] as const),
];
const OF_RUST: readonly AnswerName[] = ['queueRunnerAddr', 'queueRunnerToken'];
const OF_CPP: readonly AnswerName[] = ['hydraSource', 'queueRunnerKey', 'sshKey', 'container'];

/** Answers that mean nothing beside others: whoever gave them meant something else. */
export function superfluous(answers: Answers): readonly WrongAnswer[] {
  const { hydra, runner } = answers;
  const said = (names: readonly AnswerName[], says: string): readonly WrongAnswer[] =>
    names.filter((name) => answers[name] !== undefined).map((name) => ({ name, says }));
  if (hydra === 'new')
    return said(OF_A_HOST, 'is of a Hydra you have, and --hydra new makes one; leave one of them out');
  return [
    ...(runner === 'cpp' ? said(OF_RUST, 'is of the Rust queue runner, and --runner says cpp') : []),
    ...(runner === 'rust' ? said(OF_CPP, 'is of the C++ queue runner, and --runner says rust') : []),
    ...(hydra === 'nixos' || hydra === 'debian'
      ? said(['container'], `is of --hydra docker, and it says ${hydra}`)
      : []),
  ];
}
