/** Which machine type steps count for. */
import { featuresOf, systemsOf } from '../config/machine-type.ts';
import type { MachineType } from '../config/machine-type.ts';
import { PSEUDO_FEATURES } from '../config/systems.ts';
import type { StepDemand } from '../model/index.ts';

/** The parts of a kind of steps that tell. */
type Kind = Pick<StepDemand, 'system' | 'features'>;

/**
 * Whether a machine of `type` may build such steps, by the queue runner's own rule: the system fits, every required
 * feature is supported, and every mandatory feature of the machine is required. Of steps whose features are not known the
 * system alone is asked.
 * @param hostSystem the Hydra host's system, which `builtin` steps run on; unknown means any.
 */
export function covers(type: MachineType, step: Kind, hostSystem: string | undefined): boolean {
  const isForSystem = runsSystem(type, step.system, hostSystem);
  if (step.features === undefined) return isForSystem;
  const required = step.features.filter((feature) => !PSEUDO_FEATURES.has(feature));
  const offered = featuresOf(type);
  return (
    isForSystem &&
    required.every((feature) => offered.includes(feature)) &&
    type.features.every((feature) => required.includes(feature))
  );
}

function runsSystem(type: MachineType, system: string, hostSystem: string | undefined): boolean {
  const systems = systemsOf(type);
  if (system === 'builtin') return hostSystem === undefined || systems.includes(hostSystem);
  return systems.includes(system);
}

/**
 * The type steps of one kind count for: the one named like the kind, as with hydra-provisioner; otherwise, of those
 * that cover it, the one that offers least beyond it, then the first.
 */
export function typeFor(
  types: readonly MachineType[],
  step: Kind & Pick<StepDemand, 'key'>,
  hostSystem: string | undefined,
): MachineType | undefined {
  const fitting = types.filter((type) => covers(type, step, hostSystem));
  const spare = (type: MachineType): number => featuresOf(type).length + systemsOf(type).length;
  return types.find(({ key }) => key === step.key) ?? fitting.toSorted((a, b) => spare(a) - spare(b))[0];
}
