/** How queue runner and builders find each other: by SSH with a key, or by an address with a token. */
import type { ConfigProblem, RuleProblem } from '../lambdas/core/config/problem.ts';
import type { Deployment } from './deployment.ts';
import { servedQueueRunners } from './queue-runners.ts';

type Rule = (deployment: Deployment) => readonly RuleProblem[];

/** The C++ queue runner comes to the builders. A host of the stack's own brings what that takes. */
const onlyByTheirHost =
  (rule: Rule): Rule =>
  (deployment) =>
    deployment.builders.length === 0 || deployment.hydraHost !== undefined ? [] : rule(deployment);

const isSetUpAtBoot = ({ builders }: Deployment): boolean =>
  builders.some(({ settings }) => settings.userData === 'nixos');

const buildersCanBeReached = onlyByTheirHost((deployment) =>
  servedQueueRunners(deployment).cpp && deployment.deploy.hydraSource === undefined
    ? [
        {
          path: 'deploy.hydraSource',
          says: 'is missing; give the security group (sg-…) or the address (10.0.0.5/32) of the Hydra host',
          from: ['deploy.hydraHost'],
        },
      ]
    : [],
);

const buildersKnowTheKey = onlyByTheirHost((deployment) =>
  servedQueueRunners(deployment).cpp &&
  isSetUpAtBoot(deployment) &&
  deployment.deploy.queueRunnerKey === undefined
    ? [
        {
          path: 'deploy.queueRunnerKey',
          says: 'is missing; give the public half of the key the queue runner uses, as `ssh-keygen -y -f KEY` prints it',
          from: ['deploy.hydraHost', 'deploy.builder.userData'],
        },
      ]
    : [],
);

/** Without one, whoever is in the builders' network may register, and hand outputs to the queue runner. */
const buildersHaveAToken = onlyByTheirHost((deployment) =>
  servedQueueRunners(deployment).entrance !== undefined &&
  isSetUpAtBoot(deployment) &&
  deployment.deploy.queueRunnerToken === undefined
    ? [
        {
          path: 'deploy.queueRunnerToken',
          says: 'is missing, and builders register with it at host.queueRunnerAddr; give the ARN of the secret that holds it',
          from: ['host.queueRunnerAddr', 'deploy.hydraHost', 'deploy.builder.userData'],
        },
      ]
    : [],
);

const tokenIsUsed = (deployment: Deployment): readonly ConfigProblem[] =>
  deployment.deploy.queueRunnerToken !== undefined && servedQueueRunners(deployment).entrance === undefined
    ? [
        {
          path: 'deploy.queueRunnerToken',
          says: 'is not used: there is no host.queueRunnerAddr, so no builder registers with a Rust queue runner',
        },
      ]
    : [];

/** Of the IPv4 addresses, those that only networks of one's own have: 10/8, 172.16/12, 192.168/16, 100.64/10, 127/8. */
const PRIVATE = /^(10|127|192\.168|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./;

/** Who reads the token on its way may register as well. What a name means is not known here. */
const tokenStaysAtHome = (deployment: Deployment): readonly ConfigProblem[] => {
  const [, address] =
    /^http:\/\/(\d+\.\d+\.\d+\.\d+)(:|$)/.exec(servedQueueRunners(deployment).entrance ?? '') ?? [];
  return address === undefined || PRIVATE.test(address)
    ? []
    : [
        {
          path: 'host.queueRunnerAddr',
          says: `${address} is an address of the internet, and by http:// token and outputs cross it in the open; give the private address, or https:// and the name of a certificate`,
        },
      ];
};

export const queueRunnerRules: readonly Rule[] = [
  buildersCanBeReached,
  buildersKnowTheKey,
  buildersHaveAToken,
];
export const queueRunnerWarnings: readonly ((deployment: Deployment) => readonly ConfigProblem[])[] = [
  tokenIsUsed,
  tokenStaysAtHome,
];
