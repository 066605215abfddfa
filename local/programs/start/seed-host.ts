/** The Hydra host as EC2 has it; without this the region has it as SSM's managed node alone. */
import type { World } from '../../world/world.ts';

/** Makes it an instance like any other, for whoever asks EC2 where it is; nothing for one outside EC2. */
export function seedHost({ region, config }: World): void {
  const { instanceId } = config.host;
  const image = region.images.all.find(({ architecture }) => architecture === 'x86_64');
  if (!instanceId.startsWith('i-') || image === undefined) return;
  region.seed({ instanceId, instanceType: 'm7i.large', imageId: image.imageId, tags: { Name: 'hydra' } });
}
