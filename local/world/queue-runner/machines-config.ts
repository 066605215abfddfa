/**
 * The simulated queue runner's own reading of machines files. It shares no code with the autoscaler's writer,
 * so that a mistake there meets a second opinion here.
 */

/** One machine as its line describes it. */
export interface MachineConfig {
  /** Scheme and authority: what makes two lines the same machine. Parameters do not. */
  readonly identity: string;
  /** The key in the status: the URI with its parameters. */
  readonly uri: string;
  readonly scheme: string;
  /** Host and, unless it is 22, port: what a connection goes to. */
  readonly address: string;
  /** Absent where the line names none. */
  readonly user?: string;
  readonly systemTypes: readonly string[];
  readonly maxJobs: number;
  readonly speedFactor: number;
  readonly supportedFeatures: readonly string[];
  readonly mandatoryFeatures: readonly string[];
}

/** The whole file is refused: one bad line is enough. */
export class MachinesFileError extends Error {
  override readonly name = 'MachinesFileError';
}

const COLUMN_MAX_JOBS = 3;
const COLUMN_SPEED_FACTOR = 4;
const COLUMN_HOST_KEY = 7;
const UINT_MAX = 4_294_967_295;

const sortedSet = (column: string | undefined): string[] =>
  [...new Set((column ?? '').split(',').filter((word) => word !== ''))].sort();

/** Lines and `;` both separate machines; `#` starts a comment anywhere. Included files are not simulated. */
const entriesOf = (text: string): string[] =>
  text
    .split('\n')
    .flatMap((line) => line.replace(/#.*$/, '').split(';'))
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '' && !entry.startsWith('@'));

type Place = Pick<MachineConfig, 'identity' | 'uri' | 'scheme' | 'address' | 'user'>;

const parseUri = (column: string): Place => {
  const isBareHost = !column.includes('/') && !['auto', 'daemon', 'local'].includes(column);
  const uri = isBareHost && !column.includes('://') ? `ssh://${column}` : column;
  const match = /^(?<scheme>[a-z0-9+.-]+):\/\/(?<authority>[^/?]*)(?:\/[^?]*)?(?:\?.*)?$/i.exec(uri);
  if (!match?.groups) {
    if (isBareHost || uri.includes('://')) throw new MachinesFileError(`cannot parse store URI '${column}'`);
    return { identity: uri, uri, scheme: uri, address: '' };
  }
  const { scheme = '', authority = '' } = match.groups;
  const host = authority.replace(/^.*@/, '');
  if (host.startsWith('[') && !/^\[[0-9a-f:.%]+\](?::\d+)?$/i.test(host)) {
    throw new MachinesFileError(`cannot parse store URI '${column}'`);
  }
  const user = authority.includes('@') ? { user: authority.replace(/@[^@]*$/, '') } : {};
  return {
    identity: `${scheme}://${authority}`,
    uri,
    scheme,
    address: host.replace(/:22$/, ''),
    ...user,
  };
};

const failedColumn = (index: number, entry: string, wanted: string): MachinesFileError =>
  new MachinesFileError(
    `bad machine specification: failed to convert column #${index} in a row: '${entry}' to '${wanted}'`,
  );

const parseMaxJobs = (column: string | undefined, entry: string): number => {
  if (column === undefined) return 1;
  const jobs = /^\+?\d+$/.test(column) ? Number(column) : Number.NaN;
  if (!(jobs <= UINT_MAX)) throw failedColumn(COLUMN_MAX_JOBS, entry, 'unsigned int');
  return jobs;
};

const parseSpeedFactor = (column: string | undefined, entry: string): number => {
  if (column === undefined) return 1;
  const speed = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(column) ? Number(column) : Number.NaN;
  if (Number.isNaN(speed)) throw failedColumn(COLUMN_SPEED_FACTOR, entry, 'float');
  if (speed < 0)
    throw new MachinesFileError(`speed factor must be >= 0, but is ${column}, in a row: '${entry}'`);
  return speed === 0 ? 1 : speed;
};

const checkHostKey = (column: string | undefined, entry: string): void => {
  if (column !== undefined && !/^[A-Za-z0-9+/\s]*={0,2}$/.test(column)) {
    throw new MachinesFileError(
      `bad machine specification: a column #${COLUMN_HOST_KEY} in a row: '${entry}' is not valid base64 string`,
    );
  }
};

const parseEntry = (entry: string): MachineConfig => {
  const columns = entry.split(/\s+/);
  const column = (index: number): string | undefined => (columns[index] === '-' ? undefined : columns[index]);
  const uri = parseUri(columns[0] ?? '');
  checkHostKey(column(COLUMN_HOST_KEY), entry);
  return {
    ...uri,
    systemTypes: sortedSet(column(1)),
    maxJobs: parseMaxJobs(column(COLUMN_MAX_JOBS), entry),
    speedFactor: parseSpeedFactor(column(COLUMN_SPEED_FACTOR), entry),
    supportedFeatures: sortedSet(column(5)),
    mandatoryFeatures: sortedSet(column(6)),
  };
};

/**
 * All machines of a text, by identity; of two lines for one machine the last counts.
 * @throws MachinesFileError on the first line that cannot be read; nothing of the text counts then.
 */
export const parseMachinesConfig = (text: string): ReadonlyMap<string, MachineConfig> => {
  const configs = entriesOf(text).map(parseEntry);
  return new Map(configs.map((config) => [config.identity, config]));
};
