import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { MetricName } from '../lambdas/core/account/metrics.ts';
import type { FarmMetrics } from './farm-metrics.ts';
import { RUNBOOK } from './runbook.ts';
import type { AlarmName } from './runbook.ts';

export interface AlarmsProps {
  readonly metrics: FarmMetrics;
  /** Time between scheduled ticks. */
  readonly period: Duration;
  readonly failedInvocations: IQueue;
  /** More launches than this in an hour are suspicious. */
  readonly launchesPerHour: number;
  /**
   * More machine-hours than this in 24 hours are too many.
   * @default - no limit, and no alarm
   */
  readonly machineHoursPerDay?: number;
  /**
   * More dollars than this for machines in 24 hours are too many.
   * @default - no limit, and no alarm
   */
  readonly dollarsPerDay?: number;
  /**
   * Who is told.
   * @default - nobody; the alarms are seen on the dashboard
   */
  readonly topic?: ITopic;
}

/** The alarms every farm has. */
type StandingAlarm = Exclude<AlarmName, Limit>;

/** Alarms that only those farms have that set a limit. */
type Limit = 'MachineHours' | 'Dollars';

/** When an alarm rings: so many periods of the metric in a row above (or, without ticks, below) the threshold. */
interface Condition {
  readonly metric: IMetric;
  readonly above: number;
  readonly periods: number;
}

/** One alarm for each entry of the runbook; `MachineHours` and `Dollars` only where there is a limit. */
export class Alarms extends Construct {
  readonly alarms: Readonly<Record<StandingAlarm, Alarm> & Partial<Record<AlarmName, Alarm>>>;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const conditions = { ...atOnce(props), ...lasting(props), ...noTick(props) };
    const make = (name: AlarmName, { metric, above, periods }: Condition): Alarm => {
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
      NoTick: make('NoTick', conditions.NoTick),
      FailedInvocation: make('FailedInvocation', conditions.FailedInvocation),
      PlanRefused: make('PlanRefused', conditions.PlanRefused),
      StatusUntrusted: make('StatusUntrusted', conditions.StatusUntrusted),
      MachineNeverReady: make('MachineNeverReady', conditions.MachineNeverReady),
      AtTheCap: make('AtTheCap', conditions.AtTheCap),
      LaunchesRefused: make('LaunchesRefused', conditions.LaunchesRefused),
      LaunchRate: make('LaunchRate', conditions.LaunchRate),
      UnsupportedSteps: make('UnsupportedSteps', conditions.UnsupportedSteps),
      Problems: make('Problems', conditions.Problems),
      ...Object.fromEntries(
        Object.entries(spent(props)).map(([name, condition]) => [name, make(name as Limit, condition)]),
      ),
    };
  }
}

const FIVE_MINUTES_IN_SECONDS = 300;
const SECONDS_PER_HOUR = 3600;

/** Three missed ticks, and never less than 15 minutes. */
function noTick({ metrics, period }: AlarmsProps): Record<'NoTick', Condition> {
  const seconds = Math.max(period.toSeconds() * 3, 3 * FIVE_MINUTES_IN_SECONDS);
  const periods = Math.ceil(seconds / FIVE_MINUTES_IN_SECONDS);
  return { NoTick: { metric: metrics.metric('rounds', 'Sum'), above: 1, periods } };
}

/** The last 24 hours, as the window of an alarm slides (AWS: docs/develop/facts.md#cloudwatch-window-of-an-alarm). */
function spent({
  metrics,
  machineHoursPerDay,
  dollarsPerDay,
}: AlarmsProps): Partial<Record<Limit, Condition>> {
  const inADay = (metric: MetricName, above: number): Condition => ({
    metric: metrics.metric(metric, 'Sum', undefined, Duration.days(1)),
    above,
    periods: 1,
  });
  return {
    ...(machineHoursPerDay !== undefined && {
      MachineHours: inADay('machineSeconds', machineHoursPerDay * SECONDS_PER_HOUR),
    }),
    ...(dollarsPerDay !== undefined && { Dollars: inADay('dollars', dollarsPerDay) }),
  };
}

/** What has happened, once, is told at once. */
function atOnce({ metrics, failedInvocations, launchesPerHour }: AlarmsProps) {
  return {
    PlanRefused: { metric: metrics.metric('planRefused', 'Maximum'), above: 0, periods: 1 },
    MachineNeverReady: { metric: metrics.metric('givenUpMachines', 'Sum'), above: 0, periods: 1 },
    FailedInvocation: {
      metric: failedInvocations.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
      above: 0,
      periods: 1,
    },
    LaunchRate: {
      metric: metrics.metric('launch', 'Sum', undefined, Duration.hours(1)),
      above: launchesPerHour,
      periods: 1,
    },
  } satisfies Partial<Record<AlarmName, Condition>>;
}

/** What may be so for a moment is told when every tick for so many minutes has found it so. */
function lasting({ metrics, period }: AlarmsProps) {
  // A metrics period without a tick would end the row, so none is shorter than the time between ticks.
  const seconds = Math.max(FIVE_MINUTES_IN_SECONDS, period.toSeconds());
  const whole = (metric: MetricName, minutes: number): Condition => ({
    metric: metrics.metric(metric, 'Minimum', undefined, Duration.seconds(seconds)),
    above: 0,
    periods: Math.max(2, Math.ceil((minutes * 60) / seconds)),
  });
  return {
    StatusUntrusted: whole('statusUntrusted', 15),
    LaunchesRefused: whole('refusedMachines', 15),
    AtTheCap: whole('cappedMachines', 30),
    UnsupportedSteps: whole('unsupportedSteps', 30),
    Problems: whole('problems', 30),
  } satisfies Partial<Record<AlarmName, Condition>>;
}
