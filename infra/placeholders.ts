/** What example configurations say only because something has to stand there. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConfigProblem } from '../lambdas/core/config/problem.ts';
import type { Deployment } from './deployment.ts';
import { textsIn } from './texts.ts';

const EXAMPLES = fileURLToPath(new URL('../examples/', import.meta.url));
/** What people begin with who have a Hydra. */
export const EXAMPLE = resolve(EXAMPLES, 'nixos-host/autoscaler.json');

/** Whether it is one of ours, as it lies there. */
export const isExample = (configFile: string | undefined): boolean =>
  configFile !== undefined && resolve(configFile).startsWith(EXAMPLES);

/** Where such values stand, how they are known, and what to write instead. */
const PLACEHOLDERS: readonly (readonly [at: RegExp, value: RegExp, remedy: string])[] = [
  [
    /^host\.instanceId$/,
    // The id all examples have, ours and AWS's.
    /^(i|mi)-0123456789abcdef0$/,
    'write the id of the Hydra host, as `aws ssm describe-instance-information` shows it',
  ],
  [
    /^deploy\.hydraSource$/,
    // The range that documents may use (RFC 5737).
    /^(sg-0123456789abcdef0$|192\.0\.2\.)/,
    'write the security group (sg-…) or the address (10.0.0.5/32) of the Hydra host',
  ],
  [
    /^deploy\.queueRunnerKey$/,
    // A key of nothing but zero bytes, behind its header.
    / AAAAC3NzaC1lZDI1NTE5AAAAIA+( |$)/,
    'write what `ssh-keygen -y -f KEY` prints for the key the queue runner uses',
  ],
  [/^deploy\.vpc$/, /^vpc-0{17}$/, 'write the id of the network that reaches the Hydra host'],
  [/\.subnets\.\d+$/, /^subnet-0{17}$/, 'write the id of a subnet of deploy.vpc that has a way out'],
  [/\.trustedPublicKeys\.\d+$/, /:A{43}=$/, 'write the public key of the cache'],
  [/\.upload\.secret$/, /:111122223333:/, 'write the ARN of the secret you have made'],
  [/\.upload\.program$/, /\/0{32}-/, 'write what `nix-build "<nixpkgs>" -A cachix` prints'],
];

/** What `npm run import-conf` writes for an id it cannot know. */
const NOBODYS_ID = /^i-0{17}$/;

/** One problem for each value that is still the example's, with what to write instead. */
export function placeholdersIn({ config, deploy }: Pick<Deployment, 'config' | 'deploy'>): ConfigProblem[] {
  const { host, machineTypes } = config;
  const written = [
    { path: 'host.instanceId', text: host.instanceId },
    ...machineTypes.flatMap(({ key, subnets }) => textsIn(subnets, `systemTypes.${key}.subnets`)),
    ...textsIn(deploy, 'deploy'),
  ];
  return written.flatMap(({ path, text }) =>
    PLACEHOLDERS.filter(([at]) => at.test(path)).flatMap(([, placeholder, remedy]) => [
      ...(placeholder.test(text) ? [{ path, says: `is still that of the example; ${remedy}` }] : []),
      ...(NOBODYS_ID.test(text) ? [{ path, says: `is nobody’s; ${remedy}` }] : []),
    ]),
  );
}
