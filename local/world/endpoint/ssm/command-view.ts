/** Commands and invocations as SSM shows them. */
import type { Command as CommandView, CommandInvocation, CommandPlugin } from '@aws-sdk/client-ssm';
import type { Region } from '../../region/region.ts';
import { cutOutput, isOver, type Invocation } from '../../region/ssm/invocation.ts';
import type { Command } from '../../region/ssm/send-request.ts';
import { toDate } from '../action.ts';

/** What the List calls show of an output, where Get shows 24,000 bytes. */
const LISTED_OUTPUT_BYTES_MAX = 2_500;

export function commandView(command: Command, { ssm, timeline }: Region): CommandView {
  const invocations = ssm.commands.ofCommand(command.commandId);
  const status = ssm.commands.status(command.commandId);
  const count = (isCounted: (invocation: Invocation) => boolean): number =>
    invocations.filter(isCounted).length;
  return {
    CommandId: command.commandId,
    DocumentName: command.document.name,
    DocumentVersion: String(command.version.number),
    Comment: command.comment,
    Parameters: Object.fromEntries(
      Object.entries(command.parameters).map(([name, values]) => [name, [...values]]),
    ),
    InstanceIds: command.targets.length === 0 ? [...command.instanceIds] : [],
    Targets: command.targets.map(({ key, values }) => ({ Key: key, Values: [...values] })),
    RequestedDateTime: toDate(command.requestedAt),
    ExpiresAfter: toDate(command.requestedAt + command.timeoutSeconds + command.script.timeoutSeconds),
    Status: status,
    StatusDetails: status,
    TargetCount: invocations.length,
    CompletedCount: count(isOver),
    ErrorCount: count(({ status: each }) => each === 'Failed' || each === 'TimedOut'),
    DeliveryTimedOutCount: count(({ statusDetails }) => statusDetails === 'DeliveryTimedOut'),
    TimeoutSeconds: Math.max(0, Math.floor(command.requestedAt + command.timeoutSeconds - timeline.now)),
  };
}

export function invocationView(
  invocation: Invocation,
  command: Command,
  withDetails: boolean,
): CommandInvocation {
  return {
    CommandId: invocation.commandId,
    InstanceId: invocation.instanceId,
    Comment: command.comment,
    DocumentName: command.document.name,
    DocumentVersion: String(command.version.number),
    RequestedDateTime: toDate(invocation.requestedAt),
    Status: invocation.status,
    StatusDetails: invocation.statusDetails,
    CommandPlugins: withDetails ? [pluginView(invocation, command)] : [],
  };
}

function pluginView(invocation: Invocation, command: Command): CommandPlugin {
  const { startedAt, endedAt } = invocation;
  return {
    Name: stepOf(command),
    Status: invocation.status === 'Cancelling' ? 'InProgress' : invocation.status,
    StatusDetails: invocation.statusDetails,
    ResponseCode: invocation.responseCode,
    Output: cutOutput(invocation.stdout + invocation.stderr, LISTED_OUTPUT_BYTES_MAX),
    ...(startedAt !== undefined && { ResponseStartDateTime: toDate(startedAt) }),
    ...(endedAt !== undefined && { ResponseFinishDateTime: toDate(endedAt) }),
  };
}

/** `PT1.234S`; empty before the start. */
export const elapsed = ({ startedAt, endedAt }: Invocation): string =>
  startedAt === undefined || endedAt === undefined ? '' : `PT${(endedAt - startedAt).toFixed(3)}S`;

export const isoTime = (seconds: number | undefined): string =>
  seconds === undefined ? '' : toDate(seconds).toISOString();

export const stepOf = (command: Command): string => command.version.content.mainSteps[0].name;
