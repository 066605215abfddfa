import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RustFarm } from './farm.ts';
import { shapeOf } from './shape.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/hydra-rust');
const captured = (name: string, what: 'status' | 'status-queues'): string =>
  readFileSync(join(FIXTURES, `${name}.${what}.json`), 'utf8');

const textOf = (farm: RustFarm, what: 'status' | 'queues'): string => {
  const answer = farm.runner.answers()[what];
  if (answer.kind !== 'answered') throw new Error(`the call was ${answer.kind}`);
  return answer.text;
};

const withQueue = (): RustFarm => {
  const farm = new RustFarm({ dispatchTriggerSeconds: 5 });
  farm.queue(20);
  farm.queue(4, { system: 'aarch64-linux' });
  farm.wait(2);
  return farm;
};

const building = (): RustFarm => {
  const farm = withQueue();
  farm.join('i-0b1');
  farm.wait(10);
  return farm;
};

describe('the status has the shape of the captured one', () => {
  it('with nothing at all', () => {
    expect(shapeOf(textOf(new RustFarm(), 'status'))).toEqual(
      shapeOf(captured('01-idle-no-machines', 'status')),
    );
  });
  it('with a queue and no machine', () => {
    expect(shapeOf(textOf(withQueue(), 'status'))).toEqual(
      shapeOf(captured('02-queue-no-machines', 'status')),
    );
  });
  it('with a machine that has nothing to do', () => {
    const farm = new RustFarm();
    farm.queue(3);
    farm.wait(2);
    farm.join('i-0b1');
    farm.wait(13);
    expect(farm.machine('i-0b1').jobs).toEqual([]);
    expect(shapeOf(textOf(farm, 'status'))).toEqual(
      shapeOf(captured('04-joined-idle-beside-full-queue', 'status')),
    );
  });
  it.each(['05-running-saturated', '09-after-rejoin-steps-in-backoff', '12-sigstop-builder-45s'])(
    'with a machine that builds, as in %s',
    (name) => {
      const farm = building();
      expect(farm.machine('i-0b1').jobs).toHaveLength(2);
      expect(shapeOf(textOf(farm, 'status'))).toEqual(shapeOf(captured(name, 'status')));
    },
  );
  it('with several machines', () => {
    const farm = building();
    farm.join('i-0b2');
    farm.join('i-0b3');
    farm.wait(10);
    expect(Object.keys(farm.status.machines).sort()).toEqual(['i-0b1', 'i-0b2', 'i-0b3']);
    expect(shapeOf(textOf(farm, 'status'))).toEqual(
      shapeOf(captured('15-copying-back-big-outputs', 'status')),
    );
  });
});

describe('the queues have the shape of the captured ones', () => {
  it('with nothing at all', () => {
    expect(textOf(new RustFarm(), 'queues')).toBe(captured('01-idle-no-machines', 'status-queues').trimEnd());
  });
  it.each(['03-queue-with-features-no-machines', '14-runner-restarted-10s'])('as in %s', (name) => {
    expect(shapeOf(textOf(building(), 'queues'))).toEqual(shapeOf(captured(name, 'status-queues')));
  });
  it('a shape tells whole numbers, fractions and the order of keys apart', () => {
    expect(shapeOf('{"a":1,"b":1.0}')).not.toEqual(shapeOf('{"a":1,"b":1}'));
    expect(shapeOf('{"a":1,"b":2}')).not.toEqual(shapeOf('{"b":2,"a":1}'));
    expect(shapeOf('{"machines":{"x":{"a":1}}}')).toEqual(shapeOf('{"machines":{"y":{"a":2}}}'));
  });
});
