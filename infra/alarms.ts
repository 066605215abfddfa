import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { METRICS_NAMESPACE } from './farm-metrics.ts';
import type { FarmMetrics } from './farm-metrics.ts';
import { RUNBOOK } from './runbook.ts';
import type { AlarmName } from './runbook.ts';

export interface AlarmsProps {
  readonly metrics: FarmMetrics;
  /** The farm's tag. */
  readonly farm: string;
  /** Time between scheduled ticks. */
  readonly period: Duration;
  readonly journal: ILogGroup;
  readonly failedInvocations: IQueue;
  /** More launches than this in an hour are suspicious. */
  readonly launchesPerHour: number;
  /**
   * Who is told.
   * @default - nobody; the alarms are seen on the dashboard
   */
  readonly topic?: ITopic;
}

/** When an alarm rings: so many 5-minute periods in a row above (or, without ticks, below) the threshold. */
interface Condition {
  readonly metric: IMetric;
  readonly above: number;
  readonly periods: number;
}

/** One alarm for each entry of the runbook. */
export class Alarms extends Construct {
  readonly alarms: Readonly<Record<AlarmName, Alarm>>;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const conditions = { ...queueConditions(props), ...machineConditions(this, props), ...noTick(props) };
    const make = (name: AlarmName): Alarm => {
      const { metric, above, periods } = conditions[name];
      const isAbsence = name === 'NoTick';
      const alarm = new Alarm(this, name, {
        alarmDescription: `${RUNBOOK[name].meaning} ${RUNBOOK[name].remedy}`,
        metric,
        threshold: above,
        evaluationPeriods: periods,
        comparisonOperator: isAbsence
          ? ComparisonOperator.LESS_THAN_THRESHOLD
          : ComparisonOperator.GREATER_THAN_THRESHOLD,
        treatMissingData: isAbsence ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      });
      if (props.topic) {
        alarm.addAlarmAction(new SnsAction(props.topic));
        alarm.addOkAction(new SnsAction(props.topic));
      }
      return alarm;
    };
    this.alarms = {
      NoTick: make('NoTick'),
      FailedInvocation: make('FailedInvocation'),
      PlanRefused: make('PlanRefused'),
      StatusUntrusted: make('StatusUntrusted'),
      MachineNeverReady: make('MachineNeverReady'),
      AtTheCap: make('AtTheCap'),
      NoCapacity: make('NoCapacity'),
      LaunchRate: make('LaunchRate'),
      UnsupportedSteps: make('UnsupportedSteps'),
      Problems: make('Problems'),
    };
  }
}

const FIVE_MINUTES_IN_SECONDS = 300;

/** Three missed ticks, and never less than 15 minutes. */
function noTick({ metrics, period }: AlarmsProps): Record<'NoTick', Condition> {
  const seconds = Math.max(period.toSeconds() * 3, 3 * FIVE_MINUTES_IN_SECONDS);
  const periods = Math.ceil(seconds / FIVE_MINUTES_IN_SECONDS);
  return { NoTick: { metric: metrics.metric('rounds', 'Sum'), above: 1, periods } };
}

function queueConditions({ metrics, failedInvocations }: AlarmsProps) {
  return {
    StatusUntrusted: { metric: metrics.metric('statusUntrustedSeconds', 'Maximum'), above: 900, periods: 1 },
    UnsupportedSteps: { metric: metrics.metric('uncoveredSteps', 'Minimum'), above: 0, periods: 6 },
    PlanRefused: { metric: metrics.metric('planRefused', 'Maximum'), above: 0, periods: 1 },
    Problems: { metric: metrics.metric('problems', 'Maximum'), above: 0, periods: 6 },
    FailedInvocation: {
      metric: failedInvocations.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
      above: 0,
      periods: 1,
    },
  } satisfies Partial<Record<AlarmName, Condition>>;
}

function machineConditions(scope: Construct, { metrics, farm, journal, launchesPerHour }: AlarmsProps) {
  return {
    MachineNeverReady: { metric: metrics.metric('failedMachines', 'Maximum'), above: 0, periods: 2 },
    AtTheCap: { metric: metrics.metric('cappedMachines', 'Minimum'), above: 0, periods: 6 },
    NoCapacity: { metric: capacityRefusals(scope, farm, journal), above: 0, periods: 3 },
    LaunchRate: {
      metric: metrics.metric('launch', 'Sum', undefined, Duration.hours(1)),
      above: launchesPerHour,
      periods: 1,
    },
  } satisfies Partial<Record<AlarmName, Condition>>;
}

/** What EC2 refuses for want of capacity, counted in the journal: the function's own metrics do not tell refusals apart. */
function capacityRefusals(scope: Construct, farm: string, journal: ILogGroup): Metric {
  const metricName = `capacityRefusals/${farm}`;
  new MetricFilter(scope, 'CapacityRefusals', {
    logGroup: journal,
    filterPattern: FilterPattern.stringValue('$.kind', '=', 'capacity'),
    metricNamespace: METRICS_NAMESPACE,
    metricName,
  });
  return new Metric({
    namespace: METRICS_NAMESPACE,
    metricName,
    statistic: 'Sum',
    period: Duration.minutes(5),
  });
}
