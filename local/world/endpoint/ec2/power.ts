/** StartInstances, StopInstances, RebootInstances, TerminateInstances. */
import type {
  InstanceStateChange,
  RebootInstancesRequest,
  StartInstancesRequest,
  StartInstancesResult,
  StopInstancesRequest,
  StopInstancesResult,
  TerminateInstancesRequest,
  TerminateInstancesResult,
} from '@aws-sdk/client-ec2';
import type { StateChange } from '../../region/power.ts';
import { RegionError } from '../../region/errors.ts';
import { defineAction, type Action } from '../action.ts';
import { stateView } from './instance-view.ts';

interface IdsInput {
  readonly InstanceIds: string[] | undefined;
}

const INSTANCES_MAX = 1000;

function idsOf({ InstanceIds: ids = [] }: IdsInput): readonly string[] {
  if (ids.length <= INSTANCES_MAX) return ids;
  throw new RegionError(
    'InvalidParameterValue',
    `At most ${INSTANCES_MAX} instances can be named in one call`,
  );
}

const costOf = ({ InstanceIds: ids = [] }: IdsInput) => ({ resources: ids.length });

const changeViews = (changes: readonly StateChange[]): InstanceStateChange[] =>
  changes.map(({ instance, before }) => ({
    InstanceId: instance.instanceId,
    CurrentState: stateView(instance.state),
    PreviousState: stateView(before),
  }));

export const powerActions: Readonly<Record<string, Action>> = {
  StartInstances: defineAction<StartInstancesRequest, StartInstancesResult>({
    honours: ['InstanceIds'],
    cost: costOf,
    handle: (input, { power }) => ({ StartingInstances: changeViews(power.start(idsOf(input))) }),
  }),
  StopInstances: defineAction<StopInstancesRequest, StopInstancesResult>({
    honours: ['InstanceIds'],
    // A simulated stop always ends; how it is forced changes nothing.
    ignores: ['Force', 'SkipOsShutdown'],
    cost: costOf,
    handle: (input, { power }) => ({ StoppingInstances: changeViews(power.stop(idsOf(input))) }),
  }),
  RebootInstances: defineAction<RebootInstancesRequest, object>({
    honours: ['InstanceIds'],
    handle: (input, { power }) => {
      power.reboot(idsOf(input));
      return {};
    },
  }),
  TerminateInstances: defineAction<TerminateInstancesRequest, TerminateInstancesResult>({
    honours: ['InstanceIds'],
    ignores: ['Force', 'SkipOsShutdown'],
    cost: costOf,
    handle: (input, { power }) => ({ TerminatingInstances: changeViews(power.terminate(idsOf(input))) }),
  }),
};
