/** Keys that no schema knows: what people from other tools, from hydra-provisioner, or in a hurry mean by them. */
import { knownDeployKeys } from './deploy-schema.ts';
import type { Suggest } from './problem.ts';
import { configSchema } from './schema.ts';
import { hostKeys } from './host.ts';
import { imageKeys } from './image.ts';
import { requirementKeys } from './instance-requirements.ts';
import { machineTypeSchema } from './machine-type.ts';

/** What is said of a key, and the setting of the same place that was meant, if one was. */
export interface Hint {
  readonly says: string;
  readonly meant?: string;
}

type Path = readonly PropertyKey[];
/** Known by the key in lower case, without `-` and `_`. */
type Aliases = Readonly<Record<string, Hint>>;

const meant = (setting: string, says = `use "${setting}"`): Hint => ({ meant: setting, says });
const called = (words: string, hint: Hint): Aliases =>
  Object.fromEntries(words.split(' ').map((word) => [word, hint]));

const IMPORT = '`npm run import-conf` turns a whole configuration of hydra-provisioner into one of ours';

/** Options of hydra-provisioner and NixOps that have no namesake here. */
const ANCESTOR: Aliases = {
  nixopsexpr: {
    says: `NixOps is not used here: describe the machine with image, instanceTypes or instanceRequirements, and subnets; ${IMPORT}`,
  },
  nixpath: { says: `NixOps is not used here: remove it; ${IMPORT}` },
  sshcommand: { says: `use host.statusCommand; ${IMPORT}` },
  updatecommand: {
    says: `the machines file is written over SSM: set host.machinesFile; ${IMPORT}`,
  },
  ...called('nixops nixopsconfig nixopsstate nixopsargs provisionertag provisioner deploymentname', {
    says: `NixOps is not used here; ${IMPORT}`,
  }),
};

const REGION: Aliases = called('region awsregion account accountid profile awsprofile', {
  says: 'remove it: region and account are those `cdk deploy` is run with (AWS_REGION, AWS_PROFILE)',
});

const ROOT: Aliases = {
  ...REGION,
  ...called('machinetypes machinetype types builders machines runners runnerconfigs pools', {
    ...meant('systemTypes', 'use "systemTypes", keyed SYSTEMS[:FEATURES] such as x86_64-linux:kvm'),
  }),
  ...called('max maxmachines maxinstances maxsize limit', meant('maxTotalMachines')),
  ...called('dryrun readonly noop paused', meant('observeOnly')),
  ...called('interval period cron rate', meant('schedule', 'use "schedule": "rate(5 minutes)"')),
  ...called('farm farmname name prefix', meant('tag')),
};

const TYPE: Aliases = {
  ...REGION,
  ...called(
    'spot spotinstance spotinstances usespot spotprice spotbid capacitytype purchasetype instancetargetcapacitytype',
    meant('market', 'use "market": "spot" or "spot-then-on-demand"'),
  ),
  ...called('ami amiid imageid', meant('image', 'use "image": { "id": "ami-…" }')),
  ...called(
    'amiowner amiowners amifilter amifilters',
    meant('image', 'use "image": { "owner": …, "name": … }'),
  ),
  ...called(
    'features systemfeatures feature',
    meant(
      'supportedFeatures',
      'use "supportedFeatures" for what the machines offer; what steps must ask for goes into the type’s name, such as x86_64-linux:kvm',
    ),
  ),
  ...called('mandatoryfeatures requiredfeatures requiredsystemfeatures', {
    says: 'write them into the type’s name, such as x86_64-linux:kvm',
  }),
  ...called('systems system platform platforms arch architecture', {
    says: 'write it into the type’s name, such as x86_64-linux,i686-linux',
  }),
  ...called('max maxinstances maxsize maxcount limit', meant('maxMachines')),
  ...called('min mininstances minsize mincount desiredcapacity', meant('minMachines')),
  ...called(
    'machinetype machinetypes instancetype instance type types size flavor shape',
    meant('instanceTypes', 'use "instanceTypes": ["c7i.2xlarge"]'),
  ),
  ...called(
    'requirements machinerequirements instanceattributes attributes vcpus vcpucount cpus memory memorygib memorymib',
    meant(
      'instanceRequirements',
      'use "instanceRequirements": { "vCpus": { "min": 8 }, "memoryGiB": { "min": 16 } }',
    ),
  ),
  ...called('jobs slots concurrency maxslots buildslots', meant('maxJobs')),
  ...called(
    'idletimeout idletime idleseconds idleminutes minimumrunningtimeinminutes scaledowndelay cooldown ttl',
    meant('gracePeriod', 'use "gracePeriod", in seconds'),
  ),
  ...called('subnet subnetid subnetids', meant('subnets', 'use "subnets": ["subnet-…"]')),
  ...called('disk disksize disksizegb volumesize rootvolumesize ebs ebsinitialrootdisksize', {
    says: 'use "diskGiB" in deploy.builder, or in deploy.builders for this type',
  }),
  ...called('securitygroup securitygroups securitygroupid securitygroupids', {
    says: 'remove it: the stack makes the builders’ security group, and deploy.hydraSource says who reaches them',
  }),
  ...called('key keyname keypair publickey', {
    says: 'remove it: builders let deploy.queueRunnerKey in, and no EC2 key pair',
  }),
};

const REQUIREMENTS: Aliases = {
  ...called('vcpu cpus cpu cores vcpucount', meant('vCpus')),
  ...called('memory ram memorymib memorygb', meant('memoryGiB', 'use "memoryGiB": { "min": 16 }')),
  ...called('architectures arch', meant('architecture', 'use "architecture": an image is for one')),
  ...called('excludedinstancetypes exclude excludedfamilies families', meant('excludeFamilies')),
  ...called('cpumanufacturers vendors', meant('manufacturers')),
};

const HOST: Aliases = {
  ...called('id host hostname address ip name instance instanceid', meant('instanceId')),
  ...called('command cmd', meant('statusCommand')),
  ...called('env environ environmentvariables variables', meant('environment')),
  ...called('file path machines machinesfilepath', meant('machinesFile')),
  ...called('username runas', meant('user')),
  ...called('rest resturl url statusurl', meant('restUrl')),
  ...called('grpc grpcaddress queuerunneraddress runneraddress queuerunner', meant('queueRunnerAddr')),
};

const DEPLOY: Aliases = {
  ...REGION,
  ...called('cidr cidrs source allowedcidr securitygroup securitygroups', meant('hydraSource')),
  ...called('email mail alarmemail alarmmail', meant('notify')),
  ...called('publickey sshpublickey authorizedkey authorizedkeys sshkey', meant('queueRunnerKey')),
  ...called('vpcid network', meant('vpc')),
  ...called('retention logretention', meant('logRetentionDays')),
};

const BUILDER: Aliases = {
  ...called('disk disksize disksizegb volumesize rootvolumesize', meant('diskGiB')),
  ...called('swap swapsize', meant('swapGiB')),
  ...called('caches binarycaches', meant('substituters')),
  ...called('keys publickeys trustedkeys', meant('trustedPublicKeys')),
};

/** The places settings can be at, with what is known there. */
const PLACES = [
  { name: 'at the top of the file', keys: Object.keys(configSchema.shape) },
  { name: 'in host', keys: hostKeys },
  { name: 'in a type of systemTypes', keys: Object.keys(machineTypeSchema.shape) },
  { name: 'in deploy', keys: knownDeployKeys([]) },
  { name: 'in deploy.builder', keys: knownDeployKeys(['builder']) },
  { name: 'in deploy.hydraHost', keys: knownDeployKeys(['hydraHost']) },
] as const;

const isRequirements = (path: Path): boolean => path.length === 3 && path[2] === 'instanceRequirements';

function aliasesAt(path: Path): Aliases {
  if (path[0] === 'host') return HOST;
  if (path[0] === 'systemTypes') return path.length === 2 ? TYPE : isRequirements(path) ? REQUIREMENTS : {};
  if (path[0] !== 'deploy') return ROOT;
  if (path.length === 1) return DEPLOY;
  return path[1] === 'hydraHost' ? {} : BUILDER;
}

function knownKeys(path: Path): readonly string[] {
  if (path[0] === 'deploy') return knownDeployKeys(path.slice(1));
  if (path[0] === 'host') return hostKeys;
  if (isRequirements(path)) return requirementKeys;
  if (path[0] === 'systemTypes') return path.length === 2 ? Object.keys(machineTypeSchema.shape) : imageKeys;
  return Object.keys(configSchema.shape);
}

const bare = (key: string): string => key.toLowerCase().replaceAll(/[-_]/g, '');

/** What is wrong with an unknown key, and what may have been meant. */
export function unknownKey(key: string, known: readonly string[], suggest: Suggest): string {
  const closest = suggest(key, known);
  return `unknown key; ${closest === undefined ? `known keys are ${known.join(', ')}` : `did you mean "${closest}"?`}`;
}

const OF_THE_OTHER_RUNNER =
  'it is a setting of the other queue runner than "runner" names: remove it, or leave "runner" out, so that each look finds out which runs';

/** The same for a key of the configuration. @param path of the object the key is in. */
export function unknownSetting(key: string, path: Path, suggest: Suggest): Hint {
  const known = knownKeys(path);
  if (path[0] === 'host' && known.includes(key)) return { says: OF_THE_OTHER_RUNNER };
  const same = known.find((name) => bare(name) === bare(key));
  if (same !== undefined) return { says: `unknown key; did you mean "${same}"?`, meant: same };
  const alias = own(aliasesAt(path), bare(key)) ?? own(ANCESTOR, bare(key));
  if (alias !== undefined) return { ...alias, says: `unknown key; ${alias.says}` };
  const elsewhere = PLACES.filter(({ keys }) => keys.includes(key)).map(({ name }) => name);
  if (elsewhere.length > 0) return { says: `unknown key here; it belongs ${elsewhere.join(', or ')}` };
  const closest = suggest(key, known);
  const says = unknownKey(key, known, suggest);
  return closest === undefined ? { says } : { says, meant: closest };
}

/** A key may be called `constructor`. */
const own = (aliases: Aliases, key: string): Hint | undefined =>
  Object.hasOwn(aliases, key) ? aliases[key] : undefined;
