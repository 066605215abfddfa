/** The function: the only place that knows the environment, the clock, chance and the SDK clients. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { PricingClient } from '@aws-sdk/client-pricing';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import { readConfigFile } from '../config-file/config-file.ts';
import { inSubnets } from '../core/config/subnets.ts';
import { DynamoJournal } from '../aws/dynamo/journal.ts';
import { DynamoStateStore } from '../aws/dynamo/state-store.ts';
import { Ec2MachineFleet } from '../aws/ec2/machine-fleet.ts';
import { CppBuilders } from '../hydra/cpp/builders.ts';
import { dialects } from '../hydra/dialects.ts';
import { SsmHydraHost } from '../hydra/ssm-hydra-host.ts';
import { SsmWatch } from '../hydra/ssm-watch.ts';
import { PowertoolsReporter } from '../aws/cloudwatch/powertools-reporter.ts';
import { AwsPrices } from '../aws/pricing/aws-prices.ts';
import { vcpuQuotas } from '../aws/quotas/service-quotas.ts';
import { askMachines } from '../hydra/cpp/ask-machines.ts';
import { suggest } from '../config-file/suggest.ts';
import type { Clock } from '../ports.ts';
import type { Reporter } from '../reporting.ts';
import { answer } from './answer.ts';
import type { Answer, Workplace } from './answer.ts';

/** The part of Lambda's context that is used. */
export interface InvocationContext {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

export type Handler = (event: unknown, context: InvocationContext) => Promise<Answer>;

const documentsSchema = z.strictObject({
  observe: z.string(),
  fetch: z.string(),
  publish: z.string(),
  watch: z.string(),
  inspect: z.string(),
  askMachine: z.string(),
  gate: z.string(),
  askBuilder: z.string(),
});

/** The function's environment, as the stack sets it. */
const environmentSchema = z.object({
  STATE_TABLE: z.string().min(1),
  CONFIG_FILE: z.string().min(1),
  /** What the stack is called: the farm's tag, where the configuration has none. */
  STACK_NAME: z.string().min(1),
  /** Names of our SSM documents, as JSON. */
  DOCUMENTS: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(documentsSchema),
  /** The Hydra host the stack made, whose id no configuration could know; it beats the configuration. */
  HOST_INSTANCE_ID: z
    .string()
    .regex(/^i-[0-9a-f]{8,17}$/, 'must be an EC2 instance id')
    .optional(),
  /** Subnets of all machines that an app of somebody's own has made, by commas; they beat the configuration. */
  SUBNETS: z
    .string()
    .regex(/^subnet-[0-9a-f]{8,17}(,subnet-[0-9a-f]{8,17})*$/, 'must be subnet ids')
    .transform((text) => text.split(','))
    .optional(),
});

const systemClock: Clock = {
  now: () => Date.now() / 1000,
  sleep: (seconds) => sleep(seconds * 1000),
};

/** Requests are bounded so that one that hangs cannot outlive the lease. */
const TIMEOUTS = { connectionTimeout: 3000, requestTimeout: 20_000, throwOnRequestTimeout: true };

/**
 * Builds the handler.
 * @param environment the variables of {@link environmentSchema}; the SDK clients read the rest of the process's own.
 * @param makeNonce a word that no other invocation ever gets.
 * @throws ZodError or ConfigError when it cannot work with these.
 */
export function createHandler(
  environment: Readonly<Record<string, string | undefined>>,
  clock: Clock,
  makeNonce: () => string,
): Handler {
  const variables = environmentSchema.parse(environment);
  const { STATE_TABLE, DOCUMENTS } = variables;
  const config = readConfig(variables);
  const ec2 = new EC2Client({ requestHandler: TIMEOUTS });
  const launcher = new EC2Client({ requestHandler: TIMEOUTS, maxAttempts: 1 });
  const ssm = new SSMClient({ requestHandler: TIMEOUTS });
  const dynamo = new DynamoDBClient({ requestHandler: TIMEOUTS });
  const questions = { client: ssm, clock, document: DOCUMENTS.askMachine };
  // Made when it is first needed: what ticks do without shall cost them nothing.
  let quotas: ServiceQuotasClient | undefined;
  const reporter = new PowertoolsReporter(new Logger(), new Metrics(), config.tag);
  const workplace: Workplace = {
    config,
    reporter,
    suggest,
    ports: {
      clock,
      dialects,
      host: new SsmHydraHost({ client: ssm, clock, config, documents: DOCUMENTS }),
      watch: new SsmWatch({ client: ssm, instanceId: config.host.instanceId, document: DOCUMENTS.watch }),
      builders: new CppBuilders(ec2, (ids) => askMachines(questions, ids)),
      fleet: new Ec2MachineFleet({
        ec2,
        launcher,
        tag: config.tag,
        tags: config.tags ?? {},
        clock,
        askQuotas: (markets) =>
          vcpuQuotas((quotas ??= new ServiceQuotasClient({ requestHandler: TIMEOUTS })), markets),
      }),
      store: new DynamoStateStore(dynamo, STATE_TABLE, config.tag),
      prices: new AwsPrices({
        ec2,
        clock,
        makePricing: (region) => new PricingClient({ region, requestHandler: TIMEOUTS, maxAttempts: 2 }),
      }),
      journal: new DynamoJournal(dynamo, STATE_TABLE, config.tag, unkept(reporter, 'a journal entry')),
    },
  };
  return (event, context) =>
    answer(workplace, event, {
      requestId: context.awsRequestId,
      nonce: makeNonce(),
      remainingSeconds: context.getRemainingTimeInMillis() / 1000,
    });
}

/** The farm's configuration. What the stack makes, or an app around it, has an id only when it is deployed. */
function readConfig({
  CONFIG_FILE,
  STACK_NAME,
  HOST_INSTANCE_ID,
  SUBNETS,
}: z.infer<typeof environmentSchema>) {
  const written = inSubnets(readConfigFile(CONFIG_FILE, STACK_NAME), SUBNETS);
  return {
    ...written,
    host: { ...written.host, instanceId: HOST_INSTANCE_ID ?? written.host.instanceId },
  };
}

const unkept =
  (reporter: Reporter, what: string) =>
  (error: unknown): void => {
    reporter.problem(`${what} could not be written`, { says: String(error) });
  };

let made: Handler | undefined;

/** Lambda's entry. Built at the first invocation, so that a mistake in the environment is that invocation's error. */
export const handler: Handler = (event, context) => {
  made ??= createHandler(process.env, systemClock, randomUUID);
  return made(event, context);
};
