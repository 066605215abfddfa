/** Whether what EC2 is to choose by can be meant: requirements of machines, as far as they can be judged offline. */
import type { ConfigRule } from './config.ts';
import { MAKERS } from './instance-requirements.ts';
import type { InstanceRequirements, Range } from './instance-requirements.ts';
import { KNOWN_FAMILIES } from './instance-families.ts';
import type { MachineType } from './machine-type.ts';
import type { RuleProblem } from './problem.ts';
import { architectureOf, KNOWN_SYSTEMS } from './systems.ts';

const SETTING = 'instanceRequirements';

const eachRequired =
  (rule: (type: MachineType, required: InstanceRequirements) => readonly RuleProblem[]): ConfigRule =>
  ({ machineTypes }) =>
    machineTypes.flatMap((type) =>
      type.instanceRequirements === undefined ? [] : rule(type, type.instanceRequirements),
    );

const pathIn = ({ key }: MachineType, field?: string): string =>
  ['systemTypes', key, SETTING, ...(field === undefined ? [] : [field])].join('.');

/** EC2 takes either, never both (AWS: docs/develop/facts.md#ec2-instance-requirements). */
const oneWayOfChoosing = eachRequired((type) =>
  type.instanceTypes.length === 0
    ? []
    : [
        {
          path: pathIn(type),
          says:
            `says what machines must be like, and instanceTypes which ones they are (${type.instanceTypes.join(', ')}); ` +
            'keep this and remove instanceTypes, or remove this',
          from: [`systemTypes.${type.key}.instanceTypes`],
        },
      ],
);

const rangesHoldSomething = eachRequired((type, { vCpus, memoryGiB }) =>
  Object.entries({ vCpus, memoryGiB })
    .filter(([, { min, max }]: [string, Range]) => max !== undefined && max < min)
    .map(([field, { min, max }]) => ({
      path: pathIn(type, field),
      says: `allows at most ${max} and at least ${min}, which nothing is; raise max or lower min`,
    })),
);

const buildsForASystem = eachRequired((type, { architecture }) => {
  const wanted = [...new Set(type.systems.map(architectureOf).filter((one) => one !== undefined))];
  if (wanted.length === 0 || wanted.includes(architecture)) return [];
  return [
    {
      path: pathIn(type, 'architecture'),
      says: `is ${architecture}, which cannot build for ${type.systems.join(', ')}; say ${wanted.join(' or ')}, or leave it out`,
      from: [`systemTypes.${type.key}`],
    },
  ];
});

const makersMakeIt = eachRequired((type, { architecture, manufacturers }) => {
  const others = manufacturers.filter((maker) => !MAKERS[architecture].includes(maker));
  if (others.length === 0) return [];
  return [
    {
      path: pathIn(type, 'manufacturers'),
      says: `names ${others.join(' and ')}, but processors of ${architecture} are made by ${MAKERS[architecture].join(' and ')}`,
      from: [pathIn(type, 'architecture')],
    },
  ];
});

const imageBootsThere = eachRequired((type, { architecture }) => {
  const { image, key } = type;
  // The image for a system that does not exist is unknown.
  const isUnknown = 'id' in image || type.systems.some((system) => !KNOWN_SYSTEMS.includes(system));
  if (isUnknown || image.architecture === architecture) return [];
  return [
    {
      path: `systemTypes.${key}.image`,
      says: `is for ${image.architecture}, and instanceRequirements ask for machines of ${architecture}, which cannot boot it; give both one architecture`,
      from: [pathIn(type, 'architecture')],
    },
  ];
});

const familiesToLeaveOutAreKnown = eachRequired((type, { excludeFamilies }) =>
  excludeFamilies.flatMap((family, index) => {
    const pattern = new RegExp(`^${family.split('*').map(RegExp.escape).join('.*')}$`);
    return KNOWN_FAMILIES.some((known) => pattern.test(known))
      ? []
      : [
          {
            path: `${pathIn(type, 'excludeFamilies')}.${index}`,
            says: `${family} leaves out no family that is known here; write a family such as c5, or m5* for all that begin so`,
          },
        ];
  }),
);

const promisesNoProcessor = eachRequired((type) =>
  [...type.features, ...type.supportedFeatures]
    .filter((feature) => feature.startsWith('gccarch-'))
    .map((feature) => ({
      path: pathIn(type),
      says: `let EC2 choose the processor, and "${feature}" promises one that runs code compiled for it: such steps may crash; name instanceTypes that do, or leave the feature out`,
      from: [`systemTypes.${type.key}.supportedFeatures`],
    })),
);

/** What the code relies on. */
export const requirementNeeds: readonly ConfigRule[] = [oneWayOfChoosing];

/** What nobody means: nothing fits, or nothing builds there. */
export const requirementRules: readonly ConfigRule[] = [
  rangesHoldSomething,
  buildsForASystem,
  makersMakeIt,
  imageBootsThere,
];

/** What may be right, and often is not. */
export const requirementWarnings: readonly ConfigRule[] = [familiesToLeaveOutAreKnown, promisesNoProcessor];
