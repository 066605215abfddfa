/** Instances that bear our tag and that we did not launch: a person's, from our launch template, and strangers. */
import { FARM_TAG, TYPE_TAG, typeToTagValue } from '../../../../lambdas/aws/ec2/tags.ts';
import type { MachineType } from '../../../../lambdas/core/config/machine-type.ts';
import { done, isRunning, someInstance, unlessRefused } from './disturbance.ts';
import type { Disturbance, DisturbanceContext, Heal } from './disturbance.ts';
import { fittingTypes } from '../../../world/fitting-types.ts';

const MINUTE = 60;
const HOUR = 3600;
const IMAGES = { arm64: 'ami-04444444444444444', x86_64: 'ami-02222222222222222' };
/** Somebody else's launch template. */
const THEIRS = 'somebody-elses';

function startByHand({ stage, luck }: DisturbanceContext): Heal {
  const { config, region } = stage.world;
  const type = luck.pick(config.machineTypes);
  const tagged = luck.chance(0.7) ? { [TYPE_TAG]: typeToTagValue(type.key) } : {};
  unlessRefused(() =>
    region.seed({
      ...placeOf(type),
      template: type.launchTemplate,
      startedAt: stage.world.timeline.now,
      tags: { [FARM_TAG]: config.tag, ...tagged },
    }),
  );
  return done;
}

function placeOf(type: MachineType): {
  readonly instanceType: string;
  readonly imageId: string;
} {
  const instanceType = fittingTypes(type)[0] ?? 'c7i.2xlarge';
  return { instanceType, imageId: /^c\dg\./.test(instanceType) ? IMAGES.arm64 : IMAGES.x86_64 };
}

/** Somebody else's instance, launched by hand or by a fleet from a template of theirs, with the tags of one of ours. */
function pretend(context: DisturbanceContext): Heal | false {
  const { luck, stage } = context;
  const { config, region, timeline } = stage.world;
  const type = luck.pick(config.machineTypes);
  const tags = someInstance(context, isRunning)?.tags ?? {
    [FARM_TAG]: config.tag,
    [TYPE_TAG]: typeToTagValue(type.key),
  };
  const isFromTemplate = luck.chance(0.5);
  const isKnown = region.templates.all.some(({ name }) => name === THEIRS);
  if (isFromTemplate && !isKnown) region.templates.create(THEIRS, {}, timeline.now);
  let made: string | undefined;
  unlessRefused(() => {
    const { instanceId } = region.seed({
      ...placeOf(type),
      ...(isFromTemplate ? { template: THEIRS } : {}),
      startedAt: timeline.now,
      tags: withoutMarks(tags),
    });
    made = instanceId;
  });
  const instanceId = made;
  if (instanceId === undefined) return false;
  return () => {
    unlessRefused(() => region.power.terminate([instanceId]));
  };
}

/** Nobody can copy those. */
const withoutMarks = (tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith('aws:')));

export const handMadeDisturbances: readonly Disturbance[] = [
  { name: 'operator-starts', begin: startByHand },
  { name: 'stranger-tagged', lasts: [10 * MINUTE, HOUR], begin: pretend },
];
