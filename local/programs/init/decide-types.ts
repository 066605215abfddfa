/** What machines there may be: `systemTypes` of the configuration. */
import { architectureOf } from '../../../lambdas/core/config/systems.ts';
import type { Architecture } from '../../../lambdas/core/config/systems.ts';
import { VCPU_QUOTA_CODES } from '../../../lambdas/aws/quotas/quota-codes.ts';
import type { AccountFacts } from './account-facts.ts';
import type { Answers } from './answers.ts';
import { sshKeyOf } from './decide-host.ts';
import { subnetsOf } from './decide-network.ts';
import { byDefault, fromAccount, fromYou, put } from './setting.ts';
import type { Part, Setting, Sourced } from './setting.ts';

/** Of every machine that is proposed here: all are of one size. */
const VCPUS = 8;
/** Two vCPUs a step: compilers use both, and what a step leaves idle is little. */
const JOBS = VCPUS / 2;
const MACHINES = 4;
/** So that what AWS is short of in one family may be had in another. */
const FAMILIES = 2;
const TARGET_WAIT_SECONDS = 600;
/** What makes half of the price, and what a farm should know before it uses it, is told by `npm run check`. */
const SPOT_NOTE =
  'machines are on demand; once builds go through, --market spot-then-on-demand often costs 60 % less, and a step may have to start again where AWS takes a machine back';

/** The first that are offered are taken, of different makers or generations; the ones before are the usual choice. */
const PROPOSED: Readonly<Record<Architecture, readonly string[]>> = {
  x86_64: [
    'c7i.2xlarge',
    'c7a.2xlarge',
    'm7i.2xlarge',
    'm7a.2xlarge',
    'c6i.2xlarge',
    'c6a.2xlarge',
    'm6i.2xlarge',
  ],
  arm64: ['c7g.2xlarge', 'c8g.2xlarge', 'm7g.2xlarge', 'm8g.2xlarge', 'c6g.2xlarge', 'm6g.2xlarge'],
};

/** Every instance type that may be proposed. */
export const ALL_PROPOSED: readonly string[] = Object.values(PROPOSED).flat();

const systemsOf = (answers: Answers, { look }: AccountFacts): Sourced<readonly string[]> =>
  fromYou('systems', answers.systems) ??
  (look?.system === undefined
    ? byDefault(['x86_64-linux'], 'what most Hydras build for')
    : fromAccount([look.system], 'what the Hydra host itself is (ssm:SendCommand)'));

/** At least a zone of those the machines may be in has them. */
function instanceTypesFor(system: string, answers: Answers, facts: AccountFacts): Sourced<readonly string[]> {
  const all = PROPOSED[architectureOf(system) ?? 'x86_64'];
  const { zones, subnets } = facts;
  if (zones === undefined)
    return byDefault(
      all.slice(0, FAMILIES),
      'two families, since AWS may run out of one; tried in this order',
    );
  const own = answers.subnets;
  const usable = (subnets ?? [])
    .filter(({ subnet }) => own?.includes(subnet) ?? true)
    .map(({ zone }) => zone);
  const isOffered = (name: string): boolean =>
    (zones.get(name) ?? []).some((zone) => usable.length === 0 || usable.includes(zone));
  const offered = all.filter(isOffered).slice(0, FAMILIES);
  return offered.length === 0
    ? byDefault(all.slice(0, FAMILIES), 'the usual ones, although the account says that none is offered here')
    : fromAccount(offered, 'two families that its zones have (ec2:DescribeInstanceTypeOfferings)');
}

function mostMachines({ maxMachines }: Answers, { vcpus }: AccountFacts): Sourced<number> {
  const said = fromYou('maxMachines', maxMachines);
  if (said !== undefined) return said;
  const room = Math.floor((vcpus ?? Infinity) / VCPUS);
  return room >= MACHINES
    ? byDefault(MACHINES, 'small, so that the first bill is; raise it when you have seen one')
    : fromAccount(
        Math.max(room, 1),
        `what the quota of ${vcpus} vCPUs on demand has room for, at least 1 (servicequotas:GetServiceQuota)`,
      );
}

function quotaNotes(answers: Answers, facts: AccountFacts): readonly string[] {
  const { vcpus } = facts;
  const wanted = mostMachines(answers, facts).value * VCPUS;
  if (vcpus === undefined || wanted <= vcpus) return [];
  return [
    `the quota of ${vcpus} vCPUs on demand has no room for ${wanted}, and AWS may take a day to raise it: ` +
      `aws service-quotas request-service-quota-increase --service-code ec2 --quota-code ${VCPU_QUOTA_CODES['on-demand']} --desired-value ${Math.max(wanted, MACHINES * VCPUS)}`,
  ];
}

function typeSettings(system: string, answers: Answers, facts: AccountFacts): readonly Setting[] {
  const at = (key: string): readonly string[] => ['systemTypes', system, key];
  const instanceTypes = instanceTypesFor(system, answers, facts);
  return [
    ...put(at('maxMachines'), mostMachines(answers, facts)),
    ...put(at('maxJobs'), byDefault(JOBS, `two of the ${VCPUS} vCPUs for each step`)),
    ...put(
      at('targetWait'),
      fromYou('targetWait', answers.targetWait) ??
        byDefault(TARGET_WAIT_SECONDS, 'seconds a step may expect to wait; more is cheaper, less is faster'),
    ),
    ...put(at('billing'), byDefault('auto', 'as AWS bills it: Linux by the second')),
    ...put(
      at('market'),
      fromYou('market', answers.market) ?? byDefault('on-demand', 'nothing is taken back while it builds'),
    ),
    ...put(at('sshKey'), sshKeyOf(answers, facts)),
    ...put(at('instanceTypes'), instanceTypes),
    ...put(at('subnets'), subnetsOf(answers, facts, instanceTypes.value)),
    ...put(
      at('supportedFeatures'),
      byDefault(
        ['big-parallel', 'benchmark', 'nixos-test'],
        'what these machines can do beside plain builds; kvm is not among it',
      ),
    ),
  ];
}

/** `maxTotalMachines` and `systemTypes`. */
export function decideTypes(answers: Answers, facts: AccountFacts): Part {
  const systems = systemsOf(answers, facts);
  const most = mostMachines(answers, facts);
  return {
    settings: [
      ...put(['maxTotalMachines'], most),
      ...systems.value.flatMap((system) => typeSettings(system, answers, facts)),
    ],
    missing: [],
    notes: [
      ...quotaNotes(answers, facts),
      ...((answers.market ?? 'on-demand') === 'on-demand' ? [SPOT_NOTE] : []),
    ],
  };
}
