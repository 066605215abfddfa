/** The function's own metrics, as alarms and dashboard read them. */
import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { MetricName } from '../lambdas/core/account/metrics.ts';

export const METRICS_NAMESPACE = 'HydraAutoscaler';
/** Powertools adds it to every metric as the dimension `service`. */
export const SERVICE_NAME = 'hydra-autoscaler';

export type Statistic = 'Sum' | 'Maximum' | 'Minimum' | 'Average';

/** Makes metrics of one farm. */
export class FarmMetrics {
  readonly #farm: string;

  /** @param farm the configuration's tag. */
  constructor(farm: string) {
    this.#farm = farm;
  }

  /** @param period default 5 minutes. */
  metric(
    metricName: MetricName,
    statistic: Statistic,
    label?: string,
    period: Duration = Duration.minutes(5),
  ): Metric {
    return new Metric({
      namespace: METRICS_NAMESPACE,
      metricName,
      dimensionsMap: { service: SERVICE_NAME, farm: this.#farm },
      statistic,
      period,
      ...(label !== undefined && { label }),
    });
  }

  /** Hours that machines ran, all together; in an hour, unless it says otherwise. */
  machineHours({ period = Duration.hours(1), label = 'machine hours' }: MetricOptions): MathExpression {
    const seconds = this.metric('machineSeconds', 'Sum', undefined, period);
    return new MathExpression({ expression: 'seconds / 3600', usingMetrics: { seconds }, period, label });
  }
}
