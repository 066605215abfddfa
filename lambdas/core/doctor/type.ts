/** One machine type: whether its launches have what they need, and are allowed. */
import { count } from '../text/count.ts';
import type { MachineType } from '../config/machine-type.ts';
import { bad, doubtful, good } from './finding.ts';
import type { Examined, Finding, Prerequisites } from './finding.ts';
import { examineInstanceTypes } from './instance-types.ts';
import { examinePermissions } from './permissions.ts';

export function examineType(type: MachineType, { prerequisites }: Examined): readonly Finding[] {
  const found = prerequisites.get(type.key);
  return found === undefined ? [] : [...launches(type, found), ...examinePermissions(type, found.trials)];
}

function launches(type: MachineType, found: Prerequisites): readonly Finding[] {
  const check = `launches of ${type.key}`;
  const { image, launchTemplate, subnets } = found;
  const findings: Finding[] = [];
  if ('missing' in image) findings.push(bad(check, image.missing, `correct "image" of ${type.key}`));
  findings.push(...examineInstanceTypes(check, type, found));
  if ('missing' in launchTemplate)
    findings.push(
      bad(
        check,
        `launch template ${type.launchTemplate}: ${launchTemplate.missing}`,
        'deploy the stack, which makes it, or name one of yours in "launchTemplate"',
      ),
    );
  if ('missing' in subnets) findings.push(bad(check, subnets.missing, `correct "subnets" of ${type.key}`));
  else findings.push(...addresses(check, type, subnets.found));
  if (findings.length > 0) return findings;
  const what = 'found' in image ? `image ${image.found.id}, ` : '';
  const sizes = type.instanceTypes.join(', ');
  const room = 'found' in subnets && subnets.found.length > 0 ? '; its subnets have room' : '';
  return [good(check, `${what}launch template ${type.launchTemplate} and ${sizes} are there${room}`)];
}

/** Stopped machines keep their address, so each machine of the type needs one. */
function addresses(
  check: string,
  { key, maxMachines }: MachineType,
  subnets: readonly { readonly subnet: string; readonly freeAddresses: number }[],
): readonly Finding[] {
  const free = subnets.reduce((sum, { freeAddresses }) => sum + freeAddresses, 0);
  if (subnets.length === 0 || free >= maxMachines) return [];
  const where = subnets.map(({ subnet, freeAddresses }) => `${subnet} ${freeAddresses}`).join(', ');
  return [
    doubtful(
      check,
      `${count(free, 'free address', 'free addresses')} for up to ${count(maxMachines, 'machine')} (${where})`,
      `add a subnet to ${key}, or free addresses; machines that run already count as taken here`,
    ),
  ];
}
