/** Where builders are, and who reaches them: `deploy` of the configuration, and each type's subnets. */
import type { AccountFacts, FoundSubnet } from './account-facts.ts';
import type { Answers } from './answers.ts';
import { kindOf, runnerOf } from './decide-host.ts';
import { byDefault, fromAccount, fromYou, missing, put } from './setting.ts';
import type { Missing, Part, Setting, Sourced } from './setting.ts';

/** The VPC to be written; undefined for the default VPC. */
export function vpcOf(answers: Answers, { place, defaultVpc }: AccountFacts): Sourced<string> | undefined {
  const said = fromYou('vpc', answers.vpc);
  if (said !== undefined) return said;
  if (answers.hydra === 'new' || place === undefined || place.vpc === defaultVpc) return undefined;
  return fromAccount(place.vpc, 'the VPC of the Hydra host (ec2:DescribeInstances)');
}

/** Two of a zone are refused by EC2 (InvalidFleetConfig): the one with more free addresses stays. */
function oneAZone(subnets: readonly FoundSubnet[]): readonly FoundSubnet[] {
  const byZone = Map.groupBy(subnets, ({ zone }) => zone);
  return [...byZone.values()]
    .flatMap((all) => all.toSorted((a, b) => b.freeAddresses - a.freeAddresses).slice(0, 1))
    .toSorted((a, b) => (a.zone < b.zone ? -1 : 1));
}

/** Launches try no more of them (docs/configuration.md: four of a type's subnets at once). */
const SUBNETS_MAX = 4;

/** @param instanceTypes of the machine type: a zone that has none of them is of no use. Undefined for EC2's own choice. */
export function subnetsOf(
  answers: Answers,
  facts: AccountFacts,
  instanceTypes: readonly string[],
): Sourced<readonly string[]> | undefined {
  const said = fromYou('subnets', answers.subnets);
  if (said !== undefined) return said;
  const { subnets = [], zones, place } = facts;
  const fitting = subnets.filter(
    ({ zone }) => zones === undefined || instanceTypes.some((name) => zones.get(name)?.includes(zone)),
  );
  const open = oneAZone(fitting.filter(({ isPublic }) => isPublic)).slice(0, SUBNETS_MAX);
  if (open.length > 0)
    return fromAccount(
      open.map(({ subnet }) => subnet),
      `one a zone that has these machines, of ${open[0]?.vpc ?? ''} (ec2:DescribeSubnets)`,
    );
  // What reaches SSM without a public address has some other way out, and so have machines beside it.
  const isBeside =
    place !== undefined && !place.hasPublicAddress && vpcOf(answers, facts)?.value === place.vpc;
  return isBeside
    ? fromAccount([place.subnet], 'that of the Hydra host, from which SSM is reached (ec2:DescribeInstances)')
    : undefined;
}

/** What keeps machines from having a place: a VPC that is not the default one needs its subnets named. */
function placeMissing(answers: Answers, facts: AccountFacts): readonly Missing[] {
  const hasNoDefault = facts.defaultVpc === 'none' && vpcOf(answers, facts) === undefined;
  const vpcMissing = hasNoDefault
    ? [missing('vpc', 'the account has no default VPC here; aws ec2 describe-vpcs shows what there is')]
    : [];
  const needsSubnets = hasNoDefault || vpcOf(answers, facts) !== undefined;
  if (!needsSubnets || subnetsOf(answers, facts, [...(facts.zones?.keys() ?? [])]) !== undefined)
    return vpcMissing;
  const choices = (facts.subnets ?? []).map(
    ({ subnet, zone, freeAddresses }) => `${subnet} (${zone}, ${freeAddresses} addresses left)`,
  );
  return [
    ...vpcMissing,
    missing(
      'subnets',
      'of that VPC, with a way out by public addresses or NAT; aws ec2 describe-subnets',
      choices,
    ),
  ];
}

/** A host of the stack's own has to be told where, if it is not the default VPC. */
function ownHost(answers: Answers): readonly Setting[] {
  const [subnet] = answers.subnets ?? [];
  if (answers.vpc === undefined || subnet === undefined)
    return put(['deploy', 'hydraHost'], byDefault({}, 'NixOS on an m7i.large, in the default VPC'));
  return put(['deploy', 'hydraHost', 'subnet'], fromYou('subnets', subnet));
}

/** Who reaches the machines; none where they dial in. */
function sourceOf({ hydraSource }: Answers, { place }: AccountFacts): Sourced<string> | undefined {
  const [group] = place?.groups ?? [];
  return (
    fromYou('hydraSource', hydraSource) ??
    (group === undefined
      ? undefined
      : fromAccount(group, 'the security group of the Hydra host (ec2:DescribeInstances)'))
  );
}

const keyOf = ({ queueRunnerKey }: Answers, { look }: AccountFacts): Sourced<string> | undefined =>
  fromYou('queueRunnerKey', queueRunnerKey) ??
  (look?.publicKey === undefined
    ? undefined
    : fromAccount(look.publicKey, 'the public half of that key, as the host has it (ssm:SendCommand)'));

const KEY_HOW =
  'ssh-keygen -y -f KEY on the host prints it; the NixOS module has it in /var/lib/hydra/queue-runner/.ssh/id_ed25519.pub';

interface Way {
  readonly settings: readonly Setting[];
  readonly missing: readonly Missing[];
}

/** By SSH from the Hydra host. */
function bySsh(answers: Answers, facts: AccountFacts): Way {
  const source = sourceOf(answers, facts);
  const key = keyOf(answers, facts);
  return {
    settings: [...put(['deploy', 'hydraSource'], source), ...put(['deploy', 'queueRunnerKey'], key)],
    missing: [
      ...(source === undefined
        ? [
            missing(
              'hydraSource',
              'aws ec2 describe-instances shows its groups; outside EC2 the address it comes from',
            ),
          ]
        : []),
      ...(key === undefined ? [missing('queueRunnerKey', KEY_HOW)] : []),
    ],
  };
}

/** By a token, with which they register. */
function byToken({ queueRunnerToken }: Answers): Way {
  const token = fromYou('queueRunnerToken', queueRunnerToken);
  const how =
    'aws secretsmanager create-secret --name hydra-builders --secret-string "$(openssl rand -hex 24)" prints it';
  return {
    settings: put(['deploy', 'queueRunnerToken'], token),
    missing: token === undefined ? [missing('queueRunnerToken', how)] : [],
  };
}

/** `deploy` of the configuration. */
export function decideNetwork(answers: Answers, facts: AccountFacts): Part {
  const kind = kindOf(answers, facts);
  const vpc = vpcOf(answers, facts);
  const isNew = kind === 'new';
  const way = runnerOf(answers, facts) === 'rust' ? byToken(answers) : bySsh(answers, facts);
  const isDefault = vpc === undefined && facts.place === undefined && kind !== undefined && !isNew;
  return {
    settings: [
      ...(isNew ? ownHost(answers) : []),
      ...put(['deploy', 'vpc'], vpc),
      ...(isNew ? [] : way.settings),
      ...put(['deploy', 'notify'], fromYou('notify', answers.notify)),
    ],
    // Before it is known which Hydra it is, nobody can say what else it takes.
    missing: [...placeMissing(answers, facts), ...(isNew || kind === undefined ? [] : way.missing)],
    notes: isDefault
      ? [
          'builders go into the account’s default VPC; if the Hydra host is in another, say --vpc and --subnets',
        ]
      : [],
  };
}
