/** Whether what machines may cost together can be held: prices are known before launches, and floors fit. */
import { DOLLARS_ROUNDING } from '../model/index.ts';
import { dollars } from '../text/dollars.ts';
import type { ConfigRule } from './config.ts';
import type { MachineType } from './machine-type.ts';
import { isLinux } from './policy.ts';
import { highestFloor } from './warm.ts';

const CAP = 'maxDollarsPerHour';

/** Why AWS cannot be asked beforehand what a machine of a type costs; undefined where it can. */
function whyUnknown({ dollarsPerHour, instanceRequirements, systems }: MachineType): string | undefined {
  if (dollarsPerHour !== undefined) return undefined;
  if (instanceRequirements !== undefined) return 'EC2 chooses its instance types';
  return isLinux(systems) ? undefined : 'only prices of Linux are asked for';
}

/** A cap on what nobody knows would hold nothing, or forbid everything. */
const pricesAreKnown: ConfigRule = ({ maxDollarsPerHour, machineTypes }) =>
  maxDollarsPerHour === undefined
    ? []
    : machineTypes.flatMap((type) => {
        const why = whyUnknown(type);
        if (why === undefined) return [];
        return [
          {
            path: `systemTypes.${type.key}`,
            says: `has no price before it is launched, since ${why}, and ${CAP} limits what machines cost; say "dollarsPerHour", the most one may cost`,
            from: [CAP],
          },
        ];
      });

/** As far as the configuration itself tells prices. */
const floorsAreAffordable: ConfigRule = ({ maxDollarsPerHour = Infinity, machineTypes }) => {
  const cost = machineTypes.reduce(
    (sum, type) => sum + Math.min(highestFloor(type), type.maxMachines) * (type.dollarsPerHour ?? 0),
    0,
  );
  if (cost <= maxDollarsPerHour + DOLLARS_ROUNDING) return [];
  return [
    {
      path: CAP,
      says: `is ${maxDollarsPerHour} but the types' minMachines, or warm where that is more, cost ${dollars(cost)} an hour; raise it or lower them`,
    },
  ];
};

/** At least one machine of each type can be had, as far as the configuration itself tells prices. */
const oneIsAffordable: ConfigRule = ({ maxDollarsPerHour = Infinity, machineTypes }) =>
  machineTypes
    .filter(({ dollarsPerHour = 0 }) => dollarsPerHour > maxDollarsPerHour)
    .map(({ key, dollarsPerHour }) => ({
      path: `systemTypes.${key}.dollarsPerHour`,
      says: `is ${dollarsPerHour}, more than all machines together may cost (${CAP} ${maxDollarsPerHour}): none would ever be launched; raise ${CAP} or correct this`,
      from: [CAP],
    }));

export const dollarRules: readonly ConfigRule[] = [pricesAreKnown, floorsAreAffordable, oneIsAffordable];
