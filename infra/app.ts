/**
 * The CDK app: one stack from one configuration file.
 *
 *   npx cdk deploy                              autoscaler.json, or the example where there is none
 *   npx cdk deploy -c config=farms/arm.json     another file (or CONFIG=farms/arm.json)
 *   npx cdk deploy -c stack=hydra-arm           another stack name, for a second farm
 */
import { App } from 'aws-cdk-lib';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '../lambdas/config-file/config-file.ts';
import { USUAL_STACK } from '../lambdas/core/config/parse.ts';
import { AutoscalerStack } from './autoscaler-stack.ts';
import { oversized } from './limits.ts';
import { foreignRegion } from './network-rules.ts';
import { EXAMPLE } from './placeholders.ts';

const CONFIG = 'autoscaler.json';
const EXAMPLE_WITH_HYDRA = fileURLToPath(
  new URL('../examples/no-hydra-yet/autoscaler.json', import.meta.url),
);

/** A setting of the command line, of cdk.json or of the environment. */
function setting(app: App, name: string): string | undefined {
  const value: unknown = app.node.tryGetContext(name) ?? process.env[name.toUpperCase()];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function configFile(app: App): string {
  const named = setting(app, 'config');
  if (named !== undefined) return named;
  if (existsSync(CONFIG)) return CONFIG;
  console.error(
    `There is no ${CONFIG}, so this is the example. Before you deploy: npm run init, or cp ${EXAMPLE} ${CONFIG}, and edit it.\n` +
      `If you have no Hydra yet: cp ${EXAMPLE_WITH_HYDRA} ${CONFIG}`,
  );
  return EXAMPLE;
}

/** @throws ConfigError for what only the finished stack, or the region, can tell. */
function refuseUndeployable(file: string, stack: AutoscalerStack): void {
  const { templateFullPath } = app.synth().getStackArtifact(stack.artifactId);
  const problems = [
    foreignRegion(process.env['CDK_DEFAULT_REGION']),
    oversized(readFileSync(templateFullPath, 'utf8'), stack.autoscaler.templates.length),
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0)
    throw new ConfigError(
      file,
      problems.map((says) => ({ path: '', says })),
    );
}

const app = new App();
try {
  const file = configFile(app);
  const stack = new AutoscalerStack(app, setting(app, 'stack') ?? USUAL_STACK, { farm: file });
  refuseUndeployable(file, stack);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  // At once: an app that ends by itself writes whatever it has, here half a stack.
  process.exit(1);
}
