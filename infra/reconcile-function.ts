import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { DocumentNames } from '../lambdas/hydra/documents.ts';
import { timeoutSeconds } from '../lambdas/reconcile/time-limits.ts';
import { bundledCode } from './bundled-code.ts';
import { BUNDLED_CONFIG } from './bundled-files.ts';
import { METRICS_NAMESPACE, SERVICE_NAME } from './farm-metrics.ts';

export interface ReconcileFunctionProps {
  /** The configuration as it was written; it goes into the bundle. It must be valid. */
  readonly configuration: string;
  /** Time between scheduled ticks. */
  readonly period: Duration;
  readonly table: Table;
  /** Real names of the SSM documents. */
  readonly documents: DocumentNames;
  /**
   * Id of the Hydra host, where the configuration cannot know it.
   * @default - `host.instanceId` of the configuration
   */
  readonly hostInstanceId?: string;
  /**
   * Ids of the subnets of all machines, where the configuration cannot know them.
   * @default - the `subnets` of each machine type
   */
  readonly subnets?: readonly string[];
  /** Where the record of an invocation that failed goes. */
  readonly failedInvocations: IQueue;
  /**
   * How long the journal is kept.
   * @default - one month
   */
  readonly logRetention?: RetentionDays;
  /**
   * Key the log group is encrypted with.
   * @default - one of AWS's own
   */
  readonly encryptionKey?: IKey;
  /**
   * Invocations at once, taken from the account's total. New accounts have too few to reserve any.
   * @default - none reserved; the lease keeps ticks apart
   */
  readonly reservedConcurrentExecutions?: number;
}

const ASYNC_EVENT_SECONDS_MIN = 60;

/** The function that runs ticks, its journal and its role. It is in no VPC: it talks to AWS only. */
export class ReconcileFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: ReconcileFunctionProps) {
    super(scope, id);
    const periodSeconds = props.period.toSeconds();
    this.logGroup = new LogGroup(this, 'Journal', {
      retention: props.logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
      ...(props.encryptionKey && { encryptionKey: props.encryptionKey }),
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.function = new LambdaFunction(this, 'Function', {
      description: 'hydra-autoscaler: observes queue and machines, plans, acts, announces, reports',
      code: bundledCode('reconcile', props.configuration),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // CPU comes with memory, too (measured: docs/develop/facts.md#memory-for-10000-instances).
      memorySize: 512,
      timeout: Duration.seconds(timeoutSeconds(periodSeconds)),
      role: this.role,
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.TEXT,
      // The next tick sees everything a failed one would have seen, so an old event is worth nothing.
      retryAttempts: 0,
      maxEventAge: Duration.seconds(Math.max(periodSeconds, ASYNC_EVENT_SECONDS_MIN)),
      onFailure: new SqsDestination(props.failedInvocations),
      ...(props.reservedConcurrentExecutions !== undefined && {
        reservedConcurrentExecutions: props.reservedConcurrentExecutions,
      }),
      environment: {
        STATE_TABLE: props.table.tableName,
        DOCUMENTS: JSON.stringify(props.documents),
        CONFIG_FILE: BUNDLED_CONFIG,
        STACK_NAME: Stack.of(this).stackName,
        ...(props.hostInstanceId !== undefined && { HOST_INSTANCE_ID: props.hostInstanceId }),
        ...(props.subnets && { SUBNETS: props.subnets.join(',') }),
        POWERTOOLS_SERVICE_NAME: SERVICE_NAME,
        POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
      },
    });

    this.logGroup.grantWrite(this.role);
  }
}
