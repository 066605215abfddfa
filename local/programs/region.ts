/** `npm run region`: the simulated region alone, for people and any AWS client. */
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import type { RunnerKind } from '../../lambdas/core/model/index.ts';
import { DEFAULT_PORT, FUNCTION_NAME } from '../world/endpoint/address.ts';
import * as numbers from './start/arguments.ts';
import { portTrouble, readFarm } from './start/begin.ts';
import { refuse, refusingArguments } from './start/refusal.ts';
import { runnerOption } from './start/runner-option.ts';
import { seedHost } from './start/seed-host.ts';
import type { ServedStage } from './start/served-stage.ts';
import { Pacer } from '../world/pacer.ts';
import './closed-pipe.ts';

interface Options {
  readonly port: number;
  readonly speed: number;
  readonly seed: number;
  readonly config: string;
  readonly schedule?: boolean;
  readonly runner: RunnerKind;
  readonly json?: boolean;
}

const DEFAULT_CONFIG = fileURLToPath(new URL('farm.json', import.meta.url));
/** Variables that only the function needs are left out of what people paste. */
const CLIENT_VARIABLES = /^(AWS_|STATE_TABLE$)/;

refusingArguments(new Command('npm run region --'))
  .description(
    'Starts a simulated AWS region (EC2, SSM, DynamoDB, Service Quotas, its stack) with an empty fleet and a Hydra host, and prints the\n' +
      'variables that point any AWS client at it. It listens on 127.0.0.1 only. SSM commands really run, with /bin/sh,\n' +
      'as you, in a temporary directory: send it only scripts you would run yourself.',
  )
  .option('--port <number>', 'port to listen on; 0 for a free one', numbers.port, DEFAULT_PORT)
  .option(
    '--speed <number>',
    'simulated seconds per real one: boots and back-offs get faster',
    numbers.speed,
    1,
  )
  .option('--seed <number>', 'the same seed gives the same ids and the same luck', numbers.seed, 1)
  .option(
    '--config <file>',
    'an autoscaler.json of yours: its launch templates, subnets and Hydra host exist',
    DEFAULT_CONFIG,
  )
  .addOption(runnerOption())
  .option('--schedule', 'run ticks as a deployed farm does: by its schedule and by events of EC2')
  .option('--json', 'print the variables as one JSON line')
  .action(region)
  .parse();

async function region(options: Options): Promise<void> {
  const served = await raise(options).catch(refuse);
  if (served === undefined) return;
  const { stage, environment, strike } = served;
  seedHost(stage.world);
  Object.assign(process.env, environment);
  stage.world.runner.start();
  // Unless it is scheduled, the function does nothing by itself.
  if (options.schedule === true) stage.startFunction();
  const pacer = new Pacer(stage.world.timeline, {
    speed: options.speed,
    milliseconds: () => performance.now(),
  });
  pacer.start();
  const stop = (): void => {
    pacer.stop();
    void strike().then(() => process.exit());
  };
  process.once('SIGINT', stop).once('SIGTERM', stop).once('SIGHUP', stop);
  console.log(options.json === true ? asJson(served) : asText(served));
}

const NO_SCHEDULE =
  'no schedule runs in this region; "npm run operate -- tick" runs a tick, "npm run region -- --schedule" would';

async function raise({ config, seed, port, schedule, runner }: Options): Promise<ServedStage> {
  const farm = readFarm(config);
  const terms = { ...farm, seed, start: Math.floor(Date.now() / 1000), runnerKind: runner };
  const searchPath = process.env['PATH'] ?? '';
  // Not before the arguments are known to be right: it takes a second.
  const { serveStage } = await import('./start/served-stage.ts');
  const note = schedule === true ? {} : { note: NO_SCHEDULE };
  return serveStage({ ...terms, ...note, temporary: tmpdir(), searchPath, port }).catch((error: unknown) => {
    const trouble = portTrouble(error);
    if (trouble === undefined) throw error;
    throw new Error(`port ${port} ${trouble}: choose another with --port, or --port 0`, { cause: error });
  });
}

const clientVariables = ({ environment }: ServedStage): [string, string][] =>
  Object.entries(environment).filter(([name]) => CLIENT_VARIABLES.test(name));

const asJson = (served: ServedStage): string =>
  JSON.stringify({
    url: served.url,
    hydraHost: served.stage.world.config.host.instanceId,
    environment: Object.fromEntries(clientVariables(served)),
  });

function asText(served: ServedStage): string {
  const { config, region: simulated } = served.stage.world;
  const host = config.host.instanceId;
  const [template] = simulated.templates.all;
  return [
    `# A simulated region listens on ${served.url} until you press Ctrl-C. Paste this into another terminal:`,
    '',
    ...clientVariables(served).map(([name, value]) => `export ${name}=${value}`),
    '',
    '# An aws program older than 2.13 (Debian 12 has one) does not know AWS_ENDPOINT_URL and would ask the real AWS:',
    'alias aws="aws --endpoint-url $AWS_ENDPOINT_URL"',
    '',
    '# Then, for example (npm run operate -- status knows the way by itself):',
    "aws ec2 describe-instances --query 'Reservations[].Instances[].[InstanceId,State.Name]' --output table",
    `aws ec2 run-instances --launch-template LaunchTemplateName=${template?.name ?? 'NAME'} --image-id "$(aws ec2 describe-images --query 'Images[0].ImageId' --output text)"`,
    `aws ssm send-command --instance-ids ${host} --document-name AWS-RunShellScript --parameters 'commands=["hydra-queue-runner --status"]'`,
    `aws lambda invoke --function-name ${FUNCTION_NAME} --cli-binary-format raw-in-base64-out --payload '{"tick":true}' /dev/stdout`,
    `aws dynamodb query --table-name "$STATE_TABLE" --key-condition-expression 'pk = :farm' --expression-attribute-values '{":farm":{"S":"${config.tag}"}}'`,
  ].join('\n');
}
