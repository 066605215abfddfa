/** Breakages of what is remembered: the lease, the records, and what machines read of them. */
import { mutantsOf } from './mutant.ts';
import type { Mutant } from './mutant.ts';

export const stateMutants: readonly Mutant[] = [
  ...mutantsOf(
    'lambdas/aws/dynamo/state-writes.ts',
    ['test/prove/simulate/found.test.ts', 'test/contracts/state-store.memory.test.ts'],
    [
      [
        'close launches whose machines are not recorded',
        '.filter((id) => !open.has(id))',
        '.filter((id) => open !== undefined && id !== "")',
      ],
      ['tell machines to be ended that they are wanted', 'terminating: false,', 'terminating: true,'],
      [
        'tell machines nobody remembers that they are wanted',
        'await heard.close(machineKey(instanceId), instanceId);\n  await records.close',
        'await records.close',
      ],
    ],
  ),
  ...mutantsOf(
    'lambdas/aws/dynamo/state-store.ts',
    ['test/contracts/state-store.dynalite.test.ts'],
    [
      [
        'drop the fence',
        '`${hasNoFence} OR ${isNotOvertaken}`',
        '`${hasNoFence} OR ${isNotOvertaken} OR attribute_exists(#fence)`',
      ],
    ],
  ),
  ...mutantsOf(
    'lambdas/aws/dynamo/query.ts',
    ['test/contracts/state-store.dynalite.test.ts', 'test/aws/dynamo'],
    [
      [
        'read only the first page of the records',
        '} while (next !== undefined);',
        '} while (next !== undefined && query.Limit === 0);',
      ],
      [
        'take an answer without items for an empty farm',
        "if (Items === undefined) throw new Error('DynamoDB answered a Query without a list of items');",
        'if (Items === undefined) return;',
      ],
    ],
  ),
  ...mutantsOf(
    'lambdas/aws/dynamo/state-items.ts',
    ['test/contracts/state-store.memory.test.ts', 'test/aws/dynamo'],
    [
      [
        'believe a load that does not show the lease',
        'if (fence >= lease.fence) return;',
        'if (!(fence < lease.fence)) return;',
      ],
    ],
  ),
  ...mutantsOf(
    'lambdas/aws/dynamo/lease.ts',
    ['test/contracts/state-store.dynalite.test.ts', 'test/aws/dynamo'],
    [
      [
        'take a lease that still runs',
        "const hasRunOut = '#until <= :now';",
        "const hasRunOut = '#until <> :now';",
      ],
      [
        'renew a lease that is another’s',
        'ConditionExpression: condition,',
        'ConditionExpression: `${condition} OR attribute_exists(#fence)`,',
      ],
      [
        'release the lease although somebody has knocked',
        "andOnlyIf: 'attribute_not_exists(#knocked)'",
        "andOnlyIf: 'attribute_exists(#fence)'",
      ],
    ],
  ),
  ...mutantsOf(
    'lambdas/reconcile/answer.ts',
    ['test/prove/simulate/lease.test.ts'],
    [
      [
        'take both deliveries of one event for one',
        '`${requestId}#${nonce}`',
        '`${requestId}#${nonce}`.slice(0, requestId.length)',
      ],
    ],
  ),
  ...mutantsOf(
    'lambdas/reconcile/lease.ts',
    ['test/reconcile/lease.test.ts'],
    [
      [
        'have every warning wait',
        'return taken;\n    case',
        'return waitForLease({ store, clock }, terms, taken.heldBy, patienceSeconds);\n    case',
      ],
    ],
  ),
  ...mutantsOf(
    'infra/builders/dead-man.sh',
    ['test/infra/dead-man.test.ts'],
    [
      ['take any tick for word that the machine is wanted', '*) echo no ;; esac', '*) echo yes ;; esac'],
      ['end machines that work', '[ "$sessions" = 0 ] || hear', '[ "$sessions" = 0 ] || true'],
    ],
  ),
];
