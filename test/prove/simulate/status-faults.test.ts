/** Statuses that a fault has changed still look as the queue runner prints them. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Chaos } from '../../../local/prove/simulate/chaos.ts';
import { StatusFaults, torn } from '../../../local/prove/simulate/faulty/status-faults.ts';

const capture = (name: string): string =>
  readFileSync(new URL(`../../fixtures/hydra-status/${name}.json`, import.meta.url), 'utf8');

it('a torn status is what a real one was', () => {
  const real = capture('hidden-copy-active-minus-jobs-0');
  const whole = real.replace('"nrActiveSteps":4', '"nrActiveSteps":6');

  expect(whole).not.toBe(real);
  expect(torn(whole)).toBe(real);
});

it('only a status with a copy under way is torn, and what it says is true all the same', () => {
  const chaos = new Chaos({ seed: 1, enabled: new Set(['status-torn']) });
  chaos.rage(new Map([['status-torn', 20]]));
  const faults = new StatusFaults(chaos);
  const answers = (stdout: string): readonly string[] =>
    Array.from({ length: 20 }, () => {
      const { answer, isTrue } = faults.mangled({ exitCode: 0, stdout, hostNow: 0 });
      expect(isTrue).toBe(true);
      return answer.stdout;
    });
  const [idle, copying] = [capture('idle-with-machines'), capture('copying-outputs-while-currentJobs-0')];

  expect(new Set(answers(idle))).toEqual(new Set([idle]));
  expect(new Set(answers(copying))).toEqual(new Set([copying, torn(copying)]));
});
