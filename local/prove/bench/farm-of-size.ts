/** A farm of a given size: idle machines a floor holds, remembered, listed and settled, as a steady tick sees it. */
import { checkConfig } from '../../../lambdas/config-file/config-file.ts';
import { renderMachinesFile } from '../../../lambdas/hydra/cpp/machines-file.ts';
import { FARM_TAG, LAUNCH_TAG, TYPE_TAG } from '../../../lambdas/aws/ec2/tags.ts';
import type { Config } from '../../../lambdas/core/config/config.ts';
import type { Machine } from '../../../lambdas/core/model/index.ts';
import type { Listing } from '../../../lambdas/hydra/cpp/life/listing.ts';
import type { StateStore } from '../../../lambdas/ports.ts';
import { Activity } from '../../world/drive/activity.ts';
import type { RegionInstance } from '../../world/region/instance.ts';
import { fileInMemory, Stage } from '../../world/stage.ts';

const START = 1_772_452_800;
const TYPE = 'x86_64-linux';
const IMAGE = 'ami-02222222222222222';
const ZONES = ['a', 'b', 'c'];
/** The runner has read its file and is believed by then. */
const SETTLING_SECONDS = 180;

/** Sets the stage. Its first tick writes what is to be remembered of it: see {@link remember}. */
export function farmOfSize(machines: number): Stage {
  const config = checkConfig('bench', {
    tag: 'bench',
    maxTotalMachines: machines,
    host: { instanceId: 'i-0123456789abcdef0' },
    systemTypes: { [TYPE]: { minMachines: machines, maxMachines: machines, billing: 'per-second' } },
  });
  const stage = new Stage({
    seed: 1,
    start: START,
    config,
    region: { throttling: false, onDemandVcpuQuota: Infinity },
    file: fileInMemory(),
    activity: new Activity(),
    invoke: () => Promise.reject(new Error('the bench calls the function itself, to measure nothing else')),
  });
  for (let i = 0; i < machines; i++) {
    stage.world.region.seed({
      instanceType: 'c7i.2xlarge',
      imageId: IMAGE,
      subnetId: `subnet-0${(ZONES[i % ZONES.length] ?? 'a').repeat(16)}`,
      startedAt: START - 600,
      template: config.machineTypes[0]?.launchTemplate ?? '',
      tags: { [FARM_TAG]: config.tag, [TYPE_TAG]: TYPE, [LAUNCH_TAG]: 'bench-launch' },
    });
  }
  return stage;
}

/** Remembers and lists all machines, and lets the queue runner read that. */
export async function remember({ world, file }: Stage, store: StateStore): Promise<void> {
  const { config } = world;
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
