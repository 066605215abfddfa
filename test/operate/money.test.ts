/** Dollars wherever people look: status, explanations, the answer of a tick, the journal. */
import { describe, expect, it } from 'vitest';
import { renderAnswer } from '../../local/programs/operate/show-answer.ts';
import { Timeline } from '../../local/programs/journal/timeline.ts';
import { OperateBench, TICK, TYPE } from './bench.ts';

const priced = { dollarsPerHour: 0.357 };

async function farmOf(type: object): Promise<OperateBench> {
  const bench = new OperateBench({ systemTypes: { [TYPE]: { maxMachines: 4, maxJobs: 2, ...type } } });
  await bench.busyFarm({ count: 4, seconds: 3000 }, 1);
  return bench;
}

const because = async (bench: OperateBench, question: object): Promise<readonly string[]> => {
  const answer = await bench.ask({ explain: question }, 20);
  return answer.result === 'explanation' ? answer.because : [];
};

describe('what machines cost', () => {
  it('stands in every view, where it is known', async () => {
    const bench = await farmOf(priced);
    const tick = await bench.ask(TICK, 60);
    const cost = expect.stringMatching(/^\d machines cost \$\d\.\d\d an hour$/) as unknown;
    expect(tick).toMatchObject({ cost, types: [{ cost }], machines: [priced, priced] });
    const status = await bench.ask({ status: true }, 5);
    expect(status).toMatchObject({ cost, types: [{ cost }], machines: [priced, priced] });
    expect(renderAnswer(status, 120, false)).toMatch(/^COST {3}2 machines cost \$0\.71 an hour$/m);
    expect(renderAnswer(status, 120, false)).toContain('0.357');
    expect(renderAnswer(tick, 120, false)).toContain('2 machines cost $0.71 an hour');
    expect(await because(bench, { type: TYPE })).toContain('2 machines cost $0.71 an hour');
    const [id] = Object.keys(await bench.machines());
    expect(await because(bench, { machine: id })).toContain('it costs $0.36 an hour');
    const entries = bench.journal.written;
    expect(entries.at(-1)).toMatchObject({ cost: '2 machines cost $0.71 an hour' });
    const lines = entries.flatMap((entry) => new Timeline().linesOf(entry, []));
    expect(lines.some(({ text }) => text.includes('; 2 machines cost $0.71 an hour ('))).toBe(true);
  });

  it('is not known, and the reason stands in its place', async () => {
    const bench = await farmOf({});
    const reason = 'is not known: AWS has not been asked for prices yet';
    expect(await bench.ask({ status: true }, 5)).toMatchObject({ cost: `what 2 machines cost ${reason}` });
    const [id] = Object.keys(await bench.machines());
    expect(await because(bench, { machine: id })).toContain(`what it costs ${reason}`);
  });

  it('is nothing where there is none', async () => {
    const bench = new OperateBench();
    await bench.pass(120);
    const tick = await bench.ask(TICK, 60);
    expect(tick).toMatchObject({ result: 'done' });
    expect(tick).not.toHaveProperty('cost');
  });
});
