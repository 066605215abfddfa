/** One structured log line per decision, and metrics in the embedded metric format. */
import type { Logger } from '@aws-lambda-powertools/logger';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Metrics } from '@aws-lambda-powertools/metrics';
import type { Decision } from '../../core/model/index.ts';
import type { Reporter } from '../../ports.ts';

export class PowertoolsReporter implements Reporter {
  readonly #logger: Logger;
  readonly #metrics: Metrics;

  /** @param farm the farm's tag: the dimension of every metric. */
  constructor(logger: Logger, metrics: Metrics, farm: string) {
    this.#logger = logger;
    this.#metrics = metrics;
    this.#metrics.setDefaultDimensions({ farm });
  }

  decision({ subject, verdict, reason }: Decision): void {
    this.#logger.info('decision', { ...subject, verdict, reason });
  }

  problem(what: string, details: Readonly<Record<string, unknown>>): void {
    this.#logger.warn(what, details);
  }

  metrics(metrics: Readonly<Record<string, number>>): void {
    for (const [name, value] of Object.entries(metrics)) this.#metrics.addMetric(name, unitOf(name), value);
    this.#metrics.publishStoredMetrics();
  }
}

const unitOf = (name: string): (typeof MetricUnit)[keyof typeof MetricUnit] =>
  name.endsWith('Seconds') ? MetricUnit.Seconds : MetricUnit.Count;
