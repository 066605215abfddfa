/** The session in which the captures were taken, played again: at their instants the model says what they say. */
import { describe, expect, it } from 'vitest';
import { capturedDigest, digestOf } from './digest.ts';
import { RustFarm } from './farm.ts';

/** When the queue runner of the first captures was started, in seconds of its hour. */
const STARTED = 24 * 60 + 44.85;
const SHORT = { dispatchTriggerSeconds: 5 };

/** Lets time pass until a clock that shows minutes and seconds shows these. */
const until = (farm: RustFarm, clock: string): void => {
  const [minutes = 0, seconds = 0] = clock.split(':').map(Number);
  farm.wait(minutes * 60 + seconds - STARTED - farm.now);
};

const meets = (farm: RustFarm, name: string): void => {
  expect(digestOf(farm), name).toEqual(capturedDigest(name));
};

describe('the captured session, played again', () => {
  it('from the first queue to a builder that came back', () => {
    const farm = new RustFarm();
    until(farm, '24:48.8');
    meets(farm, '01-idle-no-machines');
    until(farm, '25:00.8');
    farm.queue(20, { seconds: 20, tag: 'plain-a' });
    until(farm, '25:03');
    meets(farm, '02-queue-no-machines');
    until(farm, '25:05');
    farm.queue(6, { seconds: 20, features: ['big-parallel'] });
    farm.queue(6, { seconds: 20, features: ['kvm', 'nixos-test'] });
    farm.queue(4, { seconds: 20, system: 'aarch64-linux' });
    until(farm, '25:07');
    meets(farm, '03-queue-with-features-no-machines');
    until(farm, '25:21.8');
    farm.join('i-0b1');
    until(farm, '25:36');
    meets(farm, '04-joined-idle-beside-full-queue');
    until(farm, '27:46');
    meets(farm, '05-running-saturated');
    until(farm, '27:47.5');
    farm.builders.close('i-0b1');
    until(farm, '28:02');
    meets(farm, '06-cordoned-while-building');
    until(farm, '28:25');
    meets(farm, '07-cordoned-drained');
    farm.runner.reload(SHORT);
    until(farm, '28:48');
    farm.builders.open('i-0b1');
    farm.runner.poke();
    until(farm, '29:28');
    farm.builders.leave('i-0b1');
    until(farm, '29:29.5');
    meets(farm, '08-sigterm-while-building');
    until(farm, '29:31.5');
    farm.join('i-0b1');
    until(farm, '29:51.8');
    meets(farm, '09-after-rejoin-steps-in-backoff');
  });

  it('through a restart of the queue runner', () => {
    const farm = new RustFarm(SHORT);
    farm.queue(16, { seconds: 20 });
    farm.queue(4, { seconds: 20, system: 'aarch64-linux' });
    farm.join('i-0b1');
    farm.wait(15);
    farm.runner.stop();
    farm.runner.start();
    farm.wait(0.677);
    meets(farm, '13-runner-just-restarted');
    // The real one was started by hand a second later, and not by systemd after five.
    farm.builders.restart('i-0b1');
    farm.wait(8.2);
    meets(farm, '14-runner-restarted-10s');
  });

  it('while big outputs are on their way back from one of three builders', () => {
    const farm = new RustFarm(SHORT);
    farm.queue(38, { seconds: 60 });
    farm.queue(4, { seconds: 60, system: 'aarch64-linux' });
    farm.queue(2, { seconds: 60, features: ['kvm'] });
    farm.join('i-0b1');
    farm.join('i-0b3');
    farm.wait(12);
    farm.queue(3, { seconds: 1, outputMiB: 668, globalPriority: 1 });
    farm.wait(1);
    farm.join('i-0b2', { maxJobs: 3 });
    farm.wait(12);
    meets(farm, '15-copying-back-big-outputs');
  });
});
