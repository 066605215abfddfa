import { Duration, Stack, Tags } from 'aws-cdk-lib';
import type { MathExpression, Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { Connections, IConnectable } from 'aws-cdk-lib/aws-ec2';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { MetricName } from '../lambdas/core/account/metrics.ts';
import { mailTopic } from './alarm-topic.ts';
import { Alarms } from './alarms.ts';
import type { BuilderEntrance } from './builder-entrance.ts';
import { FarmDashboard } from './dashboard.ts';
import { readDeployment } from './read-deployment.ts';
import type { HydraAutoscalerProps } from './autoscaler-props.ts';
import type { Deployment } from './deployment.ts';
import { encryptionKey } from './encryption-key.ts';
import { failedInvocationQueue } from './failed-invocations.ts';
import { FarmClaim } from './farm-claim.ts';
import { FarmMetrics } from './farm-metrics.ts';
import { givenBy } from './given.ts';
import type { HydraHost } from './hydra-host.ts';
import type { MachineTemplate } from './machine-template.ts';
import { connectionsOf, makeTemplates } from './machine-templates.ts';
import { optional } from './optional.ts';
import { makeEntrance, makeHost } from './own-host.ts';
import { functionStatements } from './permissions.ts';
import { ReconcileFunction } from './reconcile-function.ts';
import { RunDocuments } from './run-documents.ts';
import { StateTable } from './state-table.ts';
import { WakeUps } from './wake-ups.ts';
import { warn } from './warn.ts';
import { acknowledgeWildcards } from './wildcards.ts';

/**
 * EC2 builders that follow the queue of one Hydra server. Looks nothing up: it can be synthesised without an account and
 * deployed to any.
 */
export class HydraAutoscaler extends Construct implements IConnectable {
  /** The configuration as it is deployed: defaults filled in, and what the app gives in its place. */
  readonly deployment: Deployment;
  /** The Hydra that comes with the farm, where the configuration asks for one. */
  readonly hydraHost: HydraHost | undefined;
  /** Where builders register with a Rust queue runner, if the farm may have one. */
  readonly entrance: BuilderEntrance | undefined;
  /** What table, topic and log groups are encrypted with, unless it is one of AWS's own keys. */
  readonly encryptionKey: IKey | undefined;
  /** Who is told of alarms, where anybody is. */
  readonly topic: ITopic | undefined;
  /** What the autoscaler remembers; `table.table` is the DynamoDB table. */
  readonly table: StateTable;
  /** What the function may run on the Hydra host and on machines, and nothing else. */
  readonly documents: RunDocuments;
  /** The function that ticks, its role and its log group. */
  readonly reconcile: ReconcileFunction;
  /** Launch template, role and security groups of each machine type, except those with a template of their own. */
  readonly templates: readonly MachineTemplate[];
  /**
   * The machines of all types, for rules of security groups beside the one that lets the queue runner in. The default
   * port is that of SSH, where it is the same for all types.
   */
  readonly connections: Connections;
  /** Event and error of each invocation that failed. */
  readonly failedInvocations: Queue;
  /** Every alarm, by its name, in `alarms.alarms`. */
  readonly alarms: Alarms;
  /** Queue, machines, cost and problems on one page. */
  readonly dashboard: FarmDashboard;
  readonly #metrics: FarmMetrics;

  /** @throws ConfigError with every problem of the configuration and its remedy. */
  constructor(scope: Construct, id: string, props: HydraAutoscalerProps) {
    super(scope, id);
    this.deployment = readDeployment(props.farm, Stack.of(this).stackName, givenBy(props));
    const { config, deploy } = this.deployment;
    new FarmClaim(this, 'Farm', { tag: config.tag });
    this.encryptionKey = encryptionKey(this, props.encryptionKey ?? deploy.encryptionKey);
    const encrypted = optional('encryptionKey', this.encryptionKey);
    this.entrance = makeEntrance(this, this.deployment);
    this.hydraHost = makeHost(this, this);
    const period = Duration.seconds(config.schedulePeriodSeconds);
    this.topic =
      props.alarmTopic ??
      (deploy.notify === undefined ? undefined : mailTopic(this, deploy.notify, this.encryptionKey));
    this.table = new StateTable(this, 'State', {
      ...optional('deletionProtection', props.deletionProtection),
      ...encrypted,
    });
    this.documents = new RunDocuments(this, 'Documents', {
      farm: config,
      ...optional('namePrefix', props.documentNamePrefix),
    });
    this.failedInvocations = failedInvocationQueue(this);
    this.reconcile = new ReconcileFunction(this, 'Reconcile', {
      configuration: this.deployment.text,
      period,
      table: this.table.table,
      documents: this.documents.names,
      ...optional('hostInstanceId', this.hydraHost?.instance.ref),
      ...optional('subnets', this.deployment.given.subnets),
      failedInvocations: this.failedInvocations,
      ...optional('logRetention', deploy.logRetentionDays),
      ...encrypted,
      ...optional('reservedConcurrentExecutions', deploy.reservedConcurrency),
    });
    const document = this.documents.names.watch;
    new WakeUps(this, 'WakeUps', {
      function: this.reconcile.function,
      period,
      ...(config.watch && { watch: { instanceId: this.#hostInstanceId, document } }),
      failedInvocations: this.failedInvocations,
    });
    this.templates = makeTemplates(this, this);
    this.connections = connectionsOf(this, this.deployment, this.templates);
    this.#metrics = new FarmMetrics(config.tag);
    this.alarms = this.#makeAlarms(period);
    this.dashboard = this.#makeDashboard();
    for (const [key, value] of Object.entries(deploy.tags ?? {})) Tags.of(this).add(key, value);
    this.#grant();
    warn(this, this.deployment.warnings);
  }

  /**
   * Lets somebody ask and order what `npm run operate` does; that program also has to find the function, by
   * `cloudformation:DescribeStacks`.
   */
  grantInvoke(grantee: IGrantable): Grant {
    return this.reconcile.function.grantInvoke(grantee);
  }

  /**
   * A number that each tick says of the farm, such as `readyMachines` or `waitingSeconds`.
   * @default options - the maximum in five minutes
   */
  metric(name: MetricName, options: MetricOptions = {}): Metric {
    return this.#metrics.metric(name, 'Maximum').with(options);
  }

  /**
   * Hours that machines of the farm ran, all together: what is paid for.
   * @default options - in an hour
   */
  metricMachineHours(options: MetricOptions = {}): MathExpression {
    return this.#metrics.machineHours(options);
  }

  get #hostInstanceId(): string {
    return this.hydraHost?.instance.ref ?? this.deployment.config.host.instanceId;
  }

  #grant(): void {
    const { config, deploy } = this.deployment;
    const statements = functionStatements(this, {
      config,
      deploy,
      hostInstanceId: this.#hostInstanceId,
      table: this.table.table,
      documents: Object.values(this.documents.documents),
      templates: this.templates,
    });
    for (const statement of statements) this.reconcile.role.addToPolicy(statement);
    acknowledgeWildcards(this.reconcile.role);
  }

  #makeDashboard(): FarmDashboard {
    return new FarmDashboard(this, 'Overview', {
      metrics: this.#metrics,
      farm: this.deployment.config.tag,
      function: this.reconcile.function,
      journal: this.reconcile.logGroup,
      alarms: Object.values(this.alarms.alarms),
    });
  }

  #makeAlarms(period: Duration): Alarms {
    const { config, deploy } = this.deployment;
    return new Alarms(this, 'Alarms', {
      metrics: this.#metrics,
      period,
      failedInvocations: this.failedInvocations,
      launchesPerHour: deploy.launchesPerHour ?? Math.max(1, config.maxTotalMachines * 2),
      ...optional('machineHoursPerDay', deploy.machineHoursPerDay),
      ...optional('dollarsPerDay', deploy.dollarsPerDay),
      ...optional('topic', this.topic),
    });
  }
}
