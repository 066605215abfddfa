/** The machines that a story means by the words that stand in place of their ids. */
import { FARM_TAG } from '../../../lambdas/aws/ec2/tags.ts';
import type { RegionInstance } from '../../world/region/instance.ts';
import type { World } from '../../world/world.ts';

/** Our machines that are there, oldest first. */
export function machinesOf({ region, config }: World): readonly RegionInstance[] {
  return region.instances.all
    .filter(({ tags, state }) => tags[FARM_TAG] === config.tag && !/^(shutting-down|terminated)$/.test(state))
    .toSorted((a, b) => a.firstLaunchedAt - b.firstLaunchedAt || (a.instanceId < b.instanceId ? -1 : 1));
}

/** The id that `oldest machine` or `newest machine` stands for; any other text, and these where there is none, as it is. */
export function meantId(world: World, text: string): string {
  const machines = machinesOf(world);
  const ids: Readonly<Record<string, string | undefined>> = {
    'oldest machine': machines[0]?.instanceId,
    'newest machine': machines.at(-1)?.instanceId,
  };
  return (Object.hasOwn(ids, text) ? ids[text] : undefined) ?? text;
}
