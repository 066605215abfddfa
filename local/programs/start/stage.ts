/**
 * Sets the stage: a region on a loopback port, a DynamoDB engine beside it, a Hydra host in a temporary directory, and
 * the unmodified function between them, all in virtual time.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { readConfigFile } from '../../../lambdas/config-file/config-file.ts';
import { DynamoStateStore } from '../../../lambdas/aws/dynamo/state-store.ts';
import { DOCUMENT_BASE_NAMES, DOCUMENT_KEYS, documentContent } from '../../../infra/documents/documents.ts';
import { STACKS_OWN_HOST } from '../../../lambdas/core/config/hydra-host-schema.ts';
import { createHandler } from '../../../lambdas/reconcile/handler.ts';
import { Activity } from '../../world/drive/activity.ts';
import { VirtualClock } from '../../world/drive/virtual-clock.ts';
import { createStateTable, localDynamoClient, startDynamo } from '../../world/dynamo.ts';
import { startEndpoint } from '../../world/endpoint/server.ts';
import type { InvokeFunction } from '../../world/endpoint/lambda.ts';
import { realTimer, ShellExecutor } from '../../world/endpoint/shell-executor.ts';
import { HostFiles, MachinesFileOnDisk, PROGRAMS } from '../../world/host/host-files.ts';
import type { Config } from '../../../lambdas/core/config/config.ts';
import type { Handler } from '../../../lambdas/reconcile/handler.ts';
import type { Executor, Kill, ScriptJob, ScriptOutcome } from '../../world/region/ssm/executor.ts';
import type { RegionSettings } from '../../world/region/settings.ts';
import type { Timeline } from '../../world/timeline.ts';
import { World } from '../../world/world.ts';
import { makeOwnDirectory } from './own-directory.ts';

export interface StageOptions {
  readonly seed: number;
  /** First instant, in epoch seconds. */
  readonly start: number;
  /** The configuration as written; the machines file is put into the temporary directory. */
  readonly written: Readonly<Record<string, unknown>>;
  readonly config: Config;
  /** Parent of the temporary directory. */
  readonly temporary: string;
  /** Search path of scripts, behind the simulated programs. */
  readonly searchPath: string;
  readonly region?: Partial<RegionSettings>;
  /** 0 (the default) for any free one. */
  readonly port?: number;
  /** How many times as long as it says a script's time limit is, in real time: 1 (the default) for people who wait for it. */
  readonly scriptPatience?: number;
}

/** What stands on the stage. */
export interface Stage {
  readonly world: World;
  readonly activity: Activity;
  readonly clock: VirtualClock;
  readonly url: string;
  /** Variables that point an AWS client, and the function, at the region. */
  readonly environment: Readonly<Record<string, string>>;
  /** The real state store of the farm, for whoever wants to look. */
  readonly store: DynamoStateStore;
  /** Builds the function. The variables of `environment` must be in the process's own by then. */
  readonly makeHandler: () => Handler;
  /** Lets people invoke the function over HTTP, as Lambda would. */
  readonly serveFunction: (invoke: InvokeFunction) => void;
  /** Ends everything and removes the directory. Doing so twice changes nothing. */
  readonly strike: () => Promise<void>;
}

const TABLE = 'hydra-autoscaler-state';

/** @throws Error, or the system's own for a port that cannot be listened on. */
export async function setStage(options: StageOptions): Promise<Stage> {
  // What stands already is struck again if something behind it cannot be set up: a port that is taken, for one.
  await using standing = new AsyncDisposableStack();
  const { root, remove } = makeOwnDirectory(options.temporary);
  standing.defer(remove);
  const files = new HostFiles(root);
  const activity = new Activity();
  const executor = new StageExecutor(root, options, files, activity);
  const machinesFile = (timeline: Timeline) => new MachinesFileOnDisk(files.machinesFile, () => timeline.now);
  const world = new World({ ...options, config: deployed(options.config), executor, machinesFile });
  executor.world = world;
  const configFile = path.join(root, 'autoscaler.json');
  writeFileSync(configFile, JSON.stringify(withLocalHost(options.written, files.machinesFile), null, 2));
  const { endpoint, client, serveFunction } = await openDoors(standing, world, options);
  const documents = createDocuments(world, readConfigFile(configFile));
  const environment = environmentFor(endpoint.url, world, configFile, documents);
  const clock = new VirtualClock(world.timeline, activity);
  let invocations = 0;
  const everything = standing.move();
  return {
    world,
    activity,
    clock,
    url: endpoint.url,
    environment,
    store: new DynamoStateStore(client, TABLE, options.config.tag),
    makeHandler: () => createHandler(environment, clock, () => String((invocations += 1))),
    serveFunction,
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
function withLocalHost(written: Readonly<Record<string, unknown>>, machinesFile: string): unknown {
  const host: object = typeof written['host'] === 'object' && written['host'] !== null ? written['host'] : {};
  return { ...written, host: { ...('instanceId' in host && { instanceId: host.instanceId }), machinesFile } };
}

/** Opens the region's port and the state store behind it; both close with `standing`. */
async function openDoors(standing: AsyncDisposableStack, world: World, options: StageOptions) {
  const dynamo = await startDynamo();
  standing.defer(() => dynamo.stop());
  let served: InvokeFunction | undefined;
  const endpoint = await startEndpoint({
    region: world.region,
    dynamoDbUrl: dynamo.endpoint,
    invoke: async (event) => served?.(event) ?? { error: new Error('the function is not set up yet') },
    port: options.port ?? 0,
  });
  standing.defer(() => endpoint.close());
  const client = localDynamoClient(dynamo.endpoint);
  standing.defer(() => {
    client.destroy();
  });
  await createStateTable(client, TABLE);
  const serveFunction = (invoke: InvokeFunction): void => {
    served = invoke;
  };
  return { endpoint, client, serveFunction };
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

/** Really runs scripts, in a world that stands still meanwhile and looks from inside as the model has it. */
class StageExecutor implements Executor {
  world: World | undefined;
  readonly #shell: ShellExecutor;
  readonly #files: HostFiles;
  readonly #activity: Activity;

  constructor(root: string, options: StageOptions, files: HostFiles, activity: Activity) {
    this.#files = files;
    this.#activity = activity;
    this.#shell = new ShellExecutor({
      root: path.join(root, 'nodes'),
      path: `${PROGRAMS}:${options.searchPath}`,
      timer: realTimer(options.scriptPatience),
      environment: (instanceId) => files.environment(instanceId),
    });
  }

  run(job: ScriptJob, finish: (outcome: ScriptOutcome) => void): Kill {
    this.#refresh(job.instanceId);
    this.#activity.enter();
    return this.#shell.run(job, (outcome) => {
      finish(outcome);
      this.#activity.leave();
    });
  }

  #refresh(instanceId: string): void {
    if (this.world === undefined) return;
    if (instanceId === this.world.config.host.instanceId) this.#files.refreshHost(this.world);
    else this.#files.refreshBuilder(this.world, instanceId);
  }
}
