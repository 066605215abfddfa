/** Events of a scenario that people, or machines on their behalf, make happen. */
import * as z from 'zod';
import { FARM_TAG } from '../../../lambdas/aws/ec2/tags.ts';
import { imageFor } from '../../world/ports/world-prerequisites.ts';
import type { FaultyStage } from '../simulate/faulty-stage.ts';
import { RegionError } from '../../world/region/errors.ts';
import { instanceTypeFacts } from '../../world/region/instance-types.ts';
import { stripTags } from '../../world/region/tags.ts';
import type { World } from '../../world/world.ts';
import type { WorldEvent } from './events.ts';
import { machinesOf, meantId } from './meant-machines.ts';
import { fittingTypes } from '../../world/fitting-types.ts';

/** Keys of all tags by which the farm knows its machines begin with this. */
const TAG_PREFIX = FARM_TAG.slice(0, FARM_TAG.indexOf(':') + 1);

export function takeTagsOff(world: World, which: 'all' | 'oldest' | number): void {
  const machines = machinesOf(world);
  const count = which === 'all' ? machines.length : which === 'oldest' ? 1 : which;
  for (const { instanceId } of machines.slice(0, count)) {
    const instance = world.region.instances.forChange(instanceId);
    if (instance !== undefined) stripTags(instance, TAG_PREFIX);
  }
}

/** The order's event with ids in place of the words for the oldest and the newest machine, if there are machines. */
export function giveOrder(stage: FaultyStage, event: object): void {
  const meant: unknown = JSON.parse(JSON.stringify(event), (_key, value: unknown) =>
    typeof value === 'string' ? meantId(stage.world, value) : value,
  );
  if (typeof meant !== 'object' || meant === null) return;
  if (!('scaleOut' in meant) && !('scaleIn' in meant)) stage.person.send(meant);
  else void scaled(stage, meant);
}

/** The judge minds what people hold by hand. */
async function scaled({ lambda, floors }: FaultyStage, event: object): Promise<void> {
  const { answer } = await lambda.invoke(event);
  if (answer?.result !== 'recorded') return;
  const { floor } = answer;
  if (floor !== undefined) floors.push(floor);
  else floors.splice(0, Infinity, ...floors.filter(({ type }) => type !== typeOf(event)));
}

/** The type whose scale-out is over. */
const typeOf = (event: object): string | undefined =>
  z.object({ scaleIn: z.object({ type: z.string() }) }).safeParse(event).data?.scaleIn.type;

export function tickTwice({ lambda, world }: FaultyStage, apartSeconds: number, isSame: boolean): void {
  const TICK = { tick: true };
  const requestId = `delivered-twice-at-${Math.round(world.timeline.now)}`;
  void lambda.invoke(TICK, requestId);
  world.timeline.after(apartSeconds, () => {
    void lambda.invoke(TICK, isSame ? requestId : undefined);
  });
}

/** Somebody starts instances by hand; what AWS refuses them, they do without. */
export function launchForeign(world: World, event: Extract<WorldEvent, { do: 'foreign-instance' }>): void {
  const { region, config, timeline } = world;
  const type = config.machineTypes.find(({ key }) => key === event.type);
  const instanceType = (type && fittingTypes(type)[0]) ?? event.type;
  const subnetId = type?.subnets[0];
  for (let made = 0; made < event.count; made++) {
    try {
      region.seed({
        instanceType,
        imageId: type === undefined ? imageOf(world, instanceType) : imageFor(region, type),
        startedAt: timeline.now,
        tags: event.tags,
        ...(subnetId === undefined ? {} : { subnetId }),
      });
    } catch (error) {
      if (!(error instanceof RegionError)) throw error;
    }
  }
}

/** Some image of the instance type's architecture. */
function imageOf({ region }: World, instanceType: string): string {
  const { architecture } = instanceTypeFacts(instanceType) ?? { architecture: 'x86_64' };
  return region.images.all.find((image) => image.architecture === architecture)?.imageId ?? '';
}
