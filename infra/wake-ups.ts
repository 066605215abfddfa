import type { Duration } from 'aws-cdk-lib';
import { Aws } from 'aws-cdk-lib';
import { Rule, type EventPattern } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  ContextAttribute,
  Schedule,
  ScheduleExpression,
  ScheduleTargetInput,
} from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { allow } from './statements.ts';

export interface WakeUpsProps {
  readonly function: IFunction;
  /** Time between scheduled ticks; whole minutes. */
  readonly period: Duration;
  /** Where the watch is, and by which document it is run; absent where none wakes the function. */
  readonly watch?: { readonly instanceId: string; readonly document: string };
  /** Where a wake-up that could not be delivered goes. */
  readonly failedInvocations: IQueue;
}

/** Deliveries tried again; both services would go on for a day otherwise, and flood a repaired function with old ticks. */
const RETRIES = 2;

/**
 * What wakes the function. An event only says that something happened: the function looks for itself, so that lost,
 * doubled and foreign events do no harm. EC2's cannot be filtered by tag; the function drops those that are not of
 * its machines before it does anything.
 */
export class WakeUps extends Construct {
  constructor(scope: Construct, id: string, props: WakeUpsProps) {
    super(scope, id);
    const role = new Role(this, 'SchedulerRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    new Schedule(this, 'Schedule', {
      description: 'hydra-autoscaler: a tick',
      schedule: ScheduleExpression.rate(props.period),
      target: new LambdaInvoke(props.function, {
        input: ScheduleTargetInput.fromObject({ tick: true, scheduledTime: ContextAttribute.scheduledTime }),
        // Without this it would be allowed to invoke every version of the function.
        role: role.withoutPolicyUpdates(),
        retryAttempts: RETRIES,
        maxEventAge: props.period,
        deadLetterQueue: props.failedInvocations,
      }),
    });

    const target = new LambdaFunction(props.function, {
      retryAttempts: RETRIES,
      maxEventAge: props.period,
      deadLetterQueue: props.failedInvocations,
    });
    const wakeOn = (name: string, detailType: string, detail?: Record<string, string[]>): Rule =>
      new Rule(this, name, {
        description: `hydra-autoscaler: ${detailType}`,
        eventPattern: { source: ['aws.ec2'], detailType: [detailType], ...(detail && { detail }) },
        targets: [target],
      });
    wakeOn('Interruption', 'EC2 Spot Instance Interruption Warning');
    wakeOn('Rebalance', 'EC2 Instance Rebalance Recommendation');
    // `pending` is left out: a machine gets there by our own launch or start.
    wakeOn('StateChange', 'EC2 Instance State-change Notification', {
      state: ['running', 'stopping', 'stopped', 'shutting-down', 'terminated'],
    });

    if (props.watch !== undefined)
      new Rule(this, 'Watch', {
        description: 'hydra-autoscaler: the watch on the Hydra host has found something',
        eventPattern: watchEnded(props.watch),
        targets: [target],
      });

    role.addToPolicy(allow('Wake', ['lambda:InvokeFunction'], [props.function.functionArn]));
    role.addToPolicy(allow('KeepWhatFailed', ['sqs:SendMessage'], [props.failedInvocations.queueArn]));
  }
}

/**
 * The watch has ended well; one that was ended, replaced or waited in vain says nothing that a tick need hear
 * (AWS: docs/develop/facts.md#ssm-events-of-commands).
 */
const watchEnded = ({ instanceId, document }: Required<WakeUpsProps>['watch']): EventPattern => ({
  source: ['aws.ssm'],
  detailType: ['EC2 Command Invocation Status-change Notification'],
  detail: { 'document-name': [document], 'instance-id': [instanceId], status: ['Success'] },
});
