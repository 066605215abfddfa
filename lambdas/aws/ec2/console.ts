/** Public host keys from the console output of an instance, which only the instance and EC2 can write. */
import { GetConsoleOutputCommand } from '@aws-sdk/client-ec2';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { HostKeys } from '../../ports.ts';
import { awsErrorCode } from '../errors.ts';
import { SideProblems } from '../side-problems.ts';

/** Questions in flight at once; console output is throttled like every other EC2 call. */
const AT_ONCE = 10;

/** What NixOS from 25.11 and cloud-init print around the keys. Older NixOS prints fingerprints only: no use. */
const KEY_BLOCK = /-----BEGIN SSH HOST KEY KEYS-----(.*?)-----END SSH HOST KEY KEYS-----/gs;
/** An Ed25519 key is always 51 bytes with the same first 19, so half a line, or one with noise in it, cannot match. */
const ED25519_KEY = /ssh-ed25519 (AAAAC3NzaC1lZDI1NTE5AAAAI[A-Za-z0-9+/]{43})(?![A-Za-z0-9+/=])/;

/**
 * The Ed25519 host key in what an instance printed, as `ssh-ed25519 BASE64`; undefined when there is none.
 * Of several boots the last counts. Log prefixes and `\r` do no harm. Never throws.
 */
export function hostKeyIn(consoleText: string): string | undefined {
  const blocks = [...consoleText.matchAll(KEY_BLOCK)].map((match) => match[1] ?? '');
  const keys = blocks.map((block) => ED25519_KEY.exec(block)?.[1]).filter((key) => key !== undefined);
  const last = keys.at(-1);
  return last === undefined ? undefined : `ssh-ed25519 ${last}`;
}

/** What the setup of a builder (infra/builders/setup.sh) says last of all, at each boot. */
const READY = 'hydra-builder: ready';
const REFUSES = /hydra-builder: takes no builds: ([\x20-\x7e]{1,200})/g;

/** Why the setup of a machine let no queue runner in, in its own words; undefined where it did, or is not done yet. */
export function setupRefusalIn(consoleText: string): string | undefined {
  const last = [...consoleText.matchAll(REFUSES)].at(-1);
  return last !== undefined && consoleText.lastIndexOf(READY) < last.index ? last[1] : undefined;
}

/** The host keys the consoles of these instances tell by now, and which machines say that they take no builds. Never throws. */
export async function consoleHostKeys(ec2: EC2Client, instanceIds: readonly string[]): Promise<HostKeys> {
  const keys = new Map<string, string>();
  const objections = new Map<string, string>();
  const problems = new SideProblems();
  const waiting = [...instanceIds];
  const askOnAndOn = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      const text = await consoleText(ec2, id, problems);
      const [key, refusal] = [hostKeyIn(text), setupRefusalIn(text)];
      if (key !== undefined) keys.set(id, key);
      if (refusal !== undefined)
        objections.set(id, `a setup that lets builds in: its console says that it takes none: ${refusal}`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, instanceIds.length) }, askOnAndOn));
  return { keys, ...(objections.size === 0 ? {} : { objections }), problems: problems.all };
}

/** Codes that say there is nothing to read (yet): the instance is too new, or its type has no such console. */
const NOTHING_TO_READ: ReadonlySet<string | undefined> = new Set([
  'InvalidInstanceID.NotFound',
  'UnsupportedOperation',
]);

/** Instance types older than Nitro have no live console, only what was kept after the boot. */
async function consoleText(ec2: EC2Client, instanceId: string, problems: SideProblems): Promise<string> {
  const read = (latest: boolean): Promise<string> => readConsole(ec2, instanceId, latest);
  const without = (error: unknown): string => {
    if (!NOTHING_TO_READ.has(awsErrorCode(error))) problems.add('GetConsoleOutput', error);
    return '';
  };
  return read(true).catch((error: unknown) =>
    awsErrorCode(error) === 'UnsupportedOperation' ? read(false).catch(without) : without(error),
  );
}

async function readConsole(ec2: EC2Client, instanceId: string, latest: boolean): Promise<string> {
  const { Output } = await ec2.send(new GetConsoleOutputCommand({ InstanceId: instanceId, Latest: latest }));
  return Buffer.from(Output ?? '', 'base64').toString('utf8');
}
