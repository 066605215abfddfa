/** What a Hydra that comes with the stack needs of the rest of the configuration: one rule per function. */
import type { RuleProblem } from '../lambdas/core/config/problem.ts';
import { STACKS_OWN_HOST } from '../lambdas/core/config/hydra-host-schema.ts';
import type { Deployment } from './deployment.ts';
import { servedQueueRunners } from './queue-runners.ts';

type Rule = (deployment: Deployment) => readonly RuleProblem[];

/** The path the host's queue runner has its key at. */
export const HOST_KEY_FILE = '/var/lib/hydra/queue-runner/.ssh/id_ed25519';

const onlyWithHost =
  (rule: Rule): Rule =>
  (deployment) =>
    deployment.hydraHost === undefined ? [] : rule(deployment);

const hostIsNamedOnce: Rule = ({ config, hydraHost }) => {
  const { instanceId } = config.host;
  if ((instanceId === STACKS_OWN_HOST) === (hydraHost !== undefined)) return [];
  return [
    {
      path: 'host.instanceId',
      says:
        hydraHost === undefined
          ? `is "${STACKS_OWN_HOST}", but there is no deploy.hydraHost; add it ({} will do), or give the id of the host you have`
          : `is ${instanceId}, but deploy.hydraHost makes a host; write "${STACKS_OWN_HOST}", or remove deploy.hydraHost`,
      from: ['deploy.hydraHost'],
    },
  ];
};

/** The address of the stack's own host is known only when it is deployed. */
const entranceIsTheHosts: Rule = ({ config, hydraHost }) => {
  const { queueRunnerAddr } = config.host;
  if (queueRunnerAddr === undefined || (queueRunnerAddr === STACKS_OWN_HOST) === (hydraHost !== undefined))
    return [];
  return [
    {
      path: 'host.queueRunnerAddr',
      says:
        hydraHost === undefined
          ? `is "${STACKS_OWN_HOST}", but there is no deploy.hydraHost; give the address of the host you have, such as http://10.0.0.5:50051`
          : `is ${queueRunnerAddr}, but deploy.hydraHost makes a host; write "${STACKS_OWN_HOST}"`,
      from: ['deploy.hydraHost'],
    },
  ];
};

/** The stack's own host brings along what the configuration tells of a user's own host. */
const hostBringsItsOwn = onlyWithHost(({ deploy }) =>
  (['hydraSource', 'queueRunnerKey'] as const)
    .filter((key) => deploy[key] !== undefined)
    .map((key) => ({ path: `deploy.${key}`, says: 'comes from deploy.hydraHost; remove it here' })),
);

const keyIsTheHosts = onlyWithHost(({ builders, config }) =>
  builders
    .filter(() => servedQueueRunners({ config }).cpp)
    .filter(({ type }) => type.sshKey !== HOST_KEY_FILE)
    .map(({ type }) => ({
      path: `systemTypes.${type.key}.sshKey`,
      says: `is ${type.sshKey ?? 'missing'}; on the host of deploy.hydraHost it is ${HOST_KEY_FILE}`,
    })),
);

const hostIsInTheVpc = onlyWithHost(({ deploy, hydraHost }) =>
  deploy.vpc === undefined || hydraHost?.subnet !== undefined
    ? []
    : [
        {
          path: 'deploy.hydraHost.subnet',
          says: `is missing, which means the default VPC, but deploy.vpc is ${deploy.vpc}; give a subnet of that VPC`,
        },
      ],
);

/** 4 GiB at most: evaluating alone would not fit. */
const TOO_SMALL = /\.(nano|micro|small|medium)$/;

const hostIsLargeEnough = onlyWithHost(({ hydraHost }) =>
  TOO_SMALL.test(hydraHost?.instanceType ?? '')
    ? [
        {
          path: 'deploy.hydraHost.instanceType',
          says: `${hydraHost?.instanceType ?? ''} has too little memory to set the host up; take .large or larger`,
        },
      ]
    : [],
);

export const hydraHostRules: readonly Rule[] = [
  hostIsNamedOnce,
  entranceIsTheHosts,
  hostBringsItsOwn,
  keyIsTheHosts,
  hostIsInTheVpc,
  hostIsLargeEnough,
];
