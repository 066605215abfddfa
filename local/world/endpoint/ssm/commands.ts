/** SendCommand and everything that tells or stops what came of it. */
import type {
  CancelCommandRequest,
  CancelCommandResult,
  GetCommandInvocationRequest,
  GetCommandInvocationResult,
  ListCommandInvocationsRequest,
  ListCommandInvocationsResult,
  ListCommandsRequest,
  ListCommandsResult,
  SendCommandRequest,
  SendCommandResult,
} from '@aws-sdk/client-ssm';
import { RegionError } from '../../region/errors.ts';
import type { Invocation } from '../../region/ssm/invocation.ts';
import { defineAction, type Action } from '../action.ts';
import { page, ssmPages } from '../paging.ts';
import { commandView, elapsed, invocationView, isoTime, stepOf } from './command-view.ts';
import { applySsmFilters } from './ssm-filters.ts';

const sendCommand = defineAction<SendCommandRequest, SendCommandResult>({
  honours: [
    'DocumentName',
    'DocumentVersion',
    'DocumentHash',
    'DocumentHashType',
    'Parameters',
    'InstanceIds',
    'Targets',
    'Comment',
    'TimeoutSeconds',
  ],
  // All nodes of a command begin at once here.
  ignores: ['MaxConcurrency', 'MaxErrors'],
  handle: (input, region) => {
    const command = region.ssm.commands.send({
      documentName: input.DocumentName ?? '',
      documentVersion: input.DocumentVersion,
      documentHash: input.DocumentHash,
      parameters: input.Parameters ?? {},
      instanceIds: input.InstanceIds ?? [],
      targets: (input.Targets ?? []).map(({ Key: key = '', Values: values = [] }) => ({ key, values })),
      comment: input.Comment,
      timeoutSeconds: input.TimeoutSeconds,
    });
    return { Command: commandView(command, region) };
  },
});

const cancelCommand = defineAction<CancelCommandRequest, CancelCommandResult>({
  honours: ['CommandId', 'InstanceIds'],
  handle: ({ CommandId: commandId = '', InstanceIds: ids }, { ssm }) => {
    ssm.commands.cancel(commandId, ids);
    return {};
  },
});

const getCommandInvocation = defineAction<GetCommandInvocationRequest, GetCommandInvocationResult>({
  honours: ['CommandId', 'InstanceId', 'PluginName'],
  handle: ({ CommandId: commandId = '', InstanceId: instanceId = '', PluginName: plugin }, { ssm }) => {
    const invocation = ssm.commands.invocation(commandId, instanceId);
    const command = ssm.commands.require(commandId);
    const step = stepOf(command);
    if (plugin !== undefined && plugin !== step) {
      throw new RegionError('InvalidPluginName', `The document has no step ${plugin}; it has ${step}.`);
    }
    return {
      CommandId: commandId,
      InstanceId: instanceId,
      Comment: command.comment,
      DocumentName: command.document.name,
      DocumentVersion: String(command.version.number),
      PluginName: step,
      ResponseCode: invocation.responseCode,
      ExecutionStartDateTime: isoTime(invocation.startedAt),
      ExecutionElapsedTime: elapsed(invocation),
      ExecutionEndDateTime: isoTime(invocation.endedAt),
      Status: invocation.status,
      StatusDetails: invocation.statusDetails,
      StandardOutputContent: invocation.stdout,
      StandardOutputUrl: '',
      StandardErrorContent: invocation.stderr,
      StandardErrorUrl: '',
    };
  },
});

const listCommandInvocations = defineAction<ListCommandInvocationsRequest, ListCommandInvocationsResult>({
  honours: ['CommandId', 'InstanceId', 'Details', 'Filters', 'MaxResults', 'NextToken'],
  handle: (input, { ssm, timeline }) => {
    const { CommandId: commandId, InstanceId: instanceId, Filters: filters } = input;
    const named = ssm.commands
      .visibleInvocations(timeline.now)
      .filter((each) => (commandId ?? each.commandId) === each.commandId)
      .filter((each) => (instanceId ?? each.instanceId) === each.instanceId);
    const matching = applySsmFilters(named, filters, {
      Status: ({ status }) => status,
      DocumentName: (each) => ssm.commands.require(each.commandId).document.name,
    });
    const idOf = (each: Invocation): string => `${each.commandId} ${each.instanceId}`;
    const question = { commandId, instanceId, filters };
    const { items, nextToken } = page(matching, idOf, { input, question }, ssmPages(1, 50));
    const views = items.map((each) =>
      invocationView(each, ssm.commands.require(each.commandId), input.Details ?? false),
    );
    return { CommandInvocations: views, NextToken: nextToken };
  },
});

const listCommands = defineAction<ListCommandsRequest, ListCommandsResult>({
  honours: ['CommandId', 'InstanceId', 'Filters', 'MaxResults', 'NextToken'],
  handle: (input, region) => {
    const { commands } = region.ssm;
    const { CommandId: commandId, InstanceId: instanceId, Filters: filters } = input;
    const named = (commandId === undefined ? commands.all : [commands.require(commandId)]).filter(
      (command) => instanceId === undefined || command.instanceIds.includes(instanceId),
    );
    const matching = applySsmFilters(named, filters, {
      Status: (command) => commands.status(command.commandId),
      DocumentName: ({ document }) => document.name,
    });
    const question = { commandId, instanceId, filters };
    const { items, nextToken } = page(
      matching,
      (each) => each.commandId,
      { input, question },
      ssmPages(1, 50),
    );
    return { Commands: items.map((command) => commandView(command, region)), NextToken: nextToken };
  },
});

export const commandActions: Readonly<Record<string, Action>> = {
  SendCommand: sendCommand,
  CancelCommand: cancelCommand,
  GetCommandInvocation: getCommandInvocation,
  ListCommandInvocations: listCommandInvocations,
  ListCommands: listCommands,
};
