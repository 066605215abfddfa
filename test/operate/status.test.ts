import { beforeEach, describe, expect, it } from 'vitest';
import { answer } from '../../lambdas/reconcile/answer.ts';
import type { Answer } from '../../lambdas/reconcile/answer.ts';
import { renderAnswer } from '../../local/programs/operate/show-answer.ts';
import { OperateBench, TICK, TYPE } from './bench.ts';

let bench: OperateBench;
beforeEach(async () => {
  bench = new OperateBench({}, { runner: { maxUnsupportedTimeSeconds: 86_400 } });
  await bench.pass(120);
  await bench.ticks(1);
});

const status = (): Promise<Answer> => bench.ask({ status: true }, 5);

describe('the status', () => {
  it('lists the steps that no machine type covers, by kind', async () => {
    bench.world.runner.queue({ count: 3, system: 'riscv64-linux', seconds: 60 });
    bench.world.runner.queue({ count: 2, system: TYPE, seconds: 60 });
    await bench.pass(10);
    const now = await status();
    expect(now).toMatchObject({
      uncovered: [{ kind: 'riscv64-linux', runnable: 3, running: 0 }],
      unsupportedSteps: 3,
    });
    expect(renderAnswer(now, 100, false)).toContain(
      'STEPS NO MACHINE TYPE COVERS\n  riscv64-linux: 3 runnable, 0 running\n  No machine at all supports 3 of the runnable ones.\n',
    );
  });

  it('lists what went wrong in the last tick, and no longer than that', async () => {
    const { host } = bench.workplace.ports;
    const offer = host.offer.bind(host);
    host.offer = () => Promise.reject(new Error('no space left on device'));
    await bench.ticks(1);
    host.offer = offer;
    const now = await status();
    const words = 'the queue runner could not be told which machines there are: no space left on device';
    expect(now).toMatchObject({ problems: [words] });
    expect(renderAnswer(now, 100, false)).toContain(`PROBLEMS OF THE LAST TICK\n  ${words}\n`);
    await bench.ticks(1);
    expect(await status()).toMatchObject({ problems: [] });
  });

  it('tells of a tick that failed, and of a journal that cannot be read', async () => {
    bench.store.before = (call) => {
      if (call === 'save') throw new Error('DynamoDB is away');
    };
    await expect(bench.ticks(1)).rejects.toThrow('away');
    expect(await status()).toMatchObject({ problems: ['the tick failed: DynamoDB is away'] });
    bench.journal.entries = () => {
      throw new Error('no right to query');
    };
    expect(await status()).toMatchObject({ problems: ['the journal cannot be read: no right to query'] });
  });

  it('says which queue runner the host has, and since when', async () => {
    const now = await status();
    const words = expect.stringMatching(/^the C\+\+ queue runner, since \d{4}-.*Z$/) as unknown;
    expect(now).toMatchObject({ runner: words });
    expect(renderAnswer(now, 100, false)).toMatch(/^QUEUE {2}trusted; the C\+\+ queue runner, since /);
  });

  it('of a farm where all is well is silent about both', async () => {
    const now = await status();
    expect(now).toMatchObject({ uncovered: [], unsupportedSteps: 0, problems: [] });
    const text = renderAnswer(now, 100, false);
    expect(text).not.toContain('COVERS');
    expect(text).not.toContain('PROBLEMS');
  });
});

describe('the status before a tick has acted', () => {
  it('shows what is, and apart from that what the next tick would do', async () => {
    bench.world.runner.queue({ count: 4, system: TYPE, seconds: 600 });
    await bench.pass(10);
    expect(await status()).toMatchObject({
      message: 'the next tick would launch 2',
      types: [{ type: TYPE, machines: {}, verdict: 'launch 2' }, {}],
      machines: [],
    });
    await bench.ticks(1);
    const machine = await bench.firstMachine();
    await bench.store.putOrder({ kind: 'drain', instanceId: machine, at: bench.now });
    expect(await status()).toMatchObject({
      machines: expect.arrayContaining([
        expect.objectContaining({ machine, phase: 'ready', next: 'draining' }),
      ]) as unknown,
    });
  });

  it('shows an instance that no tick has taken note of', async () => {
    await bench.ask({ scaleOut: { type: TYPE, count: 1 } }, 60);
    const machine = await bench.firstMachine();
    const taken = await bench.store.acquire('somebody', bench.now, 1);
    if (!('lease' in taken)) throw new Error('a tick is at work');
    const changes = { machines: [], launches: [], closedLaunches: [], closedMachines: [machine] };
    await bench.store.save(taken.lease, changes);
    expect(await status()).toMatchObject({
      types: [{ machines: { unrecorded: 1 } }, {}],
      machines: [{ machine, phase: 'unrecorded', next: 'booting' }],
    });
  });

  it('says that a farm is only watched, and so does the plan', async () => {
    bench = new OperateBench({ observeOnly: true }, { runner: { maxUnsupportedTimeSeconds: 86_400 } });
    await bench.pass(120);
    await bench.ticks(1);
    bench.world.runner.queue({ count: 4, system: TYPE, seconds: 600 });
    await bench.ticks(2);
    expect(await status()).toMatchObject({
      message:
        'the farm is only watched (observeOnly): the next tick does nothing; one that acts would launch 2',
      types: [{ type: TYPE, machines: {} }, {}],
    });
    expect(await bench.ask({ plan: true }, 5)).toMatchObject({
      message:
        'the farm is only watched (observeOnly): no tick sends anything to EC2; one that acts would now send 1 action',
    });
    expect(await bench.ask(TICK, 30)).toMatchObject({ result: 'observed', types: [{ machines: {} }, {}] });
  });

  it('says when the plan would be refused', async () => {
    const types = bench.config.machineTypes.map((type) => ({ ...type, sshKey: '/id\nroot@evil' }));
    const workplace = { ...bench.workplace, config: { ...bench.config, machineTypes: types } };
    const asked = answer(
      workplace,
      { status: true },
      { requestId: 'status', nonce: '1', remainingSeconds: 300 },
    );
    await bench.pass(5);
    expect((await asked).message).toMatch(
      /^the next tick would refuse its plan \(no action\), which breaks rules of the design: rule 7: /,
    );
  });
});
