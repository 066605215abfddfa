/** What else a machine type could be set to: the dial in steps, and then what may be better beside its best step. */
import { ANCESTORS_KNOBS } from '../../../lambdas/core/config/policy.ts';
import { instanceTypeFacts } from '../../world/region/instance-types.ts';
import type { Written } from '../bench/policy/settings.ts';

/** A machine type's settings, as they are or as they could be. */
export interface Candidate {
  /** What is other than today, for people; `today` where nothing is. */
  readonly name: string;
  /** What would have to be written; undefined for what would have to go. */
  readonly changes: Written;
  /** The whole type, as people write it. */
  readonly type: Written;
  /** Of its machines, by those of today: 0.5, 1 or 2. */
  readonly size: number;
}

/** Steps of the dial, in seconds. */
const TARGETS = [150, 300, 600, 1200, 2400];
const DEFAULT_INSTANCE_TYPE = 'c7i.2xlarge';

/** The settings of today. */
export const todayOf = (type: Written): Candidate => ({ name: 'today', changes: {}, type, size: 1 });

/** The dial at several values, in place of any other arithmetic, billed as AWS charges. */
export function dialled(type: Written): readonly Candidate[] {
  const instead = Object.fromEntries(ANCESTORS_KNOBS.map((name) => [name, undefined]));
  // With the dial it is `auto` where nothing is written.
  const billing = 'billing' in type ? { billing: 'auto' } : {};
  return TARGETS.map((targetWait) => changed(type, { ...instead, targetWait, ...billing }));
}

/** What may be better than `best`, which is one of those above: another placement, billing or size. */
export function besides(type: Written, best: Candidate): readonly Candidate[] {
  const { placement = 'pack' } = best.type;
  const also = (changes: Written, size = 1): Candidate =>
    changed(type, { ...best.changes, ...changes }, size);
  return [
    also({ placement: placement === 'pack' ? 'spread' : 'pack' }),
    also({ billing: 'hourly' }),
    ...[0.5, 2].flatMap((size) => {
      const changes = sized(best.type, size);
      return changes === undefined ? [] : [also(changes, size)];
    }),
  ];
}

/** The first of its instance types: the others stand in for it. */
export const instanceTypeOf = ({ instanceTypes }: Written): string =>
  Array.isArray(instanceTypes) && typeof instanceTypes[0] === 'string'
    ? instanceTypes[0]
    : DEFAULT_INSTANCE_TYPE;

/** Each is twice the one before, in slots and in price. */
const SIZES = ['large', 'xlarge', '2xlarge', '4xlarge', '8xlarge', '16xlarge'];

/** Half or twice the machine with half or twice the slots, and as many slots in all; undefined where there is none. */
function sized(type: Written, size: number): Written | undefined {
  if ('instanceRequirements' in type) return undefined;
  const maxJobs = Number(type['maxJobs'] ?? 1) * size;
  const [family = '', own = ''] = instanceTypeOf(type).split('.');
  const other = SIZES.includes(own) ? SIZES[SIZES.indexOf(own) + Math.log2(size)] : undefined;
  const name = `${family}.${other ?? ''}`;
  if (!Number.isInteger(maxJobs) || instanceTypeFacts(name) === undefined) return undefined;
  const machines = (count: unknown): unknown => (typeof count === 'number' ? Math.ceil(count / size) : count);
  const { minMachines, maxMachines = 1, warm } = type;
  return {
    ...{ maxJobs, instanceTypes: [name], maxMachines: machines(maxMachines) },
    ...(minMachines === undefined ? {} : { minMachines: machines(minMachines) }),
    ...(Array.isArray(warm)
      ? { warm: (warm as Written[]).map((one) => ({ ...one, machines: machines(one['machines']) })) }
      : {}),
  };
}

function changed(type: Written, changes: Written, size = 1): Candidate {
  const differing = Object.entries(changes).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(type[name]),
  );
  const all = Object.entries({ ...type, ...changes }).filter(([, value]) => value !== undefined);
  return {
    name: differing.length === 0 ? 'today' : differing.flatMap(words).join(', '),
    changes: Object.fromEntries(differing),
    type: Object.fromEntries(all),
    size,
  };
}

/** What goes is not worth a word, for what comes in its place has one; nor do caps that only follow the size. */
const UNNAMED = new Set(['minMachines', 'maxMachines', 'warm']);

const words = ([name, value]: readonly [string, unknown]): readonly string[] => {
  if (value === undefined || UNNAMED.has(name)) return [];
  return [`${name} ${Array.isArray(value) ? value.join(' ') : String(value)}`];
};
