/** Breakages of what acts: the tick, the adapters, the scripts. */
import { mutantsOf } from './mutant.ts';
import type { Mutant } from './mutant.ts';

export const shellMutants: readonly Mutant[] = [
  ...mutantsOf(
    'lambdas/reconcile/reconcile.ts',
    ['test/reconcile', 'test/prove/simulate/lease.test.ts'],
    [
      [
        'act on what could not be saved',
        'act(fleet, config, observation, plan, unsaved)',
        'act(fleet, config, observation, plan, unsaved.slice(0, 0))',
      ],
      [
        'carry out plans that break a rule',
        'if (violations.length > 0 || config.observeOnly)',
        'if (config.observeOnly)',
      ],
      [
        'list machines whose record could not be saved',
        'listable(observation, plan, unsaved)',
        'listable(observation, plan, unsaved.slice(0, 0))',
      ],
      [
        'act after the lease was lost',
        'if (plan.actions.length > 0) await store.renew(',
        'if (plan.actions.length < 0) await store.renew(',
      ],
    ],
  ),
  ...mutantsOf(
    'lambdas/reconcile/answer.ts',
    ['test/prove/simulate/orders.test.ts'],
    [
      [
        'leave orders out of the journal',
        'await note(workplace.ports, invocation, request, reply);',
        "if (reply.message === '') await note(workplace.ports, invocation, request, reply);",
      ],
    ],
  ),
  ...mutantsOf(
    'lambdas/reconcile/save.ts',
    ['test/reconcile', 'test/prove/simulate/lease.test.ts'],
    [
      [
        'launch before the intent is saved',
        'launches: plan.launches.filter(({ id }) => !known.has(id)),',
        'launches: plan.launches.filter(({ id }) => known.has(id)),',
      ],
    ],
  ),
  ...mutantsOf(
    'lambdas/reconcile/observe.ts',
    ['test/reconcile', 'test/prove/simulate/simulate.test.ts'],
    [
      [
        'EC2 that cannot be asked has no machines',
        'fleet.describe()',
        'fleet.describe().catch(() => ({ instances: [], problems: [] }))',
      ],
    ],
  ),
  ...mutantsOf(
    'lambdas/hydra/cpp/queue-status.ts',
    ['test/hydra/cpp'],
    [
      [
        'trust a status with exit 1',
        'answer.exitCode === 0 ? judge(content, answer)',
        'answer.exitCode < 2 ? judge(content, answer)',
      ],
      ['believe old statuses', 'const MAX_AGE_SECONDS = 120;', 'const MAX_AGE_SECONDS = 1e9;'],
      [
        'believe a queue runner that has just started',
        'const MIN_UPTIME_SECONDS = 60;',
        'const MIN_UPTIME_SECONDS = 0;',
      ],
    ],
  ),
  ...mutantsOf(
    'lambdas/hydra/cpp/host-answer.ts',
    ['test/hydra/cpp/host-answer.test.ts', 'test/prove/simulate/fuzz/parsers.test.ts'],
    [
      [
        'accept a damaged status',
        "if (createHash('sha256').update(text).digest('hex') !== sha256)",
        "if (createHash('sha256').update(text).digest('hex') === '')",
      ],
    ],
  ),
  ...mutantsOf(
    'lambdas/hydra/cpp/machines-file.ts',
    ['test/hydra/cpp/machines-file.test.ts', 'test/prove/simulate/fuzz/parsers.test.ts'],
    [
      [
        'let words split or comment a line',
        'return COLUMN.test(text) && !SPLITS_LINE.test(text);',
        'return COLUMN.test(text) || SPLITS_LINE.test(text);',
      ],
    ],
  ),
  ...mutantsOf(
    'lambdas/aws/error-meanings.ts',
    ['test/aws/errors.test.ts', 'test/aws/ec2/launch.test.ts'],
    [
      [
        'take want of capacity for something unknown',
        "'InsufficientInstanceCapacity InsufficientCapacity",
        "'InsufficientCapacity",
      ],
    ],
  ),
  ...mutantsOf(
    'lambdas/aws/ec2/host-keys.ts',
    ['test/aws/ec2/host-keys.test.ts'],
    [
      [
        'believe SSM before the console',
        'other === undefined || other === hostKey',
        'other !== hostKey || other === hostKey',
      ],
    ],
  ),
  ...mutantsOf(
    'lambdas/aws/ec2/launch.ts',
    ['test/contracts/machine-fleet.endpoint.test.ts'],
    [
      [
        'send a launch under a new token each time',
        'ClientToken: launch.id,',
        'ClientToken: crypto.randomUUID(),',
      ],
    ],
  ),
  ...mutantsOf(
    'infra/builders/setup.sh',
    ['test/infra/hidden-role.test.ts'],
    [
      [
        'let builds have a role that may do something',
        '[ -z "$role_may" ] || refuse_builds',
        'true || refuse_builds',
      ],
      ['believe iptables', '  is_hidden 169.254.169.254 &&', '  true &&'],
    ],
  ),
  ...mutantsOf(
    'infra/documents/publish.sh',
    ['test/infra/documents/publish.test.ts'],
    [
      [
        'write the machines file in place',
        'mv -f "$temporary" "$target" ||',
        'cat "$temporary" >"$target" ||',
      ],
      ['write a file only root can read', 'chmod 0644 "$temporary"', 'chmod 0600 "$temporary"'],
      [
        'write whatever arrived',
        '[ "$(sha256 "$temporary")" = "$wanted" ] || fail 74 "the content',
        'true || fail 74 "the content',
      ],
    ],
  ),
  ...mutantsOf(
    'infra/documents/observe.sh',
    ['test/infra/documents'],
    [['say exit 0 whatever happened', '"$status_exit" "$now"', '0 "$now"']],
  ),
];
