/** Which machines the Hydra host tries to reach in one look, and how it is told. */
import type { EpochSeconds, Readiness } from '../../core/model/index.ts';
import type { Candidate } from '../dialect.ts';
import { DOCUMENTS } from '../documents.ts';

/** They all run at once on the host. */
const MAX_PROBES = 50;
/** Base64 makes four characters of three bytes. */
const MAX_BYTES = Math.floor((DOCUMENTS.observe.parameters.probes.maxChars * 3) / 4);

const INSTANCE_ID = /^i-[0-9a-f]{8,17}$/;
/** A host name or an IP address; neither an option of ssh nor a second word. */
const ADDRESS = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,252}$/;
/** Nothing that ssh could take for an option. */
const USER = /^[A-Za-z_][A-Za-z0-9_-]*$/;
const KEY_PATH = /^\/[!-~]+$/;
const HOST_KEY = /^[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}( [ -~]*)?$/;

/** A machine the Hydra host tries to reach as the queue runner would. */
export interface Probe {
  readonly instanceId: string;
  readonly address: string;
  /** The user the queue runner connects as; absent for root. */
  readonly sshUser?: string;
  /** Absent for 22. */
  readonly sshPort?: number;
  readonly hostKey: string;
  /** Path of the private key on the Hydra host; absent for ssh's own choice. */
  readonly sshKey?: string;
}

/** The candidates that can be tried: their address and host key are known. */
export const probesOf = (candidates: readonly Candidate[]): readonly Probe[] =>
  candidates.flatMap(({ machine: { instanceId, identity }, type, address }) => {
    const hostKey = identity ?? type?.publicHostKey;
    if (address === undefined || hostKey === undefined) return [];
    const { sshUser, sshPort, sshKey } = type ?? {};
    return [
      {
        instanceId,
        address,
        hostKey,
        ...(sshUser !== undefined && { sshUser }),
        ...(sshPort !== undefined && { sshPort }),
        ...(sshKey !== undefined && { sshKey }),
      },
    ];
  });

export interface ProbeBatch {
  /** One line per machine; the document’s parameter before base64. */
  readonly lines: string;
  readonly instanceIds: ReadonlySet<string>;
  /** Those that can never be carried out, with the reason. */
  readonly refused: readonly Readiness[];
}

/**
 * As many of `probes` as fit into one look. Where they do not all fit, a different one comes first each time, so that
 * every machine gets its turn however long the others fail.
 */
export function batchProbes(probes: readonly Probe[], now: EpochSeconds): ProbeBatch {
  const refused = probes.flatMap((probe) => {
    const detail = problemOf(probe);
    return detail === undefined ? [] : [{ instanceId: probe.instanceId, reached: false, detail }];
  });
  const fine = probes.filter((probe) => problemOf(probe) === undefined);
  const first = fine.length > MAX_PROBES ? Math.floor(now) % fine.length : 0;
  const instanceIds = new Set<string>();
  let lines = '';
  for (const probe of [...fine.slice(first), ...fine.slice(0, first)]) {
    const line = lineOf(probe);
    if (instanceIds.size === MAX_PROBES || lines.length + line.length > MAX_BYTES) break;
    if (instanceIds.has(probe.instanceId)) continue;
    lines += line;
    instanceIds.add(probe.instanceId);
  }
  return { lines, instanceIds, refused };
}

function lineOf(probe: Probe): string {
  const { instanceId, address, sshPort = 22, sshUser = 'root', sshKey = '-', hostKey } = probe;
  const key64 = Buffer.from(hostKey, 'utf8').toString('base64');
  return `${[instanceId, address, sshPort, sshUser, sshKey, key64].join(' ')}\n`;
}

function problemOf(probe: Probe): string | undefined {
  const { instanceId, address, sshPort = 22, sshUser = 'root', sshKey, hostKey } = probe;
  if (!INSTANCE_ID.test(instanceId)) return 'its instance id is not of the form i-0123456789abcdef0';
  if (!ADDRESS.test(address)) return 'its address is neither a host name nor an IP address';
  if (!USER.test(sshUser)) return 'sshUser must be a user name';
  if (!Number.isInteger(sshPort) || sshPort < 1 || sshPort > 65_535)
    return 'sshPort must be a whole number from 1 to 65535';
  if (sshKey !== undefined && !KEY_PATH.test(sshKey)) return 'sshKey must be an absolute path without spaces';
  if (!HOST_KEY.test(hostKey)) return 'its host key is not one public key line such as "ssh-ed25519 AAAA…"';
  return undefined;
}
