/** Where a machine fleet is tried out: a simulated region with a launch template, images and three zones. */
import type { MachineType } from '../../lambdas/core/config/machine-type.ts';
import type { Instance, Launch, Pool } from '../../lambdas/core/model/index.ts';
import type { Builders, LaunchResult, MachineFleet } from '../../lambdas/ports.ts';
import { Random } from '../../local/world/random.ts';
import { Region } from '../../local/world/region/region.ts';
import type { RegionSettings } from '../../local/world/region/settings.ts';
import type { Executor } from '../../local/world/region/ssm/executor.ts';
import { Timeline } from '../../local/world/timeline.ts';
import { aType } from '../core/given.ts';

export const FARM = 'hydra-provisioned';
const TEMPLATE = 'hydra-builder';
const START = 1_800_000_000;

/** The newest NixOS image for x86_64 in the region, and one that prints fingerprints instead of keys. */
export const NEWEST_IMAGE = 'ami-02222222222222222';
export const OLD_IMAGE = 'ami-05555555555555555';

/** Whatever is asked of machines over SSM, they answer nothing. */
const silentExecutor: Executor = {
  run: (_job, finish) => {
    finish({ kind: 'exited', exitCode: 0, stdout: '', stderr: '' });
    return () => undefined;
  },
};

/** Instances are visible at once unless `settings` say otherwise. */
function makeRegion(settings: Partial<RegionSettings>): Region {
  const region = new Region({
    timeline: new Timeline(START),
    random: new Random(1),
    executor: silentExecutor,
    settings: { hiddenSeconds: [0, 0], ...settings },
  });
  region.templates.create(
    TEMPLATE,
    { imageId: NEWEST_IMAGE, instanceType: 'c7i.2xlarge', shutdownBehavior: 'terminate' },
    START,
  );
  return region;
}

export const nixosType: MachineType = aType('x86_64-linux,i686-linux:kvm', {
  maxMachines: 5,
  billing: 'per-second',
  instanceTypes: ['c7i.2xlarge'],
  launchTemplate: TEMPLATE,
});

/** A pool in the zone of that letter. */
export const poolOf = (zoneLetter: 'a' | 'b' | 'c', market: Pool['market'] = 'on-demand'): Pool => ({
  instanceType: 'c7i.2xlarge',
  subnet: `subnet-0${zoneLetter.repeat(16)}`,
  market,
});

const launchOf = (changes: Partial<Launch> = {}): Launch => ({
  id: 'launch-1',
  type: nixosType.key,
  count: 1,
  pools: [poolOf('a')],
  requestedAt: START,
  ...changes,
});

export interface FleetHarness {
  readonly fleet: MachineFleet;
  readonly builders: Builders;
  close(): Promise<void>;
}

/** Makes a fleet for the farm of that tag over this region. Only the contract moves the region's clock. */
export type MakeFleet = (region: Region, farm: string) => Promise<FleetHarness>;

/** A fresh region and fleet for each test. */
export class FleetBench {
  readonly #makeFleet: MakeFleet;
  #world: { readonly region: Region; readonly harness: FleetHarness } | undefined;

  constructor(makeFleet: MakeFleet) {
    this.#makeFleet = makeFleet;
  }

  /** Begins anew; a test may do so once more with other settings. */
  async begin(settings: Partial<RegionSettings> = {}): Promise<void> {
    await this.close();
    const region = makeRegion(settings);
    this.#world = { region, harness: await this.#makeFleet(region, FARM) };
  }

  async close(): Promise<void> {
    await this.#world?.harness.close();
    this.#world = undefined;
  }

  get region(): Region {
    return this.#begun.region;
  }

  get builders(): Builders {
    return this.#begun.harness.builders;
  }

  get fleet(): MachineFleet {
    return this.#begun.harness.fleet;
  }

  advance(seconds: number): void {
    this.region.timeline.advanceTo(this.region.timeline.now + seconds);
  }

  launch(changes: Partial<Launch> = {}, type: MachineType = nixosType): Promise<LaunchResult> {
    return this.fleet.launch(launchOf(changes), type);
  }

  /** Launches what has to succeed; the ids of the machines. */
  async launched(changes: Partial<Launch> = {}): Promise<readonly string[]> {
    const result = await this.launch(changes);
    if (!result.answered) throw new Error(`the launch was not answered: ${result.reason}`);
    return result.instanceIds;
  }

  async described(id: string | undefined): Promise<Instance | undefined> {
    return (await this.fleet.describe()).instances.find(({ instanceId }) => instanceId === id);
  }

  get #begun(): { readonly region: Region; readonly harness: FleetHarness } {
    if (this.#world === undefined) throw new Error('begin() comes first');
    return this.#world;
  }
}
