/** What the doctor says of a Hydra host, whichever queue runner it has. */
import { badBy, doubtful, good } from '../core/doctor/finding.ts';
import type { Examined, Said } from '../core/doctor/finding.ts';

export function reach({ config, observation: { queue } }: Examined): Said {
  const { instanceId } = config.host;
  if (queue.trusted || queue.cause !== 'unreachable') return good(`${instanceId} answers`);
  return badBy(
    queue,
    `see that ${instanceId} runs the SSM agent, shows as Online in Systems Manager, and is the right id in host.instanceId`,
  );
}

/** It is left alone, but an older version, or another farm of that tag, would not. */
export function hostTag({ config, observation }: Examined): Said | undefined {
  const { instanceId } = config.host;
  if (!observation.instances.some((instance) => instance.instanceId === instanceId)) return undefined;
  return doubtful(
    `${instanceId} bears the tag of the farm’s machines; it is left alone, and counts against the caps`,
    `aws ec2 delete-tags --resources ${instanceId} --tags Key=hydra-autoscaler:farm`,
  );
}
