/** A farm of a given size: idle machines a floor holds, remembered, listed and settled, as a steady tick sees it. */
import { checkConfig } from '../../../lambdas/config-file/config-file.ts';
import { renderMachinesFile } from '../../../lambdas/hydra/cpp/machines-file.ts';
import { FARM_TAG, LAUNCH_TAG, TYPE_TAG } from '../../../lambdas/aws/ec2/tags.ts';
import type { Config } from '../../../lambdas/core/config/config.ts';
import type { Listing, Machine } from '../../../lambdas/core/model/index.ts';
import type { StateStore } from '../../../lambdas/ports.ts';
import { MachinesFileInMemory } from '../../world/queue-runner/machines-file.ts';
import type { RegionInstance } from '../../world/region/instance.ts';
import { World } from '../../world/world.ts';

const START = 1_772_452_800;
const TYPE = 'x86_64-linux';
const IMAGE = 'ami-02222222222222222';
const ZONES = ['a', 'b', 'c'];
/** The runner has read its file and is believed by then. */
const SETTLING_SECONDS = 180;

export interface FarmOfSize {
  readonly config: Config;
  readonly world: World;
  readonly file: MachinesFileInMemory;
}

/** Makes the world. Its first tick writes what is to be remembered of it: see {@link remember}. */
export function farmOfSize(machines: number): FarmOfSize {
  const config = checkConfig('bench', {
    tag: 'bench',
    maxTotalMachines: machines,
    host: { instanceId: 'i-0123456789abcdef0' },
    systemTypes: { [TYPE]: { minMachines: machines, maxMachines: machines, billing: 'per-second' } },
  });
  let file = new MachinesFileInMemory(() => START);
  const executor = { run: () => () => undefined };
  const region = { throttling: false, onDemandVcpuQuota: Infinity };
  const world = new World({
    seed: 1,
    start: START,
    config,
    executor,
    region,
    machinesFile: (timeline) => (file = new MachinesFileInMemory(() => timeline.now, '')),
  });
  for (let i = 0; i < machines; i++) {
    world.region.seed({
      instanceType: 'c7i.2xlarge',
      imageId: IMAGE,
      subnetId: `subnet-0${(ZONES[i % ZONES.length] ?? 'a').repeat(16)}`,
      startedAt: START - 600,
      template: config.machineTypes[0]?.launchTemplate ?? '',
      tags: { [FARM_TAG]: config.tag, [TYPE_TAG]: TYPE, [LAUNCH_TAG]: 'bench-launch' },
    });
  }
  return { config, world, file };
}

/** Remembers and lists all machines, and lets the queue runner read that. */
export async function remember({ config, world, file }: FarmOfSize, store: StateStore): Promise<void> {
  const instances = world.region.instances.all;
  const type = config.machineTypes[0];
  const systems = type?.systems ?? [];
  const placeholder: Listing = {
    ...line('placeholder-1.hydra-autoscaler.invalid', systems),
    maxJobs: 0,
  };
  file.replace(
    renderMachinesFile(config.tag, [
      ...instances.map((instance) => listingOf(instance, systems)),
      placeholder,
    ]),
  );
  world.runner.start();
  world.timeline.advanceTo(START + SETTLING_SECONDS);
  const taken = await store.acquire('bench', START, 60);
  if (!('lease' in taken)) throw new Error('the bench has its store for itself');
  await store.save(taken.lease, {
    machines: instances.map((instance) => machineOf(instance, config)),
    closedMachines: [],
    launches: [],
    closedLaunches: [],
  });
  await store.release(taken.lease);
}

const line = (address: string, systems: readonly string[]): Listing => ({
  address,
  systems: [...systems, 'i686-linux'],
  maxJobs: 1,
  speedFactor: 1,
  supportedFeatures: [],
  mandatoryFeatures: [],
});

const listingOf = (
  { instanceId, address, hostKey }: RegionInstance,
  systems: readonly string[],
): Listing => ({
  ...line(address, systems),
  instanceId,
  hostKey,
});

function machineOf({ instanceId, address, hostKey }: RegionInstance, config: Config): Machine {
  const listed = { at: START, hostAt: START };
  return {
    instanceId,
    type: config.machineTypes[0]?.key ?? '',
    launchId: 'bench-launch',
    phase: 'ready',
    phaseSince: START,
    reason: 'the Hydra host reached its Nix store',
    billing: 'per-second',
    address,
    identity: hostKey,
    offered: listed,
    seenOffered: listed,
  };
}
