/** One machine type: whether its launches have what they need, and are allowed. */
import { count } from '../text/count.ts';
import type { MachineType } from '../config/machine-type.ts';
import { inContext } from '../reason/problem.ts';
import { about, badBy, doubtful, good } from './finding.ts';
import type { Examined, Finding, FoundSubnet, Prerequisites, Said } from './finding.ts';
import { choiceInWords, examineInstanceTypes } from './instance-types.ts';
import { examinePermissions } from './permissions.ts';

export function examineType(type: MachineType, { prerequisites }: Examined): readonly Finding[] {
  const found = prerequisites.get(type.key);
  if (found === undefined) return [];
  const missing = about(`launches of ${type.key}`, ...obstacles(type, found));
  return [
    ...(missing.length > 0 ? missing : about(`launches of ${type.key}`, nothingMissing(type, found))),
    ...about(`permissions of ${type.key}`, ...examinePermissions(found.trials)),
  ];
}

function obstacles(type: MachineType, found: Prerequisites): readonly (Said | undefined)[] {
  const { image, launchTemplate, subnets } = found;
  return [
    image.ok ? undefined : badBy(image.problem, `correct "image" of ${type.key}`),
    ...examineInstanceTypes(type, found),
    launchTemplate.ok
      ? undefined
      : badBy(
          inContext(`launch template ${type.launchTemplate}`, launchTemplate.problem),
          'deploy the stack, which makes it, or name one of yours in "launchTemplate"',
        ),
    subnets.ok ? addresses(type, subnets.value) : badBy(subnets.problem, `correct "subnets" of ${type.key}`),
  ];
}

function nothingMissing(
  { launchTemplate, instanceTypes, instanceRequirements }: MachineType,
  { image, subnets, instanceTypes: known }: Prerequisites,
): Said {
  const what = image.ok ? `image ${image.value.id}, ` : '';
  const room = subnets.ok && subnets.value.length > 0 ? '; its subnets have room' : '';
  const machines =
    instanceRequirements === undefined
      ? instanceTypes.join(', ')
      : choiceInWords(instanceRequirements, known.ok ? known.value : [], subnets.ok ? subnets.value : []);
  return good(`${what}launch template ${launchTemplate} and ${machines} are there${room}`);
}

/** Stopped machines keep their address, so each machine of the type needs one. */
function addresses({ key, maxMachines }: MachineType, subnets: readonly FoundSubnet[]): Said | undefined {
  const free = subnets.reduce((sum, { freeAddresses }) => sum + freeAddresses, 0);
  if (subnets.length === 0 || free >= maxMachines) return undefined;
  const where = subnets.map(({ subnet, freeAddresses }) => `${subnet} ${freeAddresses}`).join(', ');
  return doubtful(
    `${count(free, 'free address', 'free addresses')} for up to ${count(maxMachines, 'machine')} (${where})`,
    `add a subnet to ${key}, or free addresses; machines that run already count as taken here`,
  );
}
