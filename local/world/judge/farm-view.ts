/** The farm as the world sees it: instances by tag, types by the queue runner's rule. */
import type { Config } from '../../../lambdas/core/config/config.ts';
import type { MachineType } from '../../../lambdas/core/config/machine-type.ts';
import {
  FARM_TAG,
  FLEET_MARK,
  LAUNCH_TAG,
  TEMPLATE_MARK,
  TYPE_TAG,
  typeFromTagValue,
} from '../../../lambdas/aws/ec2/tags.ts';
import type { Login } from '../queue-runner/builder-network.ts';
import type { Build, StepKind } from '../hydra/builds.ts';
import type { Evaluations } from '../hydra/evaluations.ts';
import type { HydraRunner } from '../hydra/hydra.ts';
import type { MachinesFileSource } from '../queue-runner/machines-file.ts';
import type { Ledger } from '../ledger.ts';
import type { RegionInstance } from '../region/instance.ts';
import type { Region } from '../region/region.ts';
import type { Timeline } from '../timeline.ts';
import type { Offers } from './offers.ts';

/** What of the world is watched. */
export interface Watched {
  readonly timeline: Timeline;
  readonly region: Region;
  readonly ledger: Ledger;
  readonly runner: HydraRunner;
  readonly machinesFile: MachinesFileSource;
  /** The configuration now. */
  readonly config: Config;
  /** Seconds ago → every configuration since then, the present one included. */
  readonly configsSince: (instant: number) => readonly Config[];
  readonly evaluations: Evaluations;
  /** What the queue runner may give work to. */
  readonly offers: Offers;
  /** Instances whose Nix store does not answer, whatever EC2 says. */
  readonly deaf: ReadonlySet<string>;
}

const ALIVE: ReadonlySet<string> = new Set(['pending', 'running', 'stopping']);

/** Also one that a fleet launched and that has lost its tag since: only the tag can tell of what others made. */
const bearsOurTag = ({ tags, bornTags }: RegionInstance, config: Config): boolean =>
  tags[FARM_TAG] === config.tag || (bornTags[FARM_TAG] === config.tag && bornTags[FLEET_MARK] !== undefined);

/**
 * Bears our tag, and AWS itself says that a fleet launched it from a launch template that a type has or has had. The rest
 * that bears our tag is somebody else's.
 */
export function isOurs(instance: RegionInstance, world: Watched): boolean {
  const { [FLEET_MARK]: fleet, [TEMPLATE_MARK]: template } = instance.bornTags;
  if (!bearsOurTag(instance, world.config) || fleet === undefined) return false;
  const name = world.region.templates.all.find(({ id }) => id === template)?.name;
  const configs = world.configsSince(-Infinity);
  return configs.some(({ machineTypes }) =>
    machineTypes.some(({ launchTemplate }) => launchTemplate === name),
  );
}

/** Bears our tag and is not ours. */
export const isStranger = (instance: RegionInstance, world: Watched): boolean =>
  bearsOurTag(instance, world.config) && !isOurs(instance, world);

export const isAlive = ({ state }: RegionInstance): boolean => ALIVE.has(state);

/** Nobody can know of one that a person made and that lost its tag before any look. */
const isKnowable = (instance: RegionInstance, world: Watched): boolean =>
  instance.tags[FARM_TAG] === world.config.tag ||
  (isOurs(instance, world) && launchIdOf(instance) !== undefined);

/** About to run, running, or about to be stopped, and tagged as ours: what counts against the caps. */
export const countedMachines = (world: Watched): readonly RegionInstance[] =>
  world.region.instances.all.filter((instance) => isAlive(instance) && isKnowable(instance, world));

/** Those of them that are ours. */
export const aliveMachines = (world: Watched): readonly RegionInstance[] =>
  countedMachines(world).filter((instance) => isOurs(instance, world));

export const typeKeyOf = ({ tags, bornTags }: RegionInstance): string =>
  typeFromTagValue(tags[TYPE_TAG] ?? bornTags[TYPE_TAG] ?? '');

export const launchIdOf = ({ bornTags }: RegionInstance): string | undefined => bornTags[LAUNCH_TAG];

export const typeOf = (instance: RegionInstance, config: Config): MachineType | undefined =>
  config.machineTypes.find(({ key }) => key === typeKeyOf(instance));

/** Whom an instance lets in, and where. */
export function loginOf(instance: RegionInstance, config: Config): Login {
  const { sshUser: user = 'root', sshPort: port = 22 } = typeOf(instance, config) ?? {};
  return { user, port };
}

/** Whether a machine of `type` may be given a build of this kind, by the queue runner's rule. */
export function canBuild(
  type: MachineType,
  { system, features }: Pick<StepKind, 'system' | 'features'>,
): boolean {
  const runsHere =
    type.systems.includes(system) ||
    (system === 'builtin' && type.systems.includes('x86_64-linux')) ||
    (system === 'i686-linux' && type.systems.includes('x86_64-linux'));
  return (
    runsHere &&
    type.features.every((feature) => features.includes(feature)) &&
    features.every((feature) => [...type.features, ...type.supportedFeatures].includes(feature))
  );
}

/** Builds that wait for a machine of `type`, whether or not it is their turn. */
export function* waitingFor(world: Watched, type: MachineType): Generator<Build> {
  for (const build of world.runner.unfinishedBuilds) {
    if (!world.ledger.isRunning(build) && canBuild(type, build.kind)) yield build;
  }
}

/** The instances that a start, a stop or a termination names. */
export function instanceIdsIn(input: unknown): readonly string[] {
  const ids: unknown =
    typeof input === 'object' && input !== null && 'InstanceIds' in input ? input.InstanceIds : [];
  return (Array.isArray(ids) ? ids : []).map(String);
}
