/** The instance types of a machine type: whether AWS has them, and whether they fit what runs on them. */
import { requirementsInWords } from '../config/instance-requirements.ts';
import type { InstanceRequirements } from '../config/instance-requirements.ts';
import type { MachineType } from '../config/machine-type.ts';
import { architectureOf } from '../config/systems.ts';
import { inContext } from '../reason/problem.ts';
import { count } from '../text/count.ts';
import { bad, doubtful, doubtfulBy } from './finding.ts';
import type { FoundImage, FoundInstanceType, FoundSubnet, Prerequisites, Said } from './finding.ts';

/** Nothing where all is well. */
export function examineInstanceTypes(
  type: MachineType,
  { instanceTypes, image }: Pick<Prerequisites, 'instanceTypes' | 'image'>,
): readonly (Said | undefined)[] {
  if (!instanceTypes.ok)
    return [
      doubtfulBy(
        inContext('the instance types could not be asked for', instanceTypes.problem),
        type.instanceRequirements === undefined
          ? `compare "instanceTypes" of ${type.key} with: aws ec2 describe-instance-types`
          : `compare "instanceRequirements" of ${type.key} with: aws ec2 get-instance-types-from-instance-requirements`,
      ),
    ];
  const foreign = instanceTypes.value.filter((instanceType) => !buildsFor(instanceType, type));
  const native = instanceTypes.value.filter((instanceType) => !foreign.includes(instanceType));
  return [
    unknown(type, instanceTypes.value),
    unmet(type, instanceTypes.value),
    unfit(type, foreign),
    emulated(type, native),
    image.ok ? unbootable(type, native, image.value) : undefined,
  ];
}

function unknown({ key, instanceTypes }: MachineType, known: readonly FoundInstanceType[]): Said | undefined {
  const names = instanceTypes.filter((wanted) => !known.some(({ name }) => name === wanted));
  if (names.length === 0) return undefined;
  return bad(
    `AWS has no instance type ${names.join(', ')} in this region`,
    `correct "instanceTypes" of ${key}, or remove what is sold in other regions only`,
  );
}

function unmet(
  { key, instanceRequirements }: MachineType,
  known: readonly FoundInstanceType[],
): Said | undefined {
  if (instanceRequirements === undefined || known.length > 0) return undefined;
  return bad(
    `AWS has no instance type of ${requirementsInWords(instanceRequirements)} in this region that the other requirements leave`,
    `ask for less in "instanceRequirements" of ${key}, or name "instanceTypes" instead`,
  );
}

/** What EC2 may choose from, zone by zone: of the subnets where the type names some, else of all zones there are. */
export function choiceInWords(
  required: InstanceRequirements,
  known: readonly FoundInstanceType[],
  subnets: readonly FoundSubnet[],
): string {
  const own = subnets.flatMap(({ zone }) => zone ?? []);
  const all = own.length > 0 ? own : known.flatMap(({ zones = [] }) => zones);
  const zones = [...new Set(all)].toSorted().map((zone) => {
    const offered = known.filter((one) => one.zones?.includes(zone) === true);
    return `${offered.length} in ${zone}`;
  });
  const names = known.slice(0, NAMED).map(({ name }) => name);
  const more = known.length > NAMED ? ` and ${known.length - NAMED} more` : '';
  return (
    `${count(known.length, 'instance type')} of ${requirementsInWords(required)} (${names.join(', ')}${more}), ` +
    `${zones.join(', ')}, less those that cost much more than the cheapest`
  );
}

/** More names than these help nobody. */
const NAMED = 5;

/** Those that can build for one of its systems; empty where none can without emulation. */
const architecturesFor = ({ systems }: MachineType): readonly string[] => [
  ...new Set(systems.map(architectureOf).filter((architecture) => architecture !== undefined)),
];

/** Systems other than the native one may be emulated, so one that fits is enough. */
function buildsFor({ architectures }: FoundInstanceType, type: MachineType): boolean {
  const wanted = architecturesFor(type);
  return wanted.length === 0 || wanted.some((architecture) => architectures.includes(architecture));
}

/** What depends on the image: AWS cannot tell whether it emulates other processors. */
function emulated(type: MachineType, native: readonly FoundInstanceType[]): Said | undefined {
  const foreign = type.systems.filter((system) => {
    const architecture = architectureOf(system);
    return !native.every(
      ({ architectures }) => architecture !== undefined && architectures.includes(architecture),
    );
  });
  if (foreign.length === 0) return undefined;
  return doubtful(
    `${inWords(native)} can build for ${foreign.join(', ')} by emulation only, and the image has to bring that`,
    `see that its Nix lists ${foreign.join(', ')} in extra-platforms, or take them out of the name of ${type.key}`,
  );
}

function unfit(type: MachineType, types: readonly FoundInstanceType[]): Said | undefined {
  if (types.length === 0) return undefined;
  return bad(
    `${inWords(types)} cannot build for ${type.systems.join(', ')}`,
    `name only instance types for ${architecturesFor(type).join(' or ')} in "instanceTypes" of ${type.key}`,
  );
}

function unbootable(
  { key }: MachineType,
  types: readonly FoundInstanceType[],
  { id, architecture }: FoundImage,
): Said | undefined {
  const unable = types.filter(
    ({ architectures }) => architecture !== undefined && !architectures.includes(architecture),
  );
  if (unable.length === 0) return undefined;
  return bad(
    `${inWords(unable)} cannot boot the image ${id}, which is for ${architecture ?? ''}`,
    `correct "image" of ${key}, whose architecture must be that of its instance types`,
  );
}

const inWords = (types: readonly FoundInstanceType[]): string => {
  const named = types
    .slice(0, NAMED)
    .map(({ name, architectures }) => `${name} (${architectures.join(', ')})`);
  return named.join(', ') + (types.length > NAMED ? ` and ${types.length - NAMED} more` : '');
};
