/**
 * Writes the machines file of the C++ queue runner, in the format of Nix's `builders`: one machine per line, eight
 * columns. The runner refuses all its files for one bad line and then keeps its old machines, so nothing is written
 * unless every column of every line is proven harmless to its parser.
 */
import { isIPv6 } from 'node:net';
import type { Listing } from './life/listing.ts';
import { excerpt } from '../../core/text/excerpt.ts';
import { machineAddress } from './machine-address.ts';

/**
 * Whose file it is; `publish` refuses that of another farm, and reads this line. It begins as those did that named no farm,
 * so that a deployment can be rolled back. No `;` in here: parsers before 2024 split at it even in comments.
 */
const header = (farm: string): string =>
  `# Written by hydra-autoscaler (farm ${farm}). Changes made by hand are overwritten.`;

/** Whose a machines file is, by its first line; an empty one is any farm's. */
export type FileOwner = { readonly farm: string } | 'unnamed' | 'stranger' | 'nobody';

/** Reads what {@link renderMachinesFile} writes, and did write before it named the farm. The document `publish` does the same. */
export function fileOwner(text: string): FileOwner {
  if (text === '') return 'nobody';
  const named = /^# Written by hydra-autoscaler \(farm ([^)\n]*)\)\. /.exec(text);
  if (named?.[1] !== undefined) return { farm: named[1] };
  return text.startsWith('# Written by hydra-autoscaler') ? 'unnamed' : 'stranger';
}

/** A column: what the parser neither splits at (white space, `;`), cuts at (`#`) nor reads as "default" (`-`). */
const COLUMN = /^(?!-$)(?!@)[!-~]+$/;
const SPLITS_LINE = /[#;]/;
const HOST = /^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$/;
const USER = /^[A-Za-z_][A-Za-z0-9_-]*$/;
const SSH_PORT = 22;
const MAX_PORT = 65_535;
const PUBLIC_KEY = /^[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}( [ -~]*)?$/;
/** The runner reads an `unsigned int`. */
const MAX_JOBS = 4_294_967_295;
/** JavaScript prints numbers in between without an exponent, and the runner's `float` holds them. */
const MIN_SPEED_FACTOR = 1e-6;
const MAX_SPEED_FACTOR = 1e6;

/** The machines file cannot be written; nothing of it was. */
export class MachinesFileError extends Error {
  override readonly name = 'MachinesFileError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`the machines file cannot be written: ${problems.join('; ')}`);
    this.problems = problems;
  }
}

/**
 * The text of the machines file of `farm` (its tag), ordered by address: equal listings in any order give equal bytes. Systems and features
 * stay in the order given. The supported column also carries the mandatory features, because since 2024 the runner
 * takes a feature that is only mandatory for unsupported
 * (measured: docs/develop/facts.md#a-mandatory-feature-has-to-be-supported-too).
 * @throws MachinesFileError with every problem of every listing.
 */
export function renderMachinesFile(farm: string, listings: readonly Listing[]): string {
  const problems = machinesFileProblems(listings);
  if (problems.length > 0) throw new MachinesFileError(problems);
  const ordered = listings.toSorted((a, b) => compareText(a.address, b.address));
  return [header(farm), ...ordered.map(lineOf)].map((line) => `${line}\n`).join('');
}

function lineOf(listing: Listing): string {
  const { systems, sshKey, maxJobs, speedFactor, supportedFeatures, mandatoryFeatures, hostKey } = listing;
  return [
    storeUri(listing),
    words(systems),
    sshKey ?? '-',
    String(maxJobs),
    String(speedFactor),
    words([...supportedFeatures, ...mandatoryFeatures]),
    words(mandatoryFeatures),
    hostKey === undefined ? '-' : Buffer.from(hostKey, 'utf8').toString('base64'),
  ].join(' ');
}

/** Written as the status has it since 2024: Hydra's page joins the two by their text, and would show each machine twice. */
function storeUri({ address, sshUser = 'root', sshPort = SSH_PORT }: Listing): string {
  const host = isIPv6(address) ? `[${address}]` : address;
  return `ssh://${sshUser}@${host}${sshPort === SSH_PORT ? '' : `:${sshPort}`}`;
}

function words(list: readonly string[]): string {
  return list.length === 0 ? '-' : [...new Set(list)].join(',');
}

/** By code unit, so that the order depends on no locale. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Everything that keeps `listings` from being written, each with the listing, the column and the remedy. Empty when fine. */
export function machinesFileProblems(listings: readonly Listing[]): string[] {
  return [...listings.flatMap(lineProblems), ...duplicateProblems(listings)];
}

function lineProblems(listing: Listing): string[] {
  const { address, systems, sshKey, maxJobs, speedFactor, supportedFeatures, mandatoryFeatures, hostKey } =
    listing;
  const problems = [
    ...destinationProblems(listing),
    ...unless(systems.length > 0, 'systems must name at least one system: without, it is given no work'),
    ...wordProblems('systems', systems),
    ...unless(
      sshKey === undefined || isColumn(sshKey),
      `sshKey ${shown(sshKey)} must be a path without spaces, # or ;`,
    ),
    ...unless(
      Number.isInteger(maxJobs) && maxJobs >= 0 && maxJobs <= MAX_JOBS,
      `maxJobs ${maxJobs} must be a whole number from 0 to ${MAX_JOBS}`,
    ),
    ...unless(
      speedFactor >= MIN_SPEED_FACTOR && speedFactor <= MAX_SPEED_FACTOR,
      `speedFactor ${speedFactor} must be a number from ${MIN_SPEED_FACTOR} to ${MAX_SPEED_FACTOR}`,
    ),
    ...wordProblems('supportedFeatures', supportedFeatures),
    ...wordProblems('mandatoryFeatures', mandatoryFeatures),
    ...unless(
      hostKey === undefined || PUBLIC_KEY.test(hostKey),
      `hostKey ${shown(hostKey)} must be one public key line such as "ssh-ed25519 AAAA…"`,
    ),
  ];
  return problems.map((problem) => `${shown(address)}: ${problem}`);
}

/** An IPv6 zone (`%eth0`) has no place in a store URI. */
function destinationProblems({ address, sshUser = 'root', sshPort = SSH_PORT }: Listing): string[] {
  const isAddress = isIPv6(address) ? !address.includes('%') : HOST.test(address);
  return [
    ...unless(isAddress, 'address must be a host name or IP address'),
    ...unless(USER.test(sshUser), `sshUser ${shown(sshUser)} must be a user name`),
    ...unless(
      Number.isInteger(sshPort) && sshPort > 0 && sshPort <= MAX_PORT,
      `sshPort ${sshPort} must be a whole number from 1 to ${MAX_PORT}`,
    ),
  ];
}

function unless(fine: boolean, problem: string): string[] {
  return fine ? [] : [problem];
}

function isColumn(text: string): boolean {
  return COLUMN.test(text) && !SPLITS_LINE.test(text);
}

function wordProblems(column: string, list: readonly string[]): string[] {
  return list
    .filter((word) => !isColumn(word) || word.includes(','))
    .map((word) => `${column} ${shown(word)} must be a word without spaces, commas, # or ;`);
}

/** The runner keeps one state per address: two lines of one address would count as one machine. */
function duplicateProblems(listings: readonly Listing[]): string[] {
  const byAddress = Map.groupBy(listings, ({ address }) => machineAddress(address));
  return [...byAddress]
    .filter(([, same]) => same.length > 1)
    .map(([address, same]) => `${shown(address)}: listed ${same.length} times; list it once`);
}

function shown(text = ''): string {
  return JSON.stringify(excerpt(text, 60));
}
