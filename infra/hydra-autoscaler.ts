import { Annotations, Duration, Stack, Tags } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { problemInWords } from '../lambdas/core/reason/problem.ts';
import { mailTopic } from './alarm-topic.ts';
import { Alarms } from './alarms.ts';
import { BuilderEntrance } from './builder-entrance.ts';
import { FarmDashboard } from './dashboard.ts';
import { readDeployment } from './read-deployment.ts';
import type { Deployment } from './deployment.ts';
import { encryptionKey } from './encryption-key.ts';
import { failedInvocationQueue } from './failed-invocations.ts';
import { FarmClaim } from './farm-claim.ts';
import { FarmMetrics } from './farm-metrics.ts';
import { HydraHost } from './hydra-host.ts';
import type { MachineTemplate } from './machine-template.ts';
import { makeTemplates } from './machine-templates.ts';
import { functionStatements } from './permissions.ts';
import { servedQueueRunners } from './queue-runners.ts';
import { ReconcileFunction } from './reconcile-function.ts';
import { RunDocuments } from './run-documents.ts';
import { StateTable } from './state-table.ts';
import { WakeUps } from './wake-ups.ts';
import { acknowledgeWildcards } from './wildcards.ts';

export interface HydraAutoscalerProps {
  /** Path of the configuration file: the whole farm, with its `deploy` part. */
  readonly configFile: string;
  /**
   * Where alarms go, instead of the mail address of the configuration. Its policy must let alarms publish
   * (`letAlarmsPublish`), and so must the policy of the key it is encrypted with.
   * @default - to that address, if there is one
   */
  readonly alarmTopic?: ITopic;
  /**
   * Key of state table, topic and log groups, instead of the one of the configuration. The policy of one that is made in
   * the same app gets the statements it needs.
   * @default - that of the configuration, else AWS's own keys
   */
  readonly encryptionKey?: IKey;
  /**
   * What the names of the SSM documents begin with. SSM reserves names that begin with aws, amazon or amzn.
   * @default - the name of the stack
   */
  readonly documentNamePrefix?: string;
  /**
   * Whether the state table survives the stack.
   * @default - it does
   */
  readonly deletionProtection?: boolean;
}

/**
 * EC2 builders that follow the queue of one Hydra server. Looks nothing up: it can be synthesised without an account and
 * deployed to any.
 */
export class HydraAutoscaler extends Construct {
  readonly deployment: Deployment;
  /** The Hydra that comes with the farm, where the configuration asks for one. */
  readonly hydraHost: HydraHost | undefined;
  /** Where builders register with a Rust queue runner, if the farm may have one. */
  readonly entrance: BuilderEntrance | undefined;
  /** What table, topic and log groups are encrypted with, unless it is one of AWS's own keys. */
  readonly encryptionKey: IKey | undefined;
  /** Who is told of alarms, where anybody is. */
  readonly topic: ITopic | undefined;
  readonly table: StateTable;
  readonly documents: RunDocuments;
  readonly reconcile: ReconcileFunction;
  readonly templates: readonly MachineTemplate[];
  readonly failedInvocations: Queue;
  readonly alarms: Alarms;
  readonly dashboard: FarmDashboard;

  /** @throws ConfigError with every problem of the configuration and its remedy. */
  constructor(scope: Construct, id: string, props: HydraAutoscalerProps) {
    super(scope, id);
    this.deployment = readDeployment(props.configFile, Stack.of(this).stackName);
    const { config, deploy } = this.deployment;
    new FarmClaim(this, 'Farm', { tag: config.tag });
    this.encryptionKey = encryptionKey(this, props.encryptionKey ?? deploy.encryptionKey);
    const encrypted = optional('encryptionKey', this.encryptionKey);
    this.entrance = this.#makeEntrance();
    this.hydraHost = this.#makeHost();
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
      configFile: props.configFile,
      period,
      table: this.table.table,
      documents: this.documents.names,
      ...optional('hostInstanceId', this.hydraHost?.instance.ref),
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
    const metrics = new FarmMetrics(config.tag);
    this.alarms = this.#makeAlarms(metrics, period);
    this.dashboard = this.#makeDashboard(metrics);
    for (const [key, value] of Object.entries(deploy.tags ?? {})) Tags.of(this).add(key, value);
    this.#grant();
    for (const { path, ...warning } of this.deployment.warnings)
      Annotations.of(this).addWarningV2(`hydra-autoscaler:${path}`, `${path}: ${problemInWords(warning)}`);
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

  #makeHost(): HydraHost | undefined {
    const { deploy, hydraHost } = this.deployment;
    if (hydraHost === undefined) return undefined;
    return new HydraHost(this, 'HydraHost', {
      ...hydraHost,
      ...optional('vpc', deploy.vpc),
      ...optional('entrance', this.entrance),
      ...optional('encryptionKey', this.encryptionKey),
    });
  }

  #makeEntrance(): BuilderEntrance | undefined {
    const { deploy, hydraHost } = this.deployment;
    if (servedQueueRunners(this.deployment).entrance === undefined) return undefined;
    return new BuilderEntrance(this, 'BuilderEntrance', {
      ...optional('token', deploy.queueRunnerToken ?? (hydraHost && 'made')),
      ...optional('vpc', deploy.vpc),
    });
  }

  #makeDashboard(metrics: FarmMetrics): FarmDashboard {
    return new FarmDashboard(this, 'Overview', {
      metrics,
      farm: this.deployment.config.tag,
      function: this.reconcile.function,
      journal: this.reconcile.logGroup,
      alarms: Object.values(this.alarms.alarms),
    });
  }

  #makeAlarms(metrics: FarmMetrics, period: Duration): Alarms {
    const { config, deploy } = this.deployment;
    return new Alarms(this, 'Alarms', {
      metrics,
      period,
      failedInvocations: this.failedInvocations,
      launchesPerHour: deploy.launchesPerHour ?? Math.max(1, config.maxTotalMachines * 2),
      ...optional('machineHoursPerDay', deploy.machineHoursPerDay),
      ...optional('topic', this.topic),
    });
  }
}

/** `{ name: value }`, or nothing at all: an optional property may be left out but not undefined. */
function optional<K extends string, V>(name: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [name]: value } as Record<K, V>);
}
