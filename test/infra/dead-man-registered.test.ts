/** The dead-man switch of a machine that has registered with the Rust queue runner. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needs } from '../needs.ts';
import { BOTH, nixosImage, render, startMachineAws } from './builder.ts';
import { ScratchRoot } from './scratch-root.ts';

const LIMIT_MINUTES = 60;
/** Where nothing listens, so that only what the machine itself does is heard. */
const NOBODY = { HYDRA_BUILDER_IMDS: 'http://127.0.0.1:9', HYDRA_BUILDER_AWS: 'http://127.0.0.1:9' };
const FULL = 'run/hydra-drain/full';

let root: ScratchRoot;
beforeEach(async (context) => {
  root = new ScratchRoot();
  needs(context, 'curl');
  nixosImage(root);
  const aws = await startMachineAws(() => undefined);
  await root.run(render({ deadManMinutes: LIMIT_MINUTES }, {}, BOTH), aws.environment);
  await aws.stop();
  root.write('run/hydra-autoscaler/serves', 'rust\n');
  root.write(FULL, '');
  says('ActiveState=active', 'StatusText=Building 0 drvs');
});
afterEach(() => {
  root.remove();
});

/** What systemd shows of the unit. */
const says = (...lines: readonly string[]): void =>
  root.program(
    'systemctl',
    `[ "$1" != show ] || printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')}`,
  );

async function checkAt(minutes: number): Promise<void> {
  root.write('proc/uptime', `${minutes * 60}.42 1.00\n`);
  await root.run(root.read('run/hydra-autoscaler/dead-man'), NOBODY);
}

const isOff = (): boolean => root.calls.includes('systemctl poweroff');
const isClosed = (): boolean => root.read(FULL).length === 65_536;

describe('the dead-man switch of a registered machine', () => {
  it('closes an idle machine that heard nothing for as long as is allowed, and ends it a minute later', async () => {
    await checkAt(LIMIT_MINUTES - 1);
    expect([isClosed(), isOff()]).toEqual([false, false]);
    await checkAt(LIMIT_MINUTES);
    expect([isClosed(), isOff()]).toEqual([true, false]);
    await checkAt(LIMIT_MINUTES + 1);
    expect(isOff()).toBe(true);
  });

  it('leaves it when work was on its way, and begins anew once that is done', async () => {
    await checkAt(LIMIT_MINUTES);
    says('ActiveState=active', 'StatusText=Building 2 drvs: a.drv, b.drv');
    await checkAt(LIMIT_MINUTES + 1);
    await checkAt(LIMIT_MINUTES + 9);
    says('ActiveState=active', 'StatusText=Building 0 drvs');
    root.write(FULL, '');
    await checkAt(LIMIT_MINUTES * 2 + 8);
    expect([isClosed(), isOff()]).toEqual([false, false]);
    await checkAt(LIMIT_MINUTES * 2 + 9);
    expect([isClosed(), isOff()]).toEqual([true, false]);
    await checkAt(LIMIT_MINUTES * 2 + 10);
    expect(isOff()).toBe(true);
  });

  it.each([
    ['has steps', ['ActiveState=active', 'StatusText=Building 12 drvs: a.drv']],
    ['says nothing of its steps', ['ActiveState=active', 'StatusText=']],
    ['says what nobody knows', ['ActiveState=active', 'StatusText=Waiting']],
    ['is not spoken of', ['']],
  ])('never ends a machine whose hydra-builder %s', async (_what, lines) => {
    says(...lines);
    for (const hours of [2, 9]) await checkAt(LIMIT_MINUTES * hours);
    expect([isClosed(), isOff()]).toEqual([false, false]);
  });

  it.each([
    ['has had no step yet', ['ActiveState=active', 'StatusText=Running']],
    ['does not come up', ['ActiveState=activating', 'StatusText=']],
    ['has failed', ['ActiveState=failed', 'StatusText=']],
  ])('ends a machine whose hydra-builder %s', async (_what, lines) => {
    says(...lines);
    await checkAt(LIMIT_MINUTES);
    await checkAt(LIMIT_MINUTES + 1);
    expect(isOff()).toBe(true);
  });
});
