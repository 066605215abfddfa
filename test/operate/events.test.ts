import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { suggest } from '../../lambdas/config-file/suggest.ts';
import { REQUESTS } from '../../lambdas/operate/requests.ts';
import { ACCEPTED_EVENTS, parseEvent } from '../../lambdas/reconcile/event.ts';
import { OperateBench } from './bench.ts';

const folder = join(import.meta.dirname, '../../infra/events');
const files = readdirSync(folder).toSorted();
const saved = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

describe('the saved test events', () => {
  it.each(files)('%s is understood', (file) => {
    expect(parseEvent(saved(file)).ok).toBe(true);
  });

  it('are one a request, each the example that people are told', () => {
    const named = ACCEPTED_EVENTS.map(({ event }) => [
      `${kebab(Object.keys(event as object).join())}.json`,
      event,
    ]);
    expect(Object.fromEntries(files.map((file) => [file, saved(file)]))).toEqual(Object.fromEntries(named));
  });
});

const problemsOf = (event: unknown): readonly string[] => {
  const parsed = parseEvent(event, suggest);
  return parsed.ok ? [] : parsed.problem.problems;
};

describe('an event that is wrong', () => {
  it.each([
    [{}, /none of the keys status, explain, plan, doctor, scaleOut, .*resume, tick/],
    [null, /must be a JSON object/],
    [[], /must be a JSON object/],
    ['status', /must be a JSON object/],
    [{ status: true, by: 'Ada' }, /by: only "status" may stand there/],
    [{ status: 1 }, /status: /],
    [{ tick: false }, /tick: /],
    [{ scaleOut: { type: 'x', count: 0 } }, /count: /],
    [{ scaleOut: { type: 'x', cuont: 1 } }, /count: [^]*cuont: unknown key; did you mean "count"\?/],
    [{ scaleout: { type: 'x', count: 1 } }, /^scaleout: unknown key; did you mean "scaleOut"\?$/],
    [{ by: 'Ada', puase: {} }, /^puase: unknown key; did you mean "pause"\?$/],
    [{ drain: { machine: 'i-0123456789abcdef0', bye: 'Ada' } }, /^bye: unknown key; did you mean "by"\?$/],
    [
      { pause: { everything: true, untilNoon: 1 } },
      /^untilNoon: unknown key; known keys are type, everything/,
    ],
    [{ tick: true, scheduledTme: '' }, /^scheduledTme: unknown key; did you mean "scheduledTime"\?$/],
    [{ gremlins: true }, /none of the keys/],
    [{ drain: { machine: '10.0.0.1' } }, /machine: must be an instance id such as i-/],
    [{ protect: { machine: 'i-0123456789abcdef0', minutes: 0.5 } }, /minutes: /],
    [{ pause: {} }, /must have either "type" or "everything": true/],
    [{ pause: { type: 'x', everything: true } }, /must have either "type" or "everything": true/],
    [{ resume: {} }, /must have either "type" or "everything": true/],
    [{ explain: {} }, /exactly one of "type", "machine" and "system"/],
    [{ explain: { type: 'x', features: [] } }, /features: goes with "system"/],
    [{ source: 'aws.ec2', 'detail-type': 'x', detail: { 'instance-id': 'x; rm' } }, /detail\.instance-id: /],
  ])('%j is told what is right', (event, problem) => {
    expect(problemsOf(event).join('\n')).toMatch(problem);
  });

  it('names what there is when it names what is not there, and changes nothing', async () => {
    const bench = new OperateBench();
    await bench.ticks(1);
    const [before, written] = [await bench.store.load(0), [...bench.journal.written]];
    const types = 'type: must be one of x86_64-linux, x86_64-linux:kvm';
    for (const event of [
      { scaleOut: { type: 'sparc', count: 1 } },
      { scaleIn: { type: 'sparc' } },
      { pause: { type: 'sparc' } },
      { resume: { type: 'sparc' } },
      { explain: { type: 'sparc' } },
    ])
      expect(await bench.ask(event, 5)).toMatchObject({ result: 'invalid', problems: [types] });
    for (const name of ['drain', 'protect'])
      expect(await bench.ask({ [name]: { machine: 'i-0123456789abcdef0' } }, 5)).toMatchObject({
        result: 'invalid',
        problems: ['machine: there are no machines now'],
      });
    expect(await bench.store.load(0)).toEqual(before);
    expect(bench.journal.written).toEqual(written);
  });
});

describe('what people change', () => {
  it('is in the journal with who, what and when; what they only ask is not', async () => {
    const bench = new OperateBench();
    await bench.pass(120);
    await bench.ask({ status: true }, 5);
    const at = bench.now;
    await bench.ask({ pause: { type: 'x86_64-linux', minutes: 5, by: 'Zoë' } }, 5);
    expect(bench.journal.written).toEqual([
      {
        kind: 'request',
        id: 'invocation-2#1',
        at,
        request: 'pause',
        body: { type: 'x86_64-linux', minutes: 5, by: 'Zoë' },
        by: 'Zoë',
        message: expect.stringContaining('x86_64-linux is paused for 5 minutes') as unknown,
      },
    ]);
  });

  it('has a name of its own for every request', () => {
    const names = REQUESTS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
