/** What machines that are set up at boot can build: only what their processor runs, since nothing emulates others. */
import type { RuleProblem } from '../lambdas/core/config/problem.ts';
import { unfitInstanceTypes } from '../lambdas/core/config/buildable-rules.ts';
import type { InstanceRequirements } from '../lambdas/core/config/instance-requirements.ts';
import type { MachineType } from '../lambdas/core/config/machine-type.ts';
import { familyOf, runs32BitArm } from '../lambdas/core/config/instance-families.ts';
import { architectureOf, is32BitArm, KNOWN_SYSTEMS } from '../lambdas/core/config/systems.ts';
import type { Deployment } from './deployment.ts';

type Rule = (deployment: Deployment) => readonly RuleProblem[];

/** The systems of a type, with the instance types that do not run them. Unknown ones of either are told elsewhere. */
function foreignSystems(type: MachineType): readonly (readonly [system: string, names: readonly string[]])[] {
  if (type.instanceRequirements !== undefined) return foreignToChoice(type, type.instanceRequirements);
  const unfit = unfitInstanceTypes(type);
  const names = type.instanceTypes.filter((name) => !unfit.includes(name));
  return type.systems
    .filter((system) => KNOWN_SYSTEMS.includes(system))
    .map((system) => [system, names.filter((name) => !runs(name, system))] as const)
    .filter(([, unable]) => unable.length > 0);
}

/** Of what EC2 chooses the architecture is known, and that some of ARM's run no programs of 32 bits. */
const foreignToChoice = (
  { systems }: MachineType,
  { architecture }: InstanceRequirements,
): readonly (readonly [system: string, names: readonly string[]])[] =>
  systems
    .filter((system) => KNOWN_SYSTEMS.includes(system))
    .filter(
      (system) => architectureOf(system) !== architecture || (architecture === 'arm64' && is32BitArm(system)),
    )
    .map((system) => [system, [`every machine of ${architecture} that EC2 may choose`]]);

function runs(instanceType: string, system: string): boolean {
  const family = familyOf(instanceType);
  if (family === undefined) return true;
  return family.processor === architectureOf(system) && (!is32BitArm(system) || runs32BitArm(family));
}

const eachSetUpAtBoot =
  (rule: (type: MachineType) => readonly string[]): Rule =>
  ({ builders }) =>
    builders
      .filter(({ settings }) => settings.userData === 'nixos')
      .flatMap(({ type }) =>
        rule(type).map((says) => ({
          path: `systemTypes.${type.key}`,
          says,
          from: [
            `systemTypes.${type.key}.instanceTypes`,
            'deploy.builder.userData',
            `deploy.builders.${type.key}.userData`,
          ],
        })),
      );

const buildNativelyOnly = eachSetUpAtBoot((type) =>
  foreignSystems(type).map(
    ([system, names]) => `"${system}" is not what ${names.join(', ')} can build; ${remedyFor(system, type)}`,
  ),
);

function remedyFor(system: string, { key }: MachineType): string {
  if (system.endsWith('-darwin')) return 'it takes a Mac: give Hydra Macs of its own';
  if (is32BitArm(system) && architectureOf(system) === 'arm64')
    return '32-bit ARM takes Graviton 2 or 3, such as c6g and c7g: later ones run 64-bit programs only';
  if (architectureOf(system) === undefined)
    return `no processor of EC2 is: bring an image that emulates it, and set deploy.builders."${key}".userData to "none"`;
  return `give it a type of its own with instance types that do, or bring an image that emulates it and set deploy.builders."${key}".userData to "none"`;
}

const thirtyTwoBits = eachSetUpAtBoot((type) =>
  type.systems
    .filter((system) => is32BitArm(system))
    .map(
      (system) =>
        `"${system}" is built on a 64-bit kernel, as programs of 32 bits: builds that ask the kernel what it is take themselves for aarch64 (Nix manual, extra-platforms)`,
    ),
);

/** For rules and warnings of the deployment. */
export const nativeRules: readonly Rule[] = [buildNativelyOnly];
export const nativeWarnings: readonly Rule[] = [thirtyTwoBits];
