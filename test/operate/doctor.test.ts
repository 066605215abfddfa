import { describe, expect, it } from 'vitest';
import { renderMachinesFile } from '../../lambdas/hydra/cpp/machines-file.ts';
import type { Finding } from '../../lambdas/core/doctor/finding.ts';
import { KVM, OperateBench, TYPE } from './bench.ts';

async function findings(bench: OperateBench): Promise<readonly Finding[]> {
  const answer = await bench.ask({ doctor: true }, 20);
  if (answer.result !== 'diagnosis') throw new Error(JSON.stringify(answer));
  return answer.findings;
}

const of = (all: readonly Finding[], check: string): Finding | undefined =>
  all.find((finding) => finding.check === check);

async function settled(changes?: Readonly<Record<string, unknown>>): Promise<OperateBench> {
  const bench = new OperateBench(changes);
  await bench.pass(120);
  await bench.ticks(1);
  return bench;
}

describe('doctor', () => {
  it('finds a farm well, but for what costs more than it should', async () => {
    const all = await findings(await settled());
    expect(all.filter(({ health }) => health !== 'good')).toEqual([
      {
        check: 'max_unsupported_time',
        health: 'doubtful',
        says: expect.stringContaining('it is not set') as unknown,
        remedy: expect.stringContaining('1800') as unknown,
      },
      {
        check: `costs of ${TYPE}`,
        health: 'doubtful',
        says: expect.stringMatching(/^gracePeriod keeps every machine 300 s/) as unknown,
        remedy: expect.stringContaining('gracePeriod') as unknown,
      },
      {
        check: `billing of ${KVM}`,
        health: 'doubtful',
        says: expect.stringMatching(/AWS bills Linux\/UNIX by the second: .* for nothing$/) as unknown,
        remedy: expect.stringContaining('"per-second"') as unknown,
      },
    ]);
    expect(all.map(({ check }) => check)).toEqual(
      expect.arrayContaining([
        'Hydra host over SSM',
        'queue status',
        'machines file',
        'NIX_REMOTE_SYSTEMS',
        'directory of the machines file',
        'SSH key',
        'static machines',
        'schedule',
      ]),
    );
    expect(of(all, 'queue status')?.says).toMatch(/as hydra-queue-runner works: the C\+\+ queue runner/);
    expect(of(all, 'machines file')?.says).toContain('the queue runner reads it');
  });

  it('tells what the last tick met before it guesses, and no longer than it is so', async () => {
    const bench = await settled();
    expect(of(await findings(bench), 'last tick')).toBeUndefined();
    bench.file.replace('ssh://builder@elsewhere x86_64-linux - 4 1 - - -\n');
    await bench.ticks(1);
    const met = of(await findings(bench), 'last tick');
    expect(met).toMatchObject({ health: 'bad', says: expect.stringContaining('not written by') as unknown });
    expect(met?.remedy).not.toBe('');
    bench.file.replace('');
    await bench.ticks(2);
    expect(of(await findings(bench), 'last tick')).toBeUndefined();
  });

  it('says the worst first, and every finding that is not good has a remedy', async () => {
    const bench = await settled({
      systemTypes: {
        [TYPE]: {
          launchTemplate: 'nobody-made-this',
          billing: 'per-second',
        },
      },
      observeOnly: true,
    });
    bench.world.region.templates.delete({ name: 'nobody-made-this' });
    bench.world.runner.stop();
    await bench.pass(30);
    await bench.ask({ pause: { everything: true } }, 5);
    const all = await findings(bench);
    expect(of(all, 'queue status')).toMatchObject({
      health: 'bad',
      remedy: expect.stringContaining('systemctl start hydra-queue-runner') as unknown,
    });
    expect(all.filter(({ check }) => check === `launches of ${TYPE}`).map(({ says }) => says)).toEqual([
      expect.stringContaining('nobody-made-this') as unknown,
    ]);
    expect(of(all, 'observeOnly')?.health).toBe('doubtful');
    expect(of(all, 'orders')?.says).toContain('everything is paused by hand');
    const order = ['bad', 'doubtful', 'good'];
    const ranks = all.map(({ health }) => order.indexOf(health));
    expect(ranks).toEqual(ranks.toSorted());
    for (const { health, remedy } of all) if (health !== 'good') expect(remedy).toBeTruthy();
  });

  it('notices instance types that AWS does not have, and quotas that do not fit', async () => {
    const bench = await settled({
      maxTotalMachines: 40,
      systemTypes: {
        [TYPE]: { maxMachines: 40, instanceTypes: ['c7i.24xlarge', 'c99.large'] },
      },
    });
    const all = await findings(bench);
    expect(all.filter(({ check }) => check === `launches of ${TYPE}`)).toMatchObject([
      { health: 'bad', says: expect.stringContaining('no instance type c99.large') as unknown },
    ]);
    expect(of(all, 'on-demand quota')).toMatchObject({
      health: 'doubtful',
      says: expect.stringContaining('no room for the 3840 that 40 machines') as unknown,
    });
  });

  it('has AWS try a launch right after the first deployment, when nothing may be launched yet', async () => {
    const bench = new OperateBench({ observeOnly: true });
    await bench.pass(120);
    expect(of(await findings(bench), `permissions of ${TYPE}`)).toMatchObject({ health: 'good' });
    bench.world.region.refusals.add({
      action: 'CreateFleet',
      code: 'UnauthorizedOperation',
      message:
        'User: arn:aws:sts::1:assumed-role/a/b is not authorized to perform: ec2:CreateFleet on resource: arn:aws:ec2:eu-central-1:1:fleet/* with an explicit deny in a service control policy',
    });
    expect(of(await findings(bench), `permissions of ${TYPE}`)).toMatchObject({
      health: 'bad',
      says: 'CreateFleet would be denied: ec2:CreateFleet on arn:aws:ec2:eu-central-1:1:fleet/*, with an explicit deny in a service control policy',
    });
    expect(bench.world.region.instances.all).toEqual([]);
  });

  it('notices that the schedule has stopped', async () => {
    const bench = await settled();
    await bench.pass(2000);
    expect(of(await findings(bench), 'schedule')).toMatchObject({ health: 'bad' });
  });

  it('notices a queue runner that does not read our file', async () => {
    const bench = await settled();
    bench.file.replace(renderMachinesFile(bench.config.tag, []));
    await bench.pass(120);
    expect(of(await findings(bench), 'machines file')).toMatchObject({
      health: 'bad',
      remedy: expect.stringContaining('malformed line') as unknown,
    });
  });
});
