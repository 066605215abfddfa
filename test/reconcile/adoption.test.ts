/** The tick beside instances that bear our tag and have no record. */
import { describe, expect, it } from 'vitest';
import * as told from '../../lambdas/core/reason/words/index.ts';
import { HOST_KEY, NOW, anInstance, lacking } from '../core/given.ts';
import { templateIdOf } from '../fakes/fleet.ts';
import { Bench, TYPE } from './bench.ts';

const OURS = templateIdOf(TYPE.launchTemplate);
const listed = (bench: Bench) => (bench.host.offers ?? []).map(({ machine }) => machine.instanceId);

describe('trouble around a tick', () => {
  it('with a machine from our template that has no record: it is adopted, and ends when nobody needs it', async () => {
    const bench = new Bench();
    bench.fleet.add(anInstance({ instanceId: 'i-0000abcd', address: '10.0.9.9', templateId: OURS }));
    await bench.tick();
    expect(bench.running).toEqual([]);
  });
  it('with a stranger bearing our tag: it is told of and left alone, though its host key is known and it answers', async () => {
    const bench = new Bench();
    bench.runnable = 2;
    const stranger = lacking(anInstance({ instanceId: 'i-0000abcd', address: '10.0.9.9' }), 'templateId');
    bench.fleet.add(stranger);
    bench.builders.keys.set('i-0000abcd', HOST_KEY);
    const { problems } = await bench.tick();
    expect(problems).toEqual([expect.stringContaining(told.stranger('i-0000abcd', 'farm').says)]);
    expect(listed(bench)).toHaveLength(2);
    expect(listed(bench)).not.toContain('i-0000abcd');
    bench.runnable = 0;
    await bench.tick();
    expect(bench.running).toContain('i-0000abcd');
    expect((await bench.state()).machines.map(({ instanceId }) => instanceId)).not.toContain('i-0000abcd');
  });
  it('with an instance that bears our tag and no type: its record can be read again', async () => {
    const bench = new Bench();
    bench.fleet.add(lacking(anInstance({ startedAt: NOW - 100, templateId: OURS }), 'type'));
    await bench.tick();
    const { machines, unreadable } = await bench.state();
    expect([machines.length, unreadable]).toEqual([1, undefined]);
  });
});
