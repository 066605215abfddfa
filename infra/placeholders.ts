/** What the example configuration says only because something has to stand there. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConfigProblem } from '../lambdas/core/config/problem.ts';
import type { Deployment } from './deployment.ts';

export const EXAMPLE = fileURLToPath(new URL('../examples/nixos-host/autoscaler.json', import.meta.url));

export const isExample = (configFile: string | undefined): boolean =>
  configFile !== undefined && resolve(configFile) === EXAMPLE;

/** The id all examples have, ours and AWS's. */
const EXAMPLE_ID = /^(i|mi|sg)-0123456789abcdef0$/;
/** What `npm run import-conf` writes for an id it cannot know. */
const NOBODYS_ID = /^i-0{17}$/;
/** A key of nothing but zero bytes, behind its header. */
const EXAMPLE_KEY = / AAAAC3NzaC1lZDI1NTE5AAAAIA+( |$)/;

/** One problem for each value that is still the example's, with what to write instead. */
export function placeholdersIn({ config, deploy }: Pick<Deployment, 'config' | 'deploy'>): ConfigProblem[] {
  const written: readonly (readonly [string, string | undefined, RegExp, string])[] = [
    [
      'host.instanceId',
      config.host.instanceId,
      EXAMPLE_ID,
      'write the id of the Hydra host, as `aws ssm describe-instance-information` shows it',
    ],
    [
      'deploy.hydraSource',
      deploy.hydraSource,
      EXAMPLE_ID,
      'write the security group (sg-…) or the address (10.0.0.5/32) of the Hydra host',
    ],
    [
      'deploy.queueRunnerKey',
      deploy.queueRunnerKey,
      EXAMPLE_KEY,
      'write what `ssh-keygen -y -f KEY` prints for the key the queue runner uses',
    ],
  ];
  return written.flatMap(([path, value, placeholder, remedy]) =>
    value === undefined
      ? []
      : [
          ...(placeholder.test(value) ? [{ path, says: `is still that of the example; ${remedy}` }] : []),
          ...(NOBODYS_ID.test(value) ? [{ path, says: `is nobody’s; ${remedy}` }] : []),
        ],
  );
}
