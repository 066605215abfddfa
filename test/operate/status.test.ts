import { beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../lambdas/reconcile/answer.ts';
import { renderAnswer } from '../../local/operate/show-answer.ts';
import { OperateBench, TYPE } from './bench.ts';

let bench: OperateBench;
beforeEach(async () => {
  bench = new OperateBench({}, { maxUnsupportedTimeSeconds: 86_400 });
  await bench.pass(120);
  await bench.ticks(1);
});

const status = (): Promise<Answer> => bench.ask({ status: true }, 5);

describe('the status', () => {
  it('lists the steps that no machine type covers, by kind', async () => {
    bench.world.runner.queue({ count: 3, system: 'riscv64-linux', seconds: 60 });
    bench.world.runner.queue({ count: 2, system: TYPE, seconds: 60 });
    await bench.pass(10);
    const answer = await status();
    expect(answer).toMatchObject({
      uncovered: [{ kind: 'riscv64-linux', runnable: 3, running: 0 }],
      unsupportedSteps: 3,
    });
    expect(renderAnswer(answer, 100, false)).toContain(
      'STEPS NO MACHINE TYPE COVERS\n  riscv64-linux: 3 runnable, 0 running\n  No machine at all supports 3 of the runnable ones.\n',
    );
  });

  it('lists what went wrong in the last tick, and no longer than that', async () => {
    const { host } = bench.workplace.ports;
    const publish = host.publish.bind(host);
    host.publish = () => Promise.reject(new Error('no space left on device'));
    await bench.ticks(1);
    host.publish = publish;
    const answer = await status();
    const words = 'the machines file could not be published: no space left on device';
    expect(answer).toMatchObject({ problems: [words] });
    expect(renderAnswer(answer, 100, false)).toContain(`PROBLEMS OF THE LAST TICK\n  ${words}\n`);
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

  it('of a farm where all is well is silent about both', async () => {
    const answer = await status();
    expect(answer).toMatchObject({ uncovered: [], unsupportedSteps: 0, problems: [] });
    const text = renderAnswer(answer, 100, false);
    expect(text).not.toContain('COVERS');
    expect(text).not.toContain('PROBLEMS');
  });
});
