/** What instances print on their consoles, which only the instance and EC2 can write. */
import { GetConsoleOutputCommand } from '@aws-sdk/client-ec2';
import type { EC2Client } from '@aws-sdk/client-ec2';
import { awsErrorCode } from '../errors.ts';
import type { SideProblems } from '../side-problems.ts';

/** Questions in flight at once; console output is throttled like every other EC2 call. */
const AT_ONCE = 10;

/** What each of these instances has printed by now; empty where there is nothing to read. Never throws: failures go to `problems`. */
export async function consoleTexts(
  ec2: EC2Client,
  instanceIds: readonly string[],
  problems: SideProblems,
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const waiting = [...instanceIds];
  const askOnAndOn = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift())
      texts.set(id, await consoleText(ec2, id, problems));
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, instanceIds.length) }, askOnAndOn));
  return texts;
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
