/** One command on one node: its life, and what the service keeps of its output. */
import type { EpochSeconds } from '../../../../lambdas/core/model/index.ts';
import type { ScriptJob, ScriptOutcome } from './executor.ts';
import type { Script } from './script.ts';

export type CommandStatus =
  'Pending' | 'InProgress' | 'Success' | 'Cancelled' | 'Failed' | 'TimedOut' | 'Cancelling';

export type StatusDetails =
  Exclude<CommandStatus, 'TimedOut'> | 'DeliveryTimedOut' | 'ExecutionTimedOut' | 'Undeliverable';

export interface Invocation {
  readonly commandId: string;
  readonly instanceId: string;
  readonly script: Script;
  /** Before this instant the service denies that the invocation exists. */
  readonly visibleAt: EpochSeconds;
  readonly requestedAt: EpochSeconds;
  readonly status: CommandStatus;
  readonly statusDetails: StatusDetails;
  /** -1 until a script has ended. */
  readonly responseCode: number;
  readonly startedAt?: EpochSeconds;
  readonly endedAt?: EpochSeconds;
  /** Both empty until the end. */
  readonly stdout: string;
  readonly stderr: string;
}

/** What the agent leaves of an output that is too long (read in its source, version 3.3). */
const TRUNCATION_MARK = '--output truncated--';
export const STDOUT_BYTES_MAX = 24_000;
export const STDERR_BYTES_MAX = 8_000;
/** Exit code of a script killed by SIGKILL. */
const KILLED_CODE = 137;

/** An output of `bytesMax` bytes or more loses its tail to a mark; a character at the cut may be halved. */
export function cutOutput(text: string, bytesMax: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length < bytesMax) return text;
  return bytes.subarray(0, bytesMax - TRUNCATION_MARK.length).toString() + TRUNCATION_MARK;
}

export const isOver = ({ status }: Invocation): boolean =>
  status !== 'Pending' && status !== 'InProgress' && status !== 'Cancelling';

/** The first of these that one invocation has is the status of the whole command. */
const STATUS_ORDER: readonly CommandStatus[] = [
  'Cancelling',
  'InProgress',
  'Pending',
  'TimedOut',
  'Failed',
  'Cancelled',
];

/** Of a whole command: still under way, or the worst of its invocations. */
export function overallStatus(invocations: readonly Invocation[]): CommandStatus {
  const statuses = invocations.map(({ status }) => status);
  return STATUS_ORDER.find((status) => statuses.includes(status)) ?? 'Success';
}

/** An invocation that has just been sent. */
export const pending = (
  sent: Pick<Invocation, 'commandId' | 'instanceId' | 'script' | 'visibleAt' | 'requestedAt'>,
): Invocation => ({
  ...sent,
  status: 'Pending',
  statusDetails: 'Pending',
  responseCode: -1,
  stdout: '',
  stderr: '',
});

/** What is to be run for it. */
export function jobOf({ script, commandId, instanceId }: Invocation, regionName: string): ScriptJob {
  const environment = {
    ...script.environment,
    SSM_COMMAND_ID: commandId,
    AWS_SSM_INSTANCE_ID: instanceId,
    AWS_SSM_REGION_NAME: regionName,
  };
  const { text, timeoutSeconds, workingDirectory } = script;
  return { commandId, instanceId, script: text, timeoutSeconds, workingDirectory, environment };
}

/** The invocation after its script has ended one way or the other. */
export function ended(invocation: Invocation, outcome: ScriptOutcome, now: EpochSeconds): Invocation {
  return {
    ...invocation,
    ...verdict(invocation, outcome),
    endedAt: now,
    stdout: cutOutput(outcome.stdout, STDOUT_BYTES_MAX),
    stderr: cutOutput(outcome.stderr, STDERR_BYTES_MAX),
  };
}

function verdict(
  invocation: Invocation,
  outcome: ScriptOutcome,
): Pick<Invocation, 'status' | 'statusDetails' | 'responseCode'> {
  if (invocation.status === 'Cancelling') {
    return { status: 'Cancelled', statusDetails: 'Cancelled', responseCode: KILLED_CODE };
  }
  if (outcome.kind === 'timed-out') {
    return { status: 'TimedOut', statusDetails: 'ExecutionTimedOut', responseCode: KILLED_CODE };
  }
  const responseCode = outcome.kind === 'exited' ? outcome.exitCode : KILLED_CODE;
  const status = responseCode === 0 ? 'Success' : 'Failed';
  return { status, statusDetails: status, responseCode };
}
