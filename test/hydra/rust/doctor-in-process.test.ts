/** What the doctor says of a farm with the Rust queue runner, asked as people ask the function. */
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../lambdas/core/doctor/finding.ts';
import { RustFarm } from './rust-farm.ts';

async function settled(...options: ConstructorParameters<typeof RustFarm>): Promise<RustFarm> {
  const farm = new RustFarm(...options);
  await farm.pass(120);
  await farm.ticks(1);
  return farm;
}

async function findings(farm: RustFarm): Promise<readonly Finding[]> {
  const answer = await farm.ask({ doctor: true }, 30);
  if (answer.result !== 'diagnosis') throw new Error(JSON.stringify(answer));
  return answer.findings;
}

/** What a check says, with how it is: `bad: …`. */
async function told(farm: RustFarm, check: string): Promise<string> {
  return (await findings(farm))
    .filter((finding) => finding.check === check)
    .map(({ health, says }) => `${health}: ${says}`)
    .join('\n');
}

/** Of the host and its queue runner, and not of what machines cost. */
const HOST_CHECKS = [
  'Hydra host over SSM',
  'queue status',
  'host.queueRunnerAddr',
  'builders',
  'maxUnsupportedTimeInS',
  'dispatchTriggerTimerInS',
  'who may join',
  'REST interface',
  'net.ipv4.tcp_retries2',
];

describe('the doctor', () => {
  it('finds a host well that is set up as the handbook says', async () => {
    const all = await findings(await settled());
    const ofHost = all.filter(({ check }) => HOST_CHECKS.includes(check));
    expect(ofHost.map(({ check }) => check).toSorted()).toEqual(HOST_CHECKS.toSorted());
    expect(ofHost.filter(({ health }) => health !== 'good')).toEqual([]);
    expect(all.map(({ check }) => check)).not.toContain('machines file');
  });

  it('finds the defaults of nixpkgs wanting, each with its remedy', async () => {
    const farm = await settled(
      {},
      {
        maxUnsupportedTimeSeconds: 120,
        dispatchTriggerSeconds: 120,
        tcpGiveUpSeconds: 964,
        tokens: undefined,
      },
    );
    expect(await told(farm, 'maxUnsupportedTimeInS')).toMatch(/^bad: .* after 120 s/);
    expect(await told(farm, 'dispatchTriggerTimerInS')).toMatch(/^doubtful: .* up to 120 s/);
    expect(await told(farm, 'net.ipv4.tcp_retries2')).toMatch(/^doubtful: /);
    expect(await told(farm, 'who may join')).toMatch(/^bad: whoever reaches its port may join/);
    for (const { health, remedy } of await findings(farm)) if (health !== 'good') expect(remedy).toBeTruthy();
  });

  it('sees a setting that was changed since, and one that was changed back', async () => {
    const farm = await settled();
    farm.world.rust.runner.reload({ dispatchTriggerSeconds: -1 });
    expect(await told(farm, 'dispatchTriggerTimerInS')).toMatch(/^bad: /);
    farm.world.rust.runner.reload({ dispatchTriggerSeconds: 5 });
    expect(await told(farm, 'dispatchTriggerTimerInS')).toMatch(/^good: .* within 5 s/);
  });

  it('sees a token file that the queue runner cannot read: everybody is let in', async () => {
    const farm = await settled();
    const end = farm.world.rust.loseToken();
    expect(await told(farm, 'who may join')).toMatch(/^bad: the token file \S+ is unreadable/);
    end();
    expect(await told(farm, 'who may join')).toMatch(/^good: builders need one of 1 tokens/);
  });

  it('counts the builders that have dialled in, and those that are not ours', async () => {
    const farm = await settled();
    farm.queue(2, 3600);
    await farm.ticks(2);
    expect(await told(farm, 'builders')).toBe('good: 1 builder dialled in');
    const { tokens = [] } = farm.world.rust.runner.settings;
    const [token = ''] = tokens;
    farm.builders.join('somebody', { systems: ['x86_64-linux'], token });
    await farm.pass(5);
    expect(await told(farm, 'builders')).toBe('good: 2 builders dialled in, 1 of them not ours');
  });

  it('tells what steps hang at the queue runner', async () => {
    const farm = await settled();
    await farm.busy(1, 3600);
    farm.world.runner.setDatabaseReachable(false);
    farm.builders.leave(await farm.firstMachine());
    await farm.pass(5);
    farm.world.runner.setDatabaseReachable(true);
    expect(await told(farm, 'queue runner')).toMatch(/^doubtful: 1 step hangs on a machine/);
  });

  it('says that nothing answers where the queue runner is down', async () => {
    const farm = await settled();
    farm.world.runner.stop();
    expect(await told(farm, 'queue status')).toMatch(/^bad: .*holds the port while the queue runner is down/);
    expect(await told(farm, 'maxUnsupportedTimeInS')).toMatch(/^good: /);
  });

  it('says what it could not look at where SSM refuses it', async () => {
    const farm = await settled();
    farm.world.region.refusals.add({ action: 'SendCommand', code: 'AccessDeniedException' });
    expect(await told(farm, 'queue-runner.toml')).toMatch(/^doubtful: .*SSM document inspect/);
    expect(await told(farm, 'who may join')).toBe('');
  });
});
