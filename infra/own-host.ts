/** What comes with a farm that brings its Hydra, or whose builders register. */
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { BuilderEntrance } from './builder-entrance.ts';
import type { Deployment } from './deployment.ts';
import { HydraHost } from './hydra-host.ts';
import { optional } from './optional.ts';
import { servedQueueRunners } from './queue-runners.ts';

/** Undefined where the configuration names a Hydra that is there already. */
export function makeHost(
  scope: Construct,
  parts: {
    readonly deployment: Deployment;
    readonly entrance: BuilderEntrance | undefined;
    readonly encryptionKey: IKey | undefined;
  },
): HydraHost | undefined {
  const { deploy, hydraHost } = parts.deployment;
  if (hydraHost === undefined) return undefined;
  return new HydraHost(scope, 'HydraHost', {
    ...hydraHost,
    ...optional('vpc', deploy.vpc),
    ...optional('entrance', parts.entrance),
    ...optional('encryptionKey', parts.encryptionKey),
  });
}

/** Undefined where no builder will ever register. */
export function makeEntrance(scope: Construct, deployment: Deployment): BuilderEntrance | undefined {
  const { deploy, hydraHost } = deployment;
  if (servedQueueRunners(deployment).entrance === undefined) return undefined;
  return new BuilderEntrance(scope, 'BuilderEntrance', {
    ...optional('token', deploy.queueRunnerToken ?? (hydraHost && 'made')),
    ...optional('vpc', deploy.vpc),
  });
}
