/**
 * The simulated AWS region: EC2 and SSM as the autoscaler meets them, in virtual time and without a wire.
 * `local/world/endpoint/` speaks HTTP for it; the simulation and the tests use it directly.
 */
import type { Random } from '../random.ts';
import type { Timeline } from '../timeline.ts';
import { BillingMeter } from './billing.ts';
import { Capacity } from './capacity.ts';
import { Delays } from './delays.ts';
import { Events } from './events.ts';
import { Faults } from './faults.ts';
import { Fleets } from './fleets.ts';
import { Gate } from './gate.ts';
import { Ids } from './ids.ts';
import { Images, nixosImages } from './images.ts';
import type { RegionInstance } from './instance.ts';
import { Instances } from './instances.ts';
import { LaunchTemplates } from './launch-templates.ts';
import { Launcher } from './launcher.ts';
import { Listings } from './listings.ts';
import { Mishaps } from './mishaps.ts';
import { Lifecycle } from './lifecycle.ts';
import { Network, type Subnet } from './network.ts';
import { Observers, type RegionObserver } from './observers.ts';
import { Power } from './power.ts';
import { Refusals } from './refusals.ts';
import { seedInstance, type SeedInstance } from './seed-instance.ts';
import { defaultSettings, type RegionSettings } from './settings.ts';
import { Spot } from './spot.ts';
import type { Executor } from './ssm/executor.ts';
import type { SeedNode } from './ssm/nodes.ts';
import { Ssm } from './ssm/ssm.ts';

export interface RegionOptions {
  readonly timeline: Timeline;
  readonly random: Random;
  /** Runs the scripts of SSM commands. */
  readonly executor: Executor;
  readonly settings?: Partial<RegionSettings>;
  /** One subnet per zone when absent. */
  readonly subnets?: readonly Subnet[];
  /** Managed nodes that have been there since before: the Hydra host. */
  readonly nodes?: readonly SeedNode[];
}

export class Region {
  readonly timeline: Timeline;
  readonly settings: RegionSettings;
  readonly faults: Faults;
  readonly gate: Gate;
  /** Calls that are refused for a while. */
  readonly refusals: Refusals;
  /** Answers that are short of instances. */
  readonly listings: Listings;
  /** What befalls instances without a call. */
  readonly mishaps: Mishaps;
  readonly delays: Delays;
  readonly capacity = new Capacity();
  readonly network: Network;
  readonly images: Images;
  readonly templates: LaunchTemplates;
  readonly instances = new Instances();
  readonly lifecycle: Lifecycle;
  readonly launcher: Launcher;
  readonly fleets: Fleets;
  readonly power: Power;
  readonly spot: Spot;
  /** What is told to EventBridge. */
  readonly events: Events;
  readonly billing = new BillingMeter();
  readonly ssm: Ssm;
  readonly ids: Ids;
  readonly #observers = new Observers();

  constructor(options: RegionOptions) {
    const { timeline, executor } = options;
    const settings = { ...defaultSettings, ...options.settings };
    const random = options.random.fork();
    const observers = this.#observers;
    const { capacity, instances, billing } = this;
    this.timeline = timeline;
    this.listings = new Listings(observers);
    this.settings = settings;
    this.ids = new Ids(options.random.fork());
    this.faults = new Faults(options.random.fork());
    this.delays = new Delays(timeline, options.random.fork());
    this.refusals = new Refusals(options.random.fork(), instances);
    const { faults, refusals, delays } = this;
    this.gate = new Gate({ timeline, settings, faults, refusals, observers });
    this.network = new Network(settings.regionName, settings.zoneLetters, options.subnets);
    this.images = new Images(nixosImages(timeline.now));
    this.templates = new LaunchTemplates(this.ids);
    const { ids, network, images, templates } = this;
    const clockwork = { timeline, random, settings, instances, observers };
    this.lifecycle = new Lifecycle({ ...clockwork, network, billing, delays });
    const { lifecycle } = this;
    this.events = new Events(timeline, ids, settings, observers);
    const { events } = this;
    this.spot = new Spot({ ...clockwork, ids, lifecycle, events });
    const { spot } = this;
    this.launcher = new Launcher({
      ...clockwork,
      ids,
      templates,
      images,
      network,
      capacity,
      lifecycle,
      spot,
      delays,
    });
    this.fleets = new Fleets({ launcher: this.launcher, ids, settings, refusals });
    this.power = new Power({ timeline, capacity, instances, lifecycle });
    this.ssm = new Ssm({ ...clockwork, ids, events, executor, seeds: options.nodes ?? [] });
    this.mishaps = new Mishaps({ ...clockwork, random: options.random.fork(), lifecycle, spot });
  }

  /** Returns the way to stop observing. */
  observe(observer: RegionObserver): () => void {
    return this.#observers.add(observer);
  }

  /** Changes settings of the running region. */
  adjust(changes: Partial<RegionSettings>): void {
    Object.assign(this.settings, changes);
  }

  /** The machine itself powers off: its shutdown behaviour says whether it stops or ends. */
  powerOff(instanceId: string): void {
    const instance = this.instances.forChange(instanceId);
    if (instance?.state === 'running') this.lifecycle.powerOff(instance);
  }

  /** Puts an instance there that has been running for a while: made by hand, or the Hydra host itself. */
  seed(seed: SeedInstance): RegionInstance {
    return seedInstance(this, seed);
  }
}
