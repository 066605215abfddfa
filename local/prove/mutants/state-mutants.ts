/** Breakages of what is remembered: the lease, the records, and what machines read of them. */
import { caughtBy } from './mutant.ts';
import type { Mutant } from './mutant.ts';
import { is, never, replaces, when, without } from './operations.ts';

const orWhateverTheFence = (condition: string): string => `${condition} + ' OR attribute_exists(#fence)'`;

export const stateMutants: readonly Mutant[] = [
  ...caughtBy(
    ['found.test.ts', 'state-store.memory.test.ts'],
    [
      ['close launches whose machines are not recorded', 'saveChanges', never('open')],
      ['tell machines to be ended that they are wanted', 'IS_WANTED.terminating', is('true')],
      ['tell machines nobody remembers that they are wanted', 'closeMachine', without('heard')],
    ],
  ),
  ...caughtBy(
    ['state-store.dynalite.test.ts'],
    [['drop the fence', 'DynamoStateStore.#fenced.isNotOvertaken', is(orWhateverTheFence)]],
  ),
  ...caughtBy(
    ['state-store.dynalite.test.ts', 'dynamo'],
    [
      ['read only the first page of the records', 'queryItems', replaces('LastEvaluatedKey', 'undefined')],
      [
        'take an answer without items for an empty farm',
        'queryItems',
        replaces('send()', (old) => `${old}.then((answer) => ({ Items: [], ...answer }))`),
      ],
      ['take a lease that still runs', 'DynamoLease.#tryToTake.hasRunOut', is("'#until <> :now'")],
      [
        'renew a lease that is another’s',
        'DynamoLease.#updateIfOurs.ConditionExpression',
        is(orWhateverTheFence),
      ],
      [
        'release the lease although somebody has knocked',
        'DynamoLease.release.andOnlyIf',
        is("'attribute_exists(#fence)'"),
      ],
    ],
  ),
  ...caughtBy(
    ['state-store.memory.test.ts', 'dynamo'],
    [
      [
        'believe a load that does not show the lease',
        'mustShow',
        when(['fence', 'lease'], '!(fence < lease.fence)'),
      ],
    ],
  ),
  ...caughtBy(
    ['lease.test.ts'],
    [
      ['take both deliveries of one event for one', 'nameOf', replaces('nonce', "''")],
      [
        'have every warning wait',
        'takeLease',
        replaces('knock()', (old) => `${old}.then((word) => (word === 'heard' ? 'first' : word))`),
      ],
    ],
  ),
];
