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

export const queueRunnerRules: readonly Rule[] = [
  buildersCanBeReached,
  buildersKnowTheKey,
  buildersHaveAToken,
];
export const queueRunnerWarnings: readonly ((deployment: Deployment) => readonly ConfigProblem[])[] = [
  tokenIsUsed,
];
