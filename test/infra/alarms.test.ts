import { describe, expect, it } from 'vitest';
import { RUNBOOK } from '../../infra/runbook.ts';
import type { Config } from '../../lambdas/core/config/config.ts';
import type { Observation } from '../../lambdas/core/model.ts';
import { makePlan } from '../../lambdas/core/plan/plan.ts';
import { RoundLog } from '../../lambdas/reconcile/round-log.ts';
import { summarise } from '../../lambdas/reconcile/summary.ts';
import { readDeployment } from '../../infra/deployment.ts';
import { EXAMPLE, example, fullConfig, resources, synth } from './synth.ts';
import type { Json, JsonObject } from './synth.ts';

/** Every metric one tick emits, by the function's own code. */
function emittedMetrics(config: Config): Set<string> {
  const observation: Observation = {
    now: 1_800_000_000,
    state: { farm: { backOffs: [] }, machines: [], launches: [], floors: [] },
    instances: [],
    queue: { trusted: false, cause: 'unreachable', reason: 'a test' },
    probes: [],
    hostKeys: new Map(),
    storeUse: new Map(),
  };
  const plan = makePlan(config, observation, (n) => `launch-${n}`);
  const names = new Set<string>();
  const log = new RoundLog({
    decision: () => undefined,
    problem: () => undefined,
    metrics: (metrics) => {
      for (const name of Object.keys(metrics)) names.add(name);
    },
  });
  log.acted({ launch: 0, start: 0, stop: 0, terminate: 0 }, []);
  log.round(summarise(config, observation, plan, [], []), plan.decisions);
  log.lastSummary('done');
  return names;
}

/** Every metric of our namespace under `value`, with its dimensions. */
function metricsIn(value: Json): { name: Json | undefined; dimensions: Json | undefined }[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(metricsIn);
  const { Namespace, MetricName, Dimensions } = value;
  const own = Namespace === 'HydraAutoscaler' ? [{ name: MetricName, dimensions: Dimensions }] : [];
  return [...own, ...Object.values(value).flatMap(metricsIn)];
}

const alarmsOf = (options: Parameters<typeof synth>[0] = {}) =>
  Object.values(resources(synth(options), 'AWS::CloudWatch::Alarm')).map(
    ({ Properties }) => Properties as JsonObject,
  );

const about = (alarms: readonly JsonObject[], words: string): JsonObject => {
  const found = alarms.find(({ AlarmDescription }) => String(AlarmDescription).startsWith(words));
  if (found === undefined) throw new Error(`no alarm says "${words}"`);
  return found;
};

describe('the alarms', () => {
  const alarms = alarmsOf();

  it('are one a runbook entry, and each says what it means and what to do', () => {
    const texts = Object.values(RUNBOOK).map(({ meaning, remedy }) => `${meaning} ${remedy}`);
    expect(alarms.map(({ AlarmDescription }) => AlarmDescription).toSorted()).toEqual(texts.toSorted());
  });

  it('watch metrics the function emits, under the dimensions it emits them with', () => {
    const emitted = emittedMetrics(readDeployment(EXAMPLE).config);
    const watched = alarms
      .flatMap(metricsIn)
      .filter(({ name }) => !String(name).startsWith('capacityRefusals/'));
    expect(watched.length).toBeGreaterThan(7);
    for (const { name, dimensions } of watched) {
      expect(emitted).toContain(name);
      expect(dimensions).toEqual([
        { Name: 'farm', Value: 'hydra-provisioned' },
        { Name: 'service', Value: 'hydra-autoscaler' },
      ]);
    }
  });

  it('take silence for trouble only where ticks are missing', () => {
    const breaching = alarms.filter(({ TreatMissingData }) => TreatMissingData === 'breaching');
    expect(breaching).toEqual([about(alarms, 'No tick')]);
    expect(breaching[0]).toMatchObject({
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      EvaluationPeriods: 3,
    });
  });

  it('wait for three periods where ticks are rare', () => {
    const rare = alarmsOf({ config: { ...example(), schedule: 'rate(30 minutes)' } });
    expect(about(rare, 'No tick')).toMatchObject({ EvaluationPeriods: 18, Period: 300 });
  });

  it('ring for launches beyond twice the cap, or what is configured', () => {
    expect(about(alarms, 'More machines')).toMatchObject({ Threshold: 40, Period: 3600 });
    const base = example();
    const config = { ...base, deploy: { ...(base['deploy'] as JsonObject), launchesPerHour: 3 } };
    expect(about(alarmsOf({ config }), 'More machines')).toMatchObject({ Threshold: 3 });
  });

  it('tell the mail topic when they ring and when they stop', () => {
    for (const alarm of alarmsOf({ config: fullConfig() })) {
      expect(alarm['AlarmActions']).toHaveLength(1);
      expect(alarm['OKActions']).toHaveLength(1);
    }
  });
});

describe('the dashboard', () => {
  it('draws only metrics the function emits', () => {
    const [dashboard] = Object.values(resources(synth(), 'AWS::CloudWatch::Dashboard'));
    const body = JSON.stringify(dashboard);
    const names = [...body.matchAll(/HydraAutoscaler\\*",\\*"(\w+)\\*"/g)].map(([, name]) => name);
    const emitted = emittedMetrics(readDeployment(EXAMPLE).config);
    expect(new Set(names).size).toBeGreaterThan(12);
    for (const name of names) expect(emitted).toContain(name);
  });
});
