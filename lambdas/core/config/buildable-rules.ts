/** Whether the machines of a type can be had and can build what its name promises, as far as that is known offline. */
import { unprovenFor } from './compiled-for.ts';
import type { MachineType } from './machine-type.ts';
import { familyOf, isSize, KNOWN_FAMILIES, partsOf, USUAL_SIZES } from './instance-families.ts';
import type { RuleProblem, Suggest } from './problem.ts';
import type { ConfigRule } from './config.ts';
import { architectureOf, KNOWN_SYSTEMS, PSEUDO_FEATURES, systemsMeant } from './systems.ts';

const eachType =
  (rule: (type: MachineType, suggest: Suggest) => readonly RuleProblem[]): ConfigRule =>
  ({ machineTypes }, suggest) =>
    machineTypes.flatMap((type) => rule(type, suggest));

const pathOf = ({ key }: MachineType, field?: keyof MachineType): string =>
  ['systemTypes', key, ...(field === undefined ? [] : [field])].join('.');

const either = (words: readonly string[]): string => words.map((word) => `"${word}"`).join(' or ');

/** A machine of a system that does not exist never gets a build. */
const systemsExist = eachType((type, suggest) =>
  type.systems
    .filter((system) => !KNOWN_SYSTEMS.includes(system))
    .map((system) => {
      const meant = systemsMeant(system, suggest);
      const remedy =
        meant.length > 0
          ? `did you mean ${either(meant)}?`
          : 'write it as Nix does, PROCESSOR-KERNEL, such as "x86_64-linux"';
      return {
        path: pathOf(type),
        says: PSEUDO_FEATURES.has(system)
          ? `"${system}" is no system of machines: such steps run on any of the Hydra host’s own kind; leave it out`
          : `"${system}" is no system that Nix knows; ${remedy}`,
      };
    }),
);

/** A type that demands what no step requires never gets a build. */
const featuresAreRequired = eachType((type) =>
  type.features
    .filter((feature) => PSEUDO_FEATURES.has(feature))
    .map((feature) => ({
      path: pathOf(type),
      says: `"${feature}" in the name is no feature that steps require: the queue runner puts it behind kinds of steps that need nothing; leave it out`,
    })),
);

const pseudoFeaturesOffered = eachType((type) =>
  type.supportedFeatures
    .filter((feature) => PSEUDO_FEATURES.has(feature))
    .map((feature) => ({
      path: pathOf(type, 'supportedFeatures'),
      says: `"${feature}" is no feature that steps require; it does nothing here and may go`,
    })),
);

const sizesExist = eachType((type, suggest) =>
  type.instanceTypes.flatMap((name, index) => {
    const { family, size } = partsOf(name);
    if (isSize(size)) return [];
    const meant = suggest(size, USUAL_SIZES);
    const remedy =
      meant === undefined
        ? 'sizes are such as large, 2xlarge and metal'
        : `did you mean "${family}.${meant}"?`;
    return [
      {
        path: `${pathOf(type, 'instanceTypes')}.${index}`,
        says: `"${name}" is no instance type of EC2, which has no size ${size}; ${remedy}`,
      },
    ];
  }),
);

/** Families come every year, so one that is not known is AWS's and the doctor's to judge. */
const familiesAreKnown = eachType((type, suggest) =>
  type.instanceTypes.flatMap((name, index) => {
    const { family, size } = partsOf(name);
    if (KNOWN_FAMILIES.includes(family)) return [];
    // A slip leaves series and generation alone; from farther away anything looks alike.
    const near = KNOWN_FAMILIES.filter((known) => known.slice(0, 2) === family.slice(0, 2));
    const meant = suggest(family, near);
    const guess = meant === undefined ? '' : `did you mean "${meant}.${size}"? If not, and `;
    return [
      {
        path: `${pathOf(type, 'instanceTypes')}.${index}`,
        says: `the family ${family} is not known here; ${guess}if it is new, the doctor will ask AWS`,
      },
    ];
  }),
);

/** Instance types on which nothing of the type builds. Other systems may be emulated, so one is enough. */
export function unfitInstanceTypes({ systems, instanceTypes }: MachineType): readonly string[] {
  const wanted = new Set(systems.map(architectureOf).filter((architecture) => architecture !== undefined));
  if (wanted.size === 0) return [];
  return instanceTypes.filter((name) => {
    const family = familyOf(name);
    return family !== undefined && (family.processor === 'mac' || !wanted.has(family.processor));
  });
}

const instanceTypesFit = eachType((type) => {
  const unfit = unfitInstanceTypes(type);
  if (unfit.length === 0) return [];
  const wanted = [...new Set(type.systems.map(architectureOf).filter((one) => one !== undefined))];
  return [
    {
      path: pathOf(type, 'instanceTypes'),
      says: `${inWords(unfit)} cannot build for ${type.systems.join(', ')}; take ${wanted.map((one) => EXAMPLES[one]).join(' or ')}`,
    },
  ];
});

const EXAMPLES = {
  x86_64: 'families of Intel or AMD, such as c7i and c7a',
  arm64: 'families of Graviton, such as c7g',
} as const;

const inWords = (names: readonly string[]): string =>
  names.map((name) => `${name} (${familyOf(name)?.processor ?? 'unknown'})`).join(', ');

const imageBoots = eachType((type) => {
  const { image } = type;
  // The image for a system that does not exist is unknown.
  if ('id' in image || type.systems.some((system) => !KNOWN_SYSTEMS.includes(system))) return [];
  const unfit = unfitInstanceTypes(type);
  const other = image.architecture === 'x86_64' ? 'arm64' : 'x86_64';
  const unable = type.instanceTypes.filter(
    (name) => !unfit.includes(name) && familyOf(name)?.processor === other,
  );
  if (unable.length === 0) return [];
  return [
    {
      path: pathOf(type, 'image'),
      says: `is for ${image.architecture}, which ${inWords(unable)} cannot boot; name instance types of one architecture, and give it to the image: "image": { "architecture": … }`,
      from: [pathOf(type, 'instanceTypes')],
    },
  ];
});

const compiledForTheirProcessors = eachType((type) =>
  [...type.features, ...type.supportedFeatures].flatMap((feature) => {
    const unproven = unprovenFor(feature, type.instanceTypes) ?? [];
    if (unproven.length === 0) return [];
    return [
      {
        path: pathOf(type, type.features.includes(feature) ? undefined : 'supportedFeatures'),
        says: `"${feature}" promises a processor that runs code compiled for it, and ${unproven.join(', ')} may have none: such steps then crash; name instance types that do, or leave it out`,
        from: [pathOf(type, 'instanceTypes')],
      },
    ];
  }),
);

/** What nobody means: machines that cannot be had, cannot start, or get no build. */
export const buildableRules: readonly ConfigRule[] = [
  systemsExist,
  featuresAreRequired,
  sizesExist,
  instanceTypesFit,
  imageBoots,
];

/** What may be right, and often is not. */
export const buildableWarnings: readonly ConfigRule[] = [
  pseudoFeaturesOffered,
  familiesAreKnown,
  compiledForTheirProcessors,
];
