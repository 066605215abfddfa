/**
 * A stage that is served: a region on a loopback port, a DynamoDB engine beside it, a Hydra host in a temporary
 * directory, and the unmodified function between them, all in virtual time.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { readConfigFile } from '../../../lambdas/config-file/config-file.ts';
import { DynamoStateStore } from '../../../lambdas/aws/dynamo/state-store.ts';
import { FUNCTION_OUTPUT, TABLE_OUTPUT } from '../../../infra/operate-commands.ts';
import { FUNCTION_NAME } from '../../world/endpoint/address.ts';
import { DOCUMENT_BASE_NAMES, DOCUMENT_KEYS, documentContent } from '../../../infra/documents/documents.ts';
import { STACKS_OWN_HOST } from '../../../lambdas/core/config/hydra-host-schema.ts';
import { createHandler } from '../../../lambdas/reconcile/handler.ts';
import { Activity } from '../../world/drive/activity.ts';
import { outcomeOf } from '../../world/drive/lambda.ts';
import { createStateTable, localDynamoClient, startDynamo } from '../../world/dynamo.ts';
import { startEndpoint } from '../../world/endpoint/server.ts';
import { HostFiles, MachinesFileOnDisk } from '../../world/host/host-files.ts';
import { startRest } from '../../world/host/rest-server.ts';
import type { Config } from '../../../lambdas/core/config/config.ts';
import type { RunnerKind } from '../../../lambdas/core/model/index.ts';
import type { Handler } from '../../../lambdas/reconcile/handler.ts';
import type { RegionSettings } from '../../world/region/settings.ts';
import { Stage } from '../../world/stage.ts';
import type { World } from '../../world/world.ts';
import { makeOwnDirectory } from './own-directory.ts';
import { ScriptExecutor } from './script-executor.ts';
import type { ScriptOptions } from './script-executor.ts';

export interface ServedStageOptions extends ScriptOptions {
  readonly seed: number;
  /** First instant, in epoch seconds. */
  readonly start: number;
  /** The configuration as written; the machines file is put into the temporary directory. */
  readonly written: Readonly<Record<string, unknown>>;
  readonly config: Config;
  /** Parent of the temporary directory. */
  readonly temporary: string;
  readonly region?: Partial<RegionSettings>;
  /** Which queue runner the Hydra host has; the C++ one by default. */
  readonly runnerKind?: RunnerKind;
  /** 0 (the default) for any free one. */
  readonly port?: number;
  /** Said to people who invoke the function over HTTP; absent for nothing. */
  readonly note?: string;
}

export interface ServedStage {
  /** Its function is built at the first invocation: the variables of `environment` must be in the process's own by then. */
  readonly stage: Stage<MachinesFileOnDisk>;
  readonly url: string;
  /** Variables that point an AWS client, and the function, at the region. */
  readonly environment: Readonly<Record<string, string>>;
  /** The real state store of the farm, for whoever wants to look. */
  readonly store: DynamoStateStore;
  /** Ends everything and removes the directory. Doing so twice changes nothing. */
  readonly strike: () => Promise<void>;
}

const TABLE = 'hydra-autoscaler-state';

/** @throws Error, or the system's own for a port that cannot be listened on. */
export async function serveStage(options: ServedStageOptions): Promise<ServedStage> {
  // What stands already is struck again if something behind it cannot be set up: a port that is taken, for one.
  await using standing = new AsyncDisposableStack();
  const { root, remove } = makeOwnDirectory(options.temporary);
  standing.defer(remove);
  const files = new HostFiles(root);
  const activity = new Activity();
  const executor = new ScriptExecutor(root, options, files, activity);
  let handler: Handler | undefined;
  const stage = new Stage<MachinesFileOnDisk>({
    ...options,
    ...{ config: deployed(options.config), executor, activity },
    file: (timeline) => new MachinesFileOnDisk(files.machinesFile, () => timeline.now),
    invoke: (event, awsRequestId, remaining) => {
      handler ??= makeHandler();
      return handler(event, { awsRequestId, getRemainingTimeInMillis: () => remaining() * 1000 });
    },
  });
  const { world } = stage;
  executor.world = world;
  const configFile = path.join(root, 'autoscaler.json');
  const rest = await openRest(standing, world);
  const local = { machinesFile: files.machinesFile, restUrl: rest };
  writeFileSync(configFile, JSON.stringify(withLocalHost(options.written, local), null, 2));
  const { url, client } = await openDoors(standing, stage, options);
  const environment = environmentFor(
    url,
    world,
    configFile,
    createDocuments(world, readConfigFile(configFile)),
  );
  let invocations = 0;
  const makeHandler = (): Handler =>
    createHandler(environment, stage.clock, () => String((invocations += 1)));
  const everything = standing.move();
  return {
    ...{ stage, url, environment },
    store: new DynamoStateStore(client, TABLE, options.config.tag),
    strike: () => everything.disposeAsync(),
  };
}

/** The id of the host the stack would have made; the function learns it from its environment, as there. */
const MADE_HOST = 'i-0a11ce0fa57acc000';

/** The configuration once it is deployed: where the stack makes the Hydra host, it has an id. */
const deployed = (config: Config): Config =>
  config.host.instanceId === STACKS_OWN_HOST
    ? { ...config, host: { ...config.host, instanceId: MADE_HOST } }
    : config;

/** The simulated host is asked in its own way, as whoever runs this: nobody has the users of a Hydra host here. */
function withLocalHost(
  written: Readonly<Record<string, unknown>>,
  local: { readonly machinesFile: string; readonly restUrl: string },
): unknown {
  const host: object = typeof written['host'] === 'object' && written['host'] !== null ? written['host'] : {};
  const instance = 'instanceId' in host ? { instanceId: host.instanceId } : {};
  return { ...written, host: { ...instance, ...local, queueRunnerAddr: 'http://127.0.0.1:50051' } };
}

/** Nobody listens there: no service of this machine is asked for the one a simulated host does not have. */
const NO_REST = 'http://127.0.0.1:1';

/** Where the Rust queue runner answers, if the host has that one. */
async function openRest(standing: AsyncDisposableStack, world: World): Promise<string> {
  if (world.hydra.kind !== 'rust') return NO_REST;
  const { runner } = world.rust;
  return standing.use(await startRest(() => runner.answers())).url;
}

/** Opens the region's port, by which people invoke the function as well, and the state store behind it; both close with `standing`. */
async function openDoors(
  standing: AsyncDisposableStack,
  { world, lambda }: Stage<MachinesFileOnDisk>,
  { port = 0, note }: ServedStageOptions,
) {
  const dynamo = await startDynamo();
  standing.defer(() => dynamo.stop());
  const endpoint = await startEndpoint({
    region: world.region,
    dynamoDbUrl: dynamo.endpoint,
    invoke: async (event) => ({
      ...outcomeOf(await lambda.invoke(event)),
      ...(note === undefined ? {} : { note }),
    }),
    port,
    stack: { name: world.config.tag, outputs: { [FUNCTION_OUTPUT]: FUNCTION_NAME, [TABLE_OUTPUT]: TABLE } },
  });
  standing.defer(() => endpoint.close());
  const client = localDynamoClient(dynamo.endpoint);
  standing.defer(() => {
    client.destroy();
  });
  await createStateTable(client, TABLE);
  return { url: endpoint.url, client };
}

/** Puts our documents into the region, as the stack would; returns their names by key. */
function createDocuments(world: World, farm: Config): Record<string, string> {
  const names = DOCUMENT_KEYS.map((key) => [key, `hydra-autoscaler-${DOCUMENT_BASE_NAMES[key]}`] as const);
  for (const [key, name] of names) {
    world.region.ssm.documents.create(name, JSON.stringify(documentContent(key, farm)), world.timeline.now);
  }
  return Object.fromEntries(names);
}

function environmentFor(
  url: string,
  world: World,
  configFile: string,
  documents: Readonly<Record<string, string>>,
): Record<string, string> {
  const { regionName } = world.region.settings;
  return {
    ...{ AWS_ENDPOINT_URL: url, AWS_REGION: regionName, AWS_DEFAULT_REGION: regionName },
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    STATE_TABLE: TABLE,
    CONFIG_FILE: configFile,
    STACK_NAME: world.config.tag,
    ...(world.config.host.instanceId === MADE_HOST && { HOST_INSTANCE_ID: MADE_HOST }),
    DOCUMENTS: JSON.stringify(documents),
    POWERTOOLS_SERVICE_NAME: 'hydra-autoscaler',
    POWERTOOLS_METRICS_NAMESPACE: 'HydraAutoscaler',
    POWERTOOLS_METRICS_DISABLED: 'true',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  };
}
