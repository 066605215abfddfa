/** What the shape of the configuration cannot say: rules across fields, one function each. */
import { hourEnd } from '../model/billing.ts';
import type { MachineType } from './machine-type.ts';
import { buildableRules, buildableWarnings } from './buildable-rules.ts';
import type { ConfigRule } from './config.ts';
import { costlySettings } from './costs.ts';
import { dollarRules } from './dollar-rules.ts';
import { requirementNeeds, requirementRules, requirementWarnings } from './requirement-rules.ts';
import { noSecrets } from './secrets.ts';
import { highestFloor } from './warm.ts';

const HALF_AN_HOUR_SECONDS = 1800;

const eachType =
  (rule: (type: MachineType) => string | undefined, field: string): ConfigRule =>
  (config) =>
    config.machineTypes.flatMap((type) => {
      const says = rule(type);
      return says === undefined ? [] : [{ path: `systemTypes.${type.key}.${field}`, says }];
    });

/** EC2 refuses to stop one-time spot instances. */
const spotCannotStop = eachType(
  (type) =>
    type.stopOnIdle && type.market !== 'on-demand'
      ? 'spot instances cannot be stopped; set market to "on-demand" or stopOnIdle to false'
      : undefined,
  'stopOnIdle',
);

const uniqueTypes: ConfigRule = (config) => {
  const seen = new Map<string, string>();
  return config.machineTypes.flatMap((type) => {
    const same = [type.systems.toSorted().join(), type.features.toSorted().join()].join(':');
    const other = seen.get(same);
    seen.set(same, type.key);
    if (other === undefined) return [];
    return [
      {
        path: `systemTypes.${type.key}`,
        says: `is the same set of systems and features as ${other}; keep one`,
      },
    ];
  });
};

const uniqueTemplates: ConfigRule = (config) => {
  const seen = new Map<string, string>();
  return config.machineTypes.flatMap((type) => {
    const other = seen.get(type.launchTemplate);
    seen.set(type.launchTemplate, type.key);
    if (other === undefined) return [];
    return [
      {
        path: `systemTypes.${type.key}.launchTemplate`,
        says: `is "${type.launchTemplate}", as for ${other}; give each type its own`,
      },
    ];
  });
};

/** The cap would win, and nobody writes a floor that is never kept. */
const floorBelowCap: ConfigRule = ({ machineTypes }) =>
  machineTypes.flatMap(({ key, minMachines, warm, maxMachines }) => {
    const floors = [
      { path: 'minMachines', machines: minMachines },
      ...warm.map(({ machines }, index) => ({ path: `warm.${index}.machines`, machines })),
    ];
    return floors
      .filter(({ machines }) => machines > maxMachines)
      .map(({ path, machines }) => ({
        path: `systemTypes.${key}.${path}`,
        says: `is ${machines}, but maxMachines is ${maxMachines}; raise maxMachines or lower this`,
        from: [`systemTypes.${key}.maxMachines`],
      }));
  });

const floorsFit: ConfigRule = (config) => {
  const floors = config.machineTypes.reduce(
    (sum, type) => sum + Math.min(highestFloor(type), type.maxMachines),
    0,
  );
  if (floors <= config.maxTotalMachines) return [];
  return [
    {
      path: 'maxTotalMachines',
      says: `is ${config.maxTotalMachines} but the types' minMachines, or warm where that is more, add up to ${floors}; raise it or lower them`,
    },
  ];
};

/** A machine drains a period and five minutes before its hour turns; more than half an hour would be thrown away. */
const hoursAreUsed: ConfigRule = ({ schedulePeriodSeconds, machineTypes }) => {
  const hourly = machineTypes.filter(({ billing }) => billing === 'hourly').map(({ key }) => key);
  if (hourly.length === 0 || hourEnd(schedulePeriodSeconds).drainSeconds <= HALF_AN_HOUR_SECONDS) return [];
  return [
    {
      path: 'schedule',
      says:
        `is too rare for billing "hourly" of ${hourly.join(', ')}: machines would be drained with more than half of an hour ` +
        'paid for; tick every 25 minutes or more often, or set billing to "per-second" if AWS bills so',
    },
  ];
};

/** They count in different ways, and nobody can mean both. */
const oneWayOfCounting: ConfigRule = ({ machineTypes }) =>
  machineTypes
    .filter(
      ({ targetWaitSeconds, ancestorsKnobs }) => targetWaitSeconds !== undefined && ancestorsKnobs.length > 0,
    )
    .map(({ key, ancestorsKnobs }) => ({
      path: `systemTypes.${key}.targetWait`,
      says:
        `counts machines by what steps take, and ${ancestorsKnobs.join(' and ')} by how many there are, as hydra-provisioner did; ` +
        `keep this and remove ${ancestorsKnobs.length === 1 ? 'that' : 'those'}, or remove this`,
      from: ancestorsKnobs.map((knob) => `systemTypes.${key}.${knob}`),
    }));

/** All of them share one record of what rests and waits, which DynamoDB bounds at 400 KB. */
const MACHINE_TYPES_MAX = 40;

const fewTypes: ConfigRule = ({ machineTypes }) =>
  machineTypes.length <= MACHINE_TYPES_MAX
    ? []
    : [
        {
          path: 'systemTypes',
          says: `has ${machineTypes.length} machine types; a farm may have ${MACHINE_TYPES_MAX}, since what rests and waits of all of them is one item of the state table, which DynamoDB bounds at 400 KB. Split it into farms with tags of their own`,
        },
      ];

/** What the code relies on. */
export const neededRules: readonly ConfigRule[] = [
  spotCannotStop,
  uniqueTypes,
  uniqueTemplates,
  floorsFit,
  hoursAreUsed,
  oneWayOfCounting,
  ...requirementNeeds,
  fewTypes,
];

/** What the code could work with, as hydra-provisioner did, and nobody means. */
export const meantRules: readonly ConfigRule[] = [
  floorBelowCap,
  ...buildableRules,
  ...requirementRules,
  ...dollarRules,
];

/** What is told and not refused. */
export const configWarnings: readonly ConfigRule[] = [
  ...buildableWarnings,
  ...requirementWarnings,
  noSecrets,
  costlySettings,
];
