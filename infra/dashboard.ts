import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  LogQueryWidget,
  LogQueryVisualizationType,
  MathExpression,
  PeriodOverride,
  SingleValueWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IAlarm, IMetric, IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { FarmMetrics } from './farm-metrics.ts';

export interface DashboardProps {
  readonly metrics: FarmMetrics;
  /** The farm's tag. */
  readonly farm: string;
  readonly function: IFunction;
  readonly journal: ILogGroup;
  readonly alarms: readonly IAlarm[];
}

const FULL_WIDTH = 24;
const HALF_WIDTH = 12;

/** One page that answers: is the queue served, what does it cost, what is wrong, and why was it decided so. */
export class FarmDashboard extends Construct {
  readonly dashboard: CloudWatchDashboard;

  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    this.dashboard = new CloudWatchDashboard(this, 'Dashboard', {
      periodOverride: PeriodOverride.AUTO,
      defaultInterval: Duration.hours(12),
      widgets: [
        [heading(props.farm)],
        [
          now(props),
          new AlarmStatusWidget({ title: 'Alarms', alarms: [...props.alarms], width: HALF_WIDTH, height: 4 }),
        ],
        [queueAgainstMachines(props), phases(props)],
        [waiting(props), paidTime(props)],
        [changes(props), health(props)],
        [decisions(props)],
      ],
    });
  }
}

const heading = (farm: string): IWidget =>
  new TextWidget({
    width: FULL_WIDTH,
    height: 1,
    markdown: `### Hydra builders \`${farm}\`: the queue leads, machines follow within minutes`,
  });

const now = ({ metrics }: DashboardProps): IWidget =>
  new SingleValueWidget({
    title: 'Now',
    width: HALF_WIDTH,
    height: 4,
    metrics: [
      metrics.metric('runnableSteps', 'Maximum', 'runnable steps'),
      metrics.metric('wantedMachines', 'Maximum', 'machines wanted'),
      metrics.metric('readyMachines', 'Maximum', 'machines ready'),
      metrics.metric('liveInstances', 'Maximum', 'instances alive'),
      metrics.metric('dollars', 'Sum', 'dollars today (UTC)', Duration.days(1)),
    ],
  });

const graph = (title: string, left: IMetric[], right: IMetric[] = [], stacked = false): IWidget =>
  new GraphWidget({
    title,
    width: HALF_WIDTH,
    height: 6,
    left,
    right,
    stacked,
    leftYAxis: { min: 0, showUnits: false },
    rightYAxis: { min: 0, showUnits: false },
  });

const queueAgainstMachines = ({ metrics }: DashboardProps): IWidget =>
  graph(
    'Queue against machines',
    [
      metrics.metric('wantedMachines', 'Maximum', 'wanted'),
      metrics.metric('readyMachines', 'Average', 'ready'),
      metrics.metric('cappedMachines', 'Maximum', 'withheld by the caps'),
      metrics.metric('refusedMachines', 'Maximum', 'refused by AWS'),
    ],
    [metrics.metric('runnableSteps', 'Maximum', 'runnable steps (right)')],
  );

const phases = ({ metrics }: DashboardProps): IWidget =>
  graph(
    'Machines by phase',
    [
      metrics.metric('readyMachines', 'Average', 'ready'),
      metrics.metric('bootingMachines', 'Average', 'booting'),
      metrics.metric('drainingMachines', 'Average', 'draining'),
      metrics.metric('stoppedMachines', 'Average', 'stopped'),
    ],
    [],
    true,
  );

const waiting = ({ metrics }: DashboardProps): IWidget =>
  graph(
    'Waiting',
    [
      metrics.metric('runnableSteps', 'Average', 'runnable steps'),
      metrics.metric('unsupportedSteps', 'Maximum', 'steps no machine supports'),
    ],
    [metrics.metric('waitingSeconds', 'Maximum', 'seconds the queue has been ahead of the machines (right)')],
  );

/** An average count over an hour is machine hours, and so are seconds per second. What boots or drains is paid for and neither idle nor at work. */
function paidTime({ metrics }: DashboardProps): IWidget {
  const hour = Duration.hours(1);
  return graph(
    'Machine hours per hour',
    [
      new MathExpression({
        expression: 'ran / PERIOD(ran)',
        usingMetrics: { ran: metrics.metric('machineSeconds', 'Sum', undefined, hour) },
        label: 'paid',
        period: hour,
      }),
      metrics.metric('idleMachines', 'Average', 'of these ready without a build', hour),
    ],
    [metrics.metric('dollars', 'Sum', 'dollars an hour (right)', hour)],
  );
}

const changes = ({ metrics }: DashboardProps): IWidget =>
  graph('Launched, started, stopped, terminated', [
    metrics.metric('launch', 'Sum', 'launched'),
    metrics.metric('start', 'Sum', 'started'),
    metrics.metric('stop', 'Sum', 'stopped'),
    metrics.metric('terminate', 'Sum', 'terminated'),
  ]);

const health = ({ metrics, function: reconcile }: DashboardProps): IWidget =>
  graph(
    'Problems',
    [
      metrics.metric('problems', 'Sum', 'problems'),
      metrics.metric('givenUpMachines', 'Sum', 'machines given up'),
      metrics.metric('planRefused', 'Sum', 'plans refused'),
      metrics.metric('statusUntrusted', 'Sum', 'ticks without a trusted status'),
      reconcile.metricErrors({ label: 'failed invocations' }),
      reconcile.metricThrottles({ label: 'throttled invocations' }),
    ],
    [reconcile.metricDuration({ statistic: 'Maximum', label: 'longest tick, ms (right)' })],
  );

const decisions = ({ journal }: DashboardProps): IWidget =>
  new LogQueryWidget({
    title: 'Last decisions and problems',
    width: FULL_WIDTH,
    height: 8,
    view: LogQueryVisualizationType.TABLE,
    logGroupNames: [journal.logGroupName],
    queryLines: [
      'fields @timestamp, coalesce(machine, type, message) as subject, verdict, coalesce(reason, says) as why',
      'filter ispresent(verdict) or level = "WARN" or level = "ERROR"',
      'sort @timestamp desc',
      'limit 50',
    ],
  });
