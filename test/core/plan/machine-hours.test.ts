import { describe, expect, it } from 'vitest';
import { lastDay, machineHours } from '../../../lambdas/core/plan/machine-hours.ts';
import type { Instance, MachineHour } from '../../../lambdas/core/model/index.ts';
import { LINUX, NOW, aConfig, anInstance, anObservation } from '../given.ts';

const HOUR = 3600;
const config = { ...aConfig(), machineHoursPerDay: 1 };

const look = (
  now: number,
  instances: readonly Instance[],
  before: readonly MachineHour[] = [],
  lastTickAt = now - 300,
) => {
  const empty = anObservation();
  const farm = { ...empty.state.farm, lastTickAt, machineHours: before };
  return { ...empty, now, instances, state: { ...empty.state, farm } };
};
const started = (startedAt: number, changed: Partial<Instance> = {}): Instance =>
  anInstance({ startedAt, ...changed });

describe('the hours of machines', () => {
  it('add up look by look, from the start of each and up to now', () => {
    let before: readonly MachineHour[] = [];
    const instances = [started(NOW - 86_400), started(NOW + 100), started(NOW, { state: 'stopped' })];
    for (let now = NOW + 150; now <= NOW + 2 * HOUR; now += 150)
      before = machineHours(config, look(now, instances, before, now - 150));
    expect(lastDay(before, look(NOW + 2 * HOUR, instances))).toEqual([
      { type: LINUX, hours: expect.closeTo(2 + (2 * HOUR - 100) / HOUR, 6) as unknown, running: 2 },
    ]);
  });

  it('leave the day little by little', () => {
    const start = NOW - (NOW % HOUR);
    const old = [{ at: start, seconds: { [LINUX]: 4 * HOUR } }];
    const sumAt = (now: number): number =>
      lastDay(machineHours(config, look(now, [], old)), look(now, [])).reduce(
        (sum, { hours }) => sum + hours,
        0,
      );
    expect(sumAt(start + 24 * HOUR)).toBeCloseTo(4, 6);
    expect(sumAt(start + 24.5 * HOUR)).toBeCloseTo(2, 6);
    expect(sumAt(start + 25 * HOUR)).toBe(0);
  });

  it('are never more than a day a machine, however long nobody looked', () => {
    const instances = [started(NOW - 10 * 86_400)];
    const hours = machineHours(config, look(NOW, instances, [], NOW - 5 * 86_400));
    expect(lastDay(hours, look(NOW, instances))).toMatchObject([{ hours: 24 }]);
    expect(machineHours(config, { ...look(NOW, instances), state: anObservation().state })).toMatchObject([
      { seconds: { [LINUX]: 0 } },
    ]);
  });

  it('are told by type, and those made by hand as such', () => {
    const handMade: Instance = {
      instanceId: 'i-00000009',
      state: 'running',
      market: 'on-demand',
      interrupted: false,
    };
    const instances = [started(NOW - 600), started(NOW - 600, { type: 'x86_64-linux:kvm' }), handMade];
    const hours = machineHours(
      config,
      look(NOW, instances, [{ at: NOW - 2 * HOUR, seconds: { [LINUX]: 60 } }]),
    );
    expect(lastDay(hours, look(NOW, instances)).map(({ type }) => type)).toEqual([
      LINUX,
      'x86_64-linux:kvm',
      'made by hand',
    ]);
  });

  it('are not kept where no limit asks for them', () => {
    expect(machineHours(aConfig(), look(NOW, [started(NOW - 600)]))).toEqual([]);
  });
});
