import { describe, expect, it } from 'vitest';
import { RUNBOOK } from '../../infra/runbook.ts';
import { NOTHING_YET, withRound } from '../../lambdas/core/account/account.ts';
import { metricsOf } from '../../lambdas/core/account/metrics.ts';
import { aConfig, anObservation, planFor } from '../core/given.ts';
import { alarmsIn, rung } from './alarm-bell.ts';
import { example, fullConfig, resources, synth } from './synth.ts';
import type { Json, JsonObject } from './synth.ts';

/** Every metric that ticks which act tell, by the function's own code. */
function emittedMetrics(): Set<string> {
  const config = aConfig();
  const observation = anObservation();
  const plan = planFor(observation, config);
  const round = { observation, plan, violations: [], isCarriedOut: true, problems: [], givenUp: 0 };
  const account = withRound(NOTHING_YET, { ...round, machines: [] });
  return new Set(Object.keys(metricsOf(account, config) ?? {}));
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
  const alarms = alarmsOf({ config: fullConfig() });

  it('are one per runbook entry, and each says what it means and what to do', () => {
    const texts = Object.values(RUNBOOK).map(({ meaning, remedy }) => `${meaning} ${remedy}`);
    expect(alarms.map(({ AlarmDescription }) => AlarmDescription).toSorted()).toEqual(texts.toSorted());
  });

  it('ring for machine-hours and dollars of 24 hours where there is a limit, and are without those alarms elsewhere', () => {
    expect(about(alarms, 'In the last 24 hours machines cost')).toMatchObject({
      MetricName: 'dollars',
      Statistic: 'Sum',
      Period: 86_400,
      EvaluationPeriods: 1,
      Threshold: 50,
    });
    expect(about(alarms, 'In the last 24 hours machines ran')).toMatchObject({
      MetricName: 'machineSeconds',
      Statistic: 'Sum',
      Period: 86_400,
      EvaluationPeriods: 1,
      Threshold: 240 * 3600,
    });
    expect(alarmsOf()).toHaveLength(alarms.length - 2);
  });

  it('watch metrics the function emits, under the dimensions it emits them with', () => {
    const emitted = emittedMetrics();
    const watched = alarms.flatMap(metricsIn);
    expect(watched).toHaveLength(Object.keys(RUNBOOK).length - 1);
    for (const { name, dimensions } of watched) {
      expect(emitted).toContain(name);
      expect(dimensions).toEqual([
        { Name: 'farm', Value: 'hydra-autoscaler' },
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

  it('wait for three periods where ticks are rare, and no longer than two ticks for what lasts', () => {
    const rare = synth({ config: { ...example(), schedule: 'rate(30 minutes)' } });
    const ticks = [0, 1, 2].map((tick) => ({
      at: tick * 1800 + 100,
      metrics: { rounds: 1, statusUntrusted: 1, refusedMachines: tick === 1 ? 0 : 1, problems: 1 },
    }));
    expect(rung(alarmsIn(rare), ticks, 0, 5400).toSorted()).toEqual(['Problems', 'StatusUntrusted']);
    expect(rung(alarmsIn(rare), ticks.slice(0, 1), 0, 5400)).toEqual([]);
    expect(rung(alarmsIn(rare), ticks.slice(0, 1), 0, 7200)).toEqual(['NoTick']);
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
  it('and the alarms use every metric the function emits, each of which costs money, and no other', () => {
    const template = synth();
    const [dashboard] = Object.values(resources(template, 'AWS::CloudWatch::Dashboard'));
    const drawn = [...JSON.stringify(dashboard).matchAll(/HydraAutoscaler\\*",\\*"(\w+)\\*"/g)].map(
      ([, name]) => name,
    );
    const watched = alarmsOf()
      .flatMap(metricsIn)
      .map(({ name }) => name);
    expect(new Set([...drawn, ...watched])).toEqual(emittedMetrics());
    expect(emittedMetrics().size).toBe(23);
  });
});
