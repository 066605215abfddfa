/**
 * Reads a machines file as the C++ queue runner does (Nix's `Machine::parseConfig`, 2024 to 2026): what the round trip
 * of our own file is checked with, and what a simulated queue runner loads.
 */
import { machineAddress } from '../machine-address.ts';

/** One machine, columns taken apart and defaults filled in. Sets are sorted and without repetition. */
export interface MachineLine {
  /** Store URI with scheme and parameters: the key of the machine in the status. */
  readonly uri: string;
  /** Scheme and authority: machines that share it share their state in the runner. */
  readonly identity: string;
  /** Host, as in a queue status. */
  readonly address: string;
  /** Empty if none is given: such a machine gets no work. */
  readonly systems: readonly string[];
  readonly sshKey?: string;
  readonly maxJobs: number;
  readonly speedFactor: number;
  readonly supportedFeatures: readonly string[];
  readonly mandatoryFeatures: readonly string[];
  /** The public key line, decoded. */
  readonly hostKey?: string;
}

/** The runner would refuse the whole file, and say this. */
export class BadMachineError extends Error {
  override readonly name = 'BadMachineError';

  constructor(what: string) {
    super(`bad machine specification: ${what}`);
  }
}

const SEPARATORS = /[ \t\r]+/;
const MAX_UNSIGNED_INT = 4_294_967_295;

/** Includes include others; the runner would never end where a file includes itself. */
const DEPTH_MAX = 10;

/**
 * Every machine of the file, in its order; an address may come twice, the runner lets the last one win.
 * @param read the text of an `@path` include, undefined where there is no such file, which the runner passes over.
 * @throws BadMachineError on the first bad line, as the runner does, and on an include where nothing can be read.
 */
export function parseMachinesFile(
  text: string,
  read?: (path: string) => string | undefined,
  depth = 0,
): MachineLine[] {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*$/s, ''))
    .flatMap((line) => line.split(';'))
    .flatMap((entry) => {
      const columns = entry.split(SEPARATORS).filter((column) => column !== '');
      if (columns.length === 0) return [];
      if (columns[0]?.startsWith('@') !== true || read === undefined) return [machineOf(columns)];
      if (depth === DEPTH_MAX) throw new BadMachineError(`includes without end: '${columns.join(' ')}'`);
      return parseMachinesFile(read(entry.trim().slice(1).trim()) ?? '', read, depth + 1);
    });
}

function machineOf(columns: readonly string[]): MachineLine {
  const row = columns.join(' ');
  const column = (index: number): string | undefined => (columns[index] === '-' ? undefined : columns[index]);
  const host = column(0);
  if (host === undefined)
    throw new BadMachineError(`store URL was not found at the first column of a row: '${row}'`);
  if (host.startsWith('@')) throw new BadMachineError(`includes cannot be read here: '${row}'`);
  const uri = storeUri(host);
  const sshKey = column(2);
  const hostKey = column(7);
  return {
    uri,
    identity: uri.replace(/\?.*$/s, ''),
    address: machineAddress(uri),
    systems: wordsOf(column(1)),
    ...(sshKey !== undefined && { sshKey }),
    maxJobs: unsignedInt(column(3), row),
    speedFactor: speedFactor(column(4), row),
    supportedFeatures: wordsOf(column(5)),
    mandatoryFeatures: wordsOf(column(6)),
    ...(hostKey !== undefined && { hostKey: decoded(hostKey, row) }),
  };
}

/** Without a scheme it is a host to reach by ssh, unless it is a path or one of the words for a local store. */
function storeUri(host: string): string {
  return host.includes('/') || /^(auto|daemon|local)?(\?|$)/.test(host) ? host : `ssh://${host}`;
}

function wordsOf(column: string | undefined): string[] {
  const words = (column ?? '').split(',').filter((word) => word !== '');
  return [...new Set(words)].toSorted();
}

function unsignedInt(column: string | undefined, row: string): number {
  if (column === undefined) return 1;
  const value = /^\+?[0-9]+$/.test(column) ? Number(column) : Infinity;
  if (value > MAX_UNSIGNED_INT) throw notConverted(3, row, 'unsigned int');
  return value;
}

function speedFactor(column: string | undefined, row: string): number {
  if (column === undefined) return 1;
  const value = /^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?$/i.test(column) ? Number(column) : Infinity;
  if (!Number.isFinite(Math.fround(value))) throw notConverted(4, row, 'float');
  if (value < 0) throw new BadMachineError(`speed factor must be >= 0, in row: '${row}'`);
  return value === 0 ? 1 : value;
}

function notConverted(column: number, row: string, type: string): BadMachineError {
  return new BadMachineError(`failed to convert column #${column} in a row: '${row}' to '${type}'`);
}

/** Like the runner, forgiving about padding, but about nothing else. */
function decoded(column: string, row: string): string {
  const digits = column.replace(/=.*$/s, '');
  if (!/^[A-Za-z0-9+/]*$/.test(digits)) {
    throw new BadMachineError(`a column #7 in a row: '${row}' is not valid base64 string`);
  }
  return Buffer.from(digits, 'base64').toString('utf8');
}
