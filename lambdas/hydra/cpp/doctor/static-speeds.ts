/** Whether machines that other people have listed, and have paid for, are still given steps before ours. */
import type { MachineType } from '../../../core/config/machine-type.ts';
import { systemsOf } from '../../../core/config/machine-type.ts';
import { doubtful, good } from '../../../core/doctor/finding.ts';
import type { Said } from '../../../core/doctor/finding.ts';
import { count } from '../../../core/text/count.ts';
import { packingScale, speedOf } from '../life/speed.ts';
import type { Inspected, StaticSpeed } from './inspection.ts';

const NAMED = 5;

/** Nothing where no machine of ours is packed, or none of theirs builds what ours do. */
export function staticSpeeds({ config: { machineTypes }, inspection }: Inspected): Said | undefined {
  const { speeds = [] } = inspection.ok ? inspection.value.staticMachines : {};
  const packed = machineTypes.filter(({ placement }) => placement === 'pack');
  const rivals = speeds.map((one) => ({ one, types: packed.filter((type) => buildsAlike(type, one)) }));
  const shared = rivals.filter(({ types }) => types.length > 0);
  if (shared.length === 0) return undefined;
  const later = shared.filter(({ one, types }) => types.some((type) => isOvertaken(machineTypes, type, one)));
  if (later.length === 0) return good('they are given steps as they were before ours were packed');
  const scale = Math.ceil(packingScale(machineTypes));
  const named = later.slice(0, NAMED).map(({ one }) => `${one.address} (${one.speedFactor})`);
  const more = later.length > NAMED ? ` and ${later.length - NAMED} more` : '';
  const ours = Math.max(...later.flatMap(({ types }) => types.map((type) => speedOf(machineTypes, type))));
  return doubtful(
    `${count(later.length, 'static machine')} would be given steps only when ours are full: ${named.join(', ')}${more}, by their speed factors, beside up to ${ours} of ours, which are packed`,
    `where they shall come first, multiply their speed factors by ${scale + 1} in their file; where loads shall be even, set "placement" of ${packed.map(({ key }) => key).join(', ')} to "spread"`,
  );
}

const buildsAlike = (type: MachineType, { systems }: StaticSpeed): boolean =>
  systemsOf(type).some((system) => systems.includes(system));

/** It came before an equally loaded machine of ours, or beside it, and comes after all of them now. */
const isOvertaken = (
  types: readonly MachineType[],
  type: MachineType,
  { speedFactor }: StaticSpeed,
): boolean => speedFactor >= type.speedFactor && speedFactor <= speedOf(types, type);
