/** Who may reach what the stack makes, and the partition it is made in. */
import type { ConfigProblem } from '../lambdas/core/config/problem.ts';
import type { Deployment } from './deployment.ts';
import { textsIn } from './texts.ts';

type Rule = (deployment: Deployment) => readonly ConfigProblem[];

/** The largest block of private addresses is 10.0.0.0/8; a wider range is the internet's for the most part. */
const WIDEST_PREFIX = 8;
const ADDRESS_BITS = 32;

interface Range {
  readonly setting: 'hydraSource' | 'webSource';
  readonly path: string;
  readonly written: string;
  readonly opens: string;
}

/** The ranges of addresses in a configuration; the schema has seen to it that they are well-formed. */
function rangesIn({ deploy }: Deployment): readonly Range[] {
  const { hydraSource, hydraHost } = deploy;
  const ranges = [
    {
      setting: 'hydraSource',
      path: 'deploy.hydraSource',
      written: hydraSource ?? '',
      opens: 'port 22 of every builder',
    },
    {
      setting: 'webSource',
      path: 'deploy.hydraHost.webSource',
      written: hydraHost?.webSource ?? '',
      opens: 'the web pages of the Hydra host',
    },
  ] as const;
  return ranges.filter(({ written }) => written.includes('/'));
}

const prefixOf = (range: string): number => Number(range.split('/')[1]);

const notForEverybody: Rule = (deployment) =>
  rangesIn(deployment)
    .filter(
      ({ setting, written }) =>
        prefixOf(written) < WIDEST_PREFIX && !(deployment.deploy.openToInternet ?? []).includes(setting),
    )
    .map(({ setting, path, written, opens }) => ({
      path,
      says:
        `${written} opens ${opens} to ${2 ** (ADDRESS_BITS - prefixOf(written))} addresses, most of them anybody’s; ` +
        `name who needs it, or write "openToInternet": ["${setting}"] into deploy if that is meant`,
    }));

const exceptionsAreNeeded: Rule = ({ deploy }) =>
  (deploy.openToInternet ?? [])
    .filter((setting) => {
      const written = (setting === 'hydraSource' ? deploy.hydraSource : deploy.hydraHost?.webSource) ?? '';
      return !(written.includes('/') && prefixOf(written) < WIDEST_PREFIX);
    })
    .map((setting) => ({
      path: 'deploy.openToInternet',
      says: `allows what is not asked for: ${setting} is no range wider than /${WIDEST_PREFIX}; take it out`,
    }));

/** The range that a range with a host's address in it means to AWS. */
function rangeMeant(written: string): string {
  const [address = '', prefix = ''] = written.split('/');
  const number = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const size = 2 ** (ADDRESS_BITS - Number(prefix));
  const first = Math.floor(number / size) * size;
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256);
  return `${octets.join('.')}/${prefix}`;
}

/** One host with the prefix of its network: AWS lets the whole network in. */
const rangesAreMeant: Rule = (deployment) =>
  rangesIn(deployment)
    .filter(({ written }) => rangeMeant(written) !== written)
    .map(({ path, written }) => ({
      path,
      says:
        `${written} means all of ${rangeMeant(written)}, ${2 ** (ADDRESS_BITS - prefixOf(written))} addresses; ` +
        `for the one address write ${written.split('/')[0] ?? ''}/32`,
    }));

/** Partitions have services, endpoints and images of their own; nothing here was made for them. */
const FOREIGN_ARN = /^arn:(?<partition>aws-[a-z-]+):/;

/** What keeps a deployment in a region from working; undefined for a region of the partition `aws`. */
export function foreignRegion(region: string | undefined): string | undefined {
  return region !== undefined && /^(cn|us-gov|us-iso\w*|eu-iso\w*|eusc)-/.test(region)
    ? `the region ${region} is of another partition than aws, and only that is supported: not China, GovCloud or the other closed ones`
    : undefined;
}

const arnsAreOurs: Rule = ({ deploy }) =>
  textsIn(deploy, 'deploy').flatMap(({ path, text }) => {
    const partition = FOREIGN_ARN.exec(text)?.groups?.['partition'];
    if (partition === undefined) return [];
    return [{ path, says: `is of the partition ${partition}; only the partition aws is supported` }];
  });

export const networkRules: readonly Rule[] = [notForEverybody, exceptionsAreNeeded, arnsAreOurs];
export const networkWarnings: readonly Rule[] = [rangesAreMeant];
