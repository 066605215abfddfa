/** CloudWatch's side of an alarm: from numbers a function told to whether the alarm, as it was synthesised, rings. */
import * as z from 'zod';
import type { Template } from 'aws-cdk-lib/assertions';
import { RUNBOOK } from '../../infra/runbook.ts';
import type { AlarmName } from '../../infra/runbook.ts';
import { resources } from './synth.ts';

/** What one tick told, and when, in epoch seconds. */
export interface Sample {
  readonly at: number;
  readonly metrics: Readonly<Record<string, number>>;
}

const alarmSchema = z.object({
  AlarmDescription: z.string(),
  Namespace: z.string(),
  MetricName: z.string(),
  Statistic: z.enum(['Sum', 'Minimum', 'Maximum']),
  Period: z.number(),
  EvaluationPeriods: z.number(),
  Threshold: z.number(),
  ComparisonOperator: z.enum(['GreaterThanThreshold', 'LessThanThreshold']),
  TreatMissingData: z.enum(['breaching', 'notBreaching']),
});
type Alarm = z.output<typeof alarmSchema>;

export type Alarms = ReadonlyMap<AlarmName, Alarm>;

/** The alarms of a stack that watch what the function tells. */
export function alarmsIn(template: Template): Alarms {
  const all = Object.values(resources(template, 'AWS::CloudWatch::Alarm'))
    .map(({ Properties }) => alarmSchema.parse(Properties))
    .filter(({ Namespace }) => Namespace === 'HydraAutoscaler');
  return new Map(all.map((alarm) => [nameOf(alarm), alarm]));
}

function nameOf({ AlarmDescription }: Alarm): AlarmName {
  const names = Object.keys(RUNBOOK) as AlarmName[];
  const name = names.find((one) => `${RUNBOOK[one].meaning} ${RUNBOOK[one].remedy}` === AlarmDescription);
  if (name === undefined) throw new Error(`no alarm of the runbook says "${AlarmDescription}"`);
  return name;
}

/** Names of the alarms that rang at some time between two instants, in epoch seconds. */
export function rung(alarms: Alarms, samples: readonly Sample[], from: number, to: number): AlarmName[] {
  return [...alarms].filter(([, alarm]) => rings(alarm, samples, from, to)).map(([name]) => name);
}

/**
 * Periods count when they are over, and the row has to be without a gap: CloudWatch itself looks further back where one
 * period is without data, and so rings no later.
 */
function rings(alarm: Alarm, samples: readonly Sample[], from: number, to: number): boolean {
  const { MetricName, Period, EvaluationPeriods } = alarm;
  let row = 0;
  for (let start = Math.floor(from / Period) * Period; start + Period <= to; start += Period) {
    const values = samples
      .filter(({ at }) => at >= start && at < start + Period)
      .flatMap(({ metrics }) => metrics[MetricName] ?? []);
    row = isBreaching(alarm, values) ? row + 1 : 0;
    if (row >= EvaluationPeriods) return true;
  }
  return false;
}

function isBreaching(alarm: Alarm, values: readonly number[]): boolean {
  if (values.length === 0) return alarm.TreatMissingData === 'breaching';
  const value = {
    Sum: values.reduce((sum, one) => sum + one, 0),
    Minimum: Math.min(...values),
    Maximum: Math.max(...values),
  }[alarm.Statistic];
  return alarm.ComparisonOperator === 'GreaterThanThreshold'
    ? value > alarm.Threshold
    : value < alarm.Threshold;
}
