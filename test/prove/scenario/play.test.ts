/** What each event of a story does to the world, seen by what comes of it. */
import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../../local/prove/scenario/parse.ts';
import { play } from '../../../local/prove/scenario/play.ts';
import type { Outcome } from '../../../local/prove/scenario/scenario.ts';
import { lineText } from '../../../local/prove/scenario/tell.ts';

const queue = { t: 240, do: 'queue', count: 4, system: 'x86_64-linux', seconds: 300 };

interface Told extends Outcome {
  readonly story: readonly string[];
}

/** Plays an hour with four builds on a farm of two machines. */
async function story(events: readonly object[], type: object = {}, more: object = {}): Promise<Told> {
  const systemTypes = {
    'x86_64-linux': { maxMachines: 2, runnablesPerMachine: 2, billing: 'per-second', ...type },
  };
  const text = JSON.stringify({ config: { systemTypes }, hours: 1, events: [queue, ...events], ...more });
  const { scenario, mistakes } = parseScenario(text, 'a story', () => '');
  if (mistakes !== undefined) throw new Error(JSON.stringify(mistakes));
  const lines: string[] = [];
  const outcome = await play(scenario, (line) => {
    lines.push(lineText(line));
  });
  return { ...outcome, story: lines };
}

const saidIn = ({ problems }: Outcome): string => Object.keys(problems).join('\n');

describe('a story', () => {
  it('in which nothing goes wrong has its builds done and its machines gone', async () => {
    const { facts, violations, problems, story: lines } = await story([]);
    expect({ violations, problems }).toEqual({ violations: [], problems: {} });
    expect(facts).toMatchObject({
      ...{ buildsDone: 4, buildsWaiting: 0, launches: 2, launchCalls: 1, machinesAtOnce: 2 },
      ...{ instancesAtEnd: 0, linesAtEnd: 0, firstLaunchAfter: 5.5, terminateCalls: 1 },
    });
    expect(facts.longestWait).toBeGreaterThan(facts.meanWait ?? Infinity);
    expect(facts.firstReadyAfter).toBeGreaterThan(5 + 60);
    expect(lines[1]).toMatch(/^ +0:04:00 {2}story {4}queue: count 4, system x86_64-linux, seconds 300$/);
    expect(lines.join('\n')).toMatch(/AWS {6}i-\w+ terminated/);
  });

  it('is the same each time', async () => {
    const events = [{ t: 0, do: 'spot-taken', when: 100, share: 0.5 }];
    const type = { market: 'spot' };
    expect(await story(events, type)).toEqual(await story(events, type));
  });

  it('queues builds at once without one failing for want of a machine', async () => {
    const early = { ...queue, t: 0 };
    expect((await story([early])).facts).toMatchObject({ buildsDone: 8, violations: 0 });
  });
});

describe('refused calls', () => {
  it('reach the function through the real adapters', async () => {
    const refuse = {
      t: 0,
      do: 'refuse',
      call: 'CreateFleet',
      code: 'UnauthorizedOperation',
      message: 'SCP 7',
    };
    const outcome = await story([{ ...refuse, until: 600 }]);
    expect(saidIn(outcome)).toContain('SCP 7');
    expect(outcome.facts.firstLaunchAfter ?? Infinity).toBeGreaterThan(359);
  });

  it('are counted like those that are carried out', async () => {
    const refuse = { t: 0, do: 'refuse', call: 'CreateFleet', code: 'InsufficientInstanceCapacity' };
    const { facts } = await story([refuse]);
    expect(facts).toMatchObject({ launches: 0, buildsWaiting: 4, longestWait: 3360 });
    expect(facts.launchCalls).toBeGreaterThan(0);
  });

  it('keep the host from being asked, and say why', async () => {
    const refuse = { t: 0, do: 'refuse', call: 'SendCommand', code: 'AccessDeniedException' };
    const { facts, story: lines } = await story([refuse]);
    expect(facts).toMatchObject({ launches: 0, buildsWaiting: 4 });
    expect(lines.join('\n')).toContain('the function may not run the SSM document observe on i-');
  });

  it('of DynamoDB are met by the real store', async () => {
    const refuse = { t: 600, until: 900, do: 'refuse', call: 'Query', code: 'AccessDeniedException' };
    expect(saidIn(await story([refuse]))).toContain('AccessDeniedException');
  });
});

describe('the machines file of somebody else', () => {
  const foreign = 'root@10.0.0.7 x86_64-linux - 4 1 - - -\n';

  it('is left alone from the beginning', async () => {
    const outcome = await story([], {}, { machinesFile: foreign });
    expect(saidIn(outcome)).toContain('was not written by hydra-autoscaler and is left alone');
    expect(outcome.facts).toMatchObject({ linesAtEnd: 1, buildsDone: 0 });
  });

  it('is left alone when it is put there later', async () => {
    const outcome = await story([{ t: 900, do: 'file-written', text: foreign }]);
    expect(saidIn(outcome)).toContain('was not written by hydra-autoscaler');
    expect(outcome.facts.linesAtEnd).toBe(1);
  });
});

describe('people', () => {
  it('order something of the oldest machine, which is remembered', async () => {
    const event = { protect: { machine: 'oldest machine', minutes: 600 } };
    const { facts } = await story([{ t: 660, do: 'order', event }]);
    expect(facts).toMatchObject({ ordersAtEnd: 1, instancesAtEnd: 1, violations: 0 });
  });

  it('hold machines by hand', async () => {
    const event = { scaleOut: { type: 'x86_64-linux', count: 2, minutes: 600 } };
    const { facts } = await story([{ t: 300, do: 'order', event }]);
    expect(facts).toMatchObject({ instancesAtEnd: 2, violations: 0, ordersAtEnd: 0 });
  });

  it('hold machines until they say that it is over', async () => {
    const scaleOut = { scaleOut: { type: 'x86_64-linux', count: 2, minutes: 600 } };
    const scaleIn = { scaleIn: { type: 'x86_64-linux' } };
    const { facts } = await story([
      { t: 300, do: 'order', event: scaleOut },
      { t: 900, do: 'order', event: scaleIn },
    ]);
    expect(facts).toMatchObject({ instancesAtEnd: 0, violations: 0 });
  });

  it('take tags off, and those machines count until they are drained and ended', async () => {
    const { facts } = await story([{ t: 900, do: 'untag', machines: 'oldest' }], {}, { hours: 0.4 });
    expect(facts).toMatchObject({ instancesAtEnd: 0, machinesAtOnce: 2, launches: 2 });
  });

  it('launch instances that bear the tag, which are no launches of ours', async () => {
    const tags = { 'hydra-autoscaler:farm': 'hydra-provisioned', 'hydra-autoscaler:type': 'x86_64-linux' };
    const event = { t: 60, do: 'foreign-instance', type: 'x86_64-linux', count: 3, tags };
    const { facts } = await story([event], {}, { hours: 0.05, events: [event] });
    expect(facts).toMatchObject({ machinesAtOnce: 3, launches: 0, launchCalls: 0, longestWait: 0 });
  });

  it('deploy another configuration', async () => {
    const systemTypes = {
      'x86_64-linux': { maxMachines: 1, runnablesPerMachine: 2, subnets: ['subnet-0abcdef0'] },
    };
    const { facts } = await story([{ t: 60, do: 'upgrade', config: { systemTypes } }]);
    expect(facts).toMatchObject({ machinesAtOnce: 1, buildsDone: 4, violations: 0 });
  });
});

describe('a story of a Rust queue runner', () => {
  const rust = { runner: 'rust' };

  it('goes as one of the other goes', async () => {
    const { facts, violations, problems } = await story([], {}, rust);
    expect({ violations, problems }).toEqual({ violations: [], problems: {} });
    expect(facts).toMatchObject({
      ...{ buildsDone: 4, buildsWaiting: 0, launches: 2, launchCalls: 1, machinesAtOnce: 2 },
      ...{ instancesAtEnd: 0, linesAtEnd: 0, offeredAtEnd: 0, firstLaunchAfter: 5.5 },
    });
    expect(facts.firstReadyAfter).toBeGreaterThan(5 + 60);
  });

  it('counts what is offered at the end', async () => {
    const event = { scaleOut: { type: 'x86_64-linux', count: 2, minutes: 600 } };
    expect((await story([{ t: 300, do: 'order', event }], {}, rust)).facts).toMatchObject({
      offeredAtEnd: 2,
    });
    expect((await story([{ t: 300, do: 'order', event }])).facts).toMatchObject({
      ...{ offeredAtEnd: 2, linesAtEnd: 2 },
    });
  });

  it('may have a state that cannot be read, too', async () => {
    const refuse = { t: 600, until: 900, do: 'refuse', call: 'Query', code: 'AccessDeniedException' };
    const outcome = await story([refuse], {}, rust);
    expect(saidIn(outcome)).toContain('AccessDeniedException');
    expect(outcome.facts.buildsDone).toBe(4);
  });
});
