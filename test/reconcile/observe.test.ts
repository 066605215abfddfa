import { expect, it } from 'vitest';
import * as told from '../../lambdas/core/reason/words/index.ts';
import type { Observation } from '../../lambdas/core/model/index.ts';
import { observe } from '../../lambdas/reconcile/observe.ts';
import { HOST_KEY, LINUX, NOW, aConfig, aMachine, aType, anInstance } from '../core/given.ts';
import { Bench, TYPE } from './bench.ts';

const CONFIG = aConfig([TYPE]);

/** A bench that remembers these machines. */
async function remembering(...ids: readonly string[]): Promise<Bench> {
  const bench = new Bench();
  const taken = await bench.store.acquire('test', NOW, 10);
  if (!('lease' in taken)) throw new Error('the lease is free');
  const machines = ids.map((instanceId) => aMachine({ instanceId }));
  await bench.store.save(taken.lease, { machines, closedMachines: [], launches: [], closedLaunches: [] });
  await bench.store.release(taken.lease);
  return bench;
}

const shown = ({ instances }: Observation): readonly string[] =>
  instances.map(({ instanceId }) => instanceId).toSorted();

it('asks for remembered machines by id where the listing leaves them out', async () => {
  const bench = await remembering('i-1', 'i-2', 'i-3');
  bench.fleet.add(anInstance({ instanceId: 'i-1' }));
  bench.fleet.add(anInstance({ instanceId: 'i-2' }));
  bench.fleet.hidden.add('i-2');
  const observation = await observe(bench, CONFIG);
  expect(shown(observation)).toEqual(['i-1', 'i-2']);
  expect(observation.denied).toEqual(new Set(['i-3']));
  expect(observation.problems).toEqual([]);
});

it('asks for what has no record as well: it counts as machines do', async () => {
  const bench = await remembering();
  const taken = await bench.store.acquire('again', NOW, 10);
  if (!('lease' in taken)) throw new Error('the lease is free');
  const farm = { backOffs: [], unrecorded: [{ instanceId: 'i-7' }, { instanceId: 'i-8' }] };
  const nothing = { machines: [], closedMachines: [], launches: [], closedLaunches: [] };
  await bench.store.save(taken.lease, { ...nothing, farm });
  bench.fleet.add(anInstance({ instanceId: 'i-7' }));
  bench.fleet.hidden.add('i-7');
  const observation = await observe(bench, CONFIG);
  expect([shown(observation), observation.denied]).toEqual([['i-7'], new Set(['i-8'])]);
});

it('asks for nobody by id where all are shown, and for no strangers', async () => {
  const bench = await remembering('i-1');
  for (const instanceId of ['i-1', 'i-2']) bench.fleet.add(anInstance({ instanceId }));
  bench.fleet.find = () => Promise.reject(new Error('nobody is to be asked for'));
  expect(shown(await observe(bench, CONFIG))).toEqual(['i-1', 'i-2']);
});

it('collects what could not be asked, each once, and the tick tells it in every round', async () => {
  const bench = await remembering('i-1');
  bench.fleet.add(anInstance({ instanceId: 'i-1' }));
  bench.fleet.problems.push({ says: 'A was refused: B: c' });
  const refused = { problems: [{ says: 'A was refused: B: c' }, { says: 'D failed: e' }] };
  bench.builders.identities = () => Promise.resolve({ identities: new Map(), ...refused });
  bench.builders.storeUse = () => Promise.resolve({ uses: new Map(), ...refused });
  expect((await observe(bench, CONFIG)).problems).toEqual(refused.problems);
  const { problems } = await bench.tick(CONFIG);
  expect(problems).toContain(told.notAsked({ says: 'A was refused: B: c' }).says);
  expect(problems).toContain(told.notAsked({ says: 'D failed: e' }).says);
});

it('asks booting machines for their host key until they are ready, and hands on what speaks against them', async () => {
  const bench = await remembering('i-1');
  bench.fleet.add(anInstance({ instanceId: 'i-1', state: 'pending' }));
  await bench.tick(CONFIG);
  const { machines } = await bench.state();
  const asked: string[] = [];
  const objections = new Map([['i-1', 'one SSH host key']]);
  bench.builders.identities = (ids) => {
    asked.push(...ids);
    return Promise.resolve({ identities: new Map(), objections, problems: [] });
  };
  const observation = await observe(bench, CONFIG);
  expect(asked).toEqual(
    machines.filter(({ phase }) => phase === 'booting').map(({ instanceId }) => instanceId),
  );
  expect(observation.objections).toEqual(objections);
});

it('has a machine tried in the round that learns its host key, and by the one that was known before', async () => {
  const bench = new Bench();
  const config = aConfig([aType(LINUX, { billing: 'per-second', maxMachines: 4 })]);
  bench.isReachable = false;
  bench.runnable = 1;
  await bench.tick(config, 20);
  const { machines } = await bench.state();
  const ids = machines.map(({ instanceId }) => instanceId);
  const look = bench.host.look.bind(bench.host);
  const tried: (string | undefined)[] = [];
  bench.host.look = (questions) => {
    tried.push(...questions.candidates.map(({ machine }) => machine.identity));
    return look(questions);
  };
  await observe(bench, config);
  for (const id of ids) bench.builders.keys.set(id, HOST_KEY);
  await bench.tick(config, 20);
  for (const id of ids) bench.builders.keys.set(id, `${HOST_KEY}x`);
  await observe(bench, config);
  expect(ids).toHaveLength(1);
  expect(tried).toEqual([undefined, ...Array<string>(tried.length - 1).fill(HOST_KEY)]);
  expect(tried.length).toBeGreaterThan(2);
});

it('counts a look from when it was asked for', async () => {
  const bench = await remembering('i-1');
  bench.fleet.add(anInstance({ instanceId: 'i-1' }));
  const look = bench.host.look.bind(bench.host);
  bench.host.look = async (questions) => {
    await bench.clock.sleep(36);
    return look(questions);
  };
  const { now, askedAt } = await observe(bench, CONFIG);
  expect([now - NOW, (askedAt ?? now) - NOW]).toEqual([36, 0]);
});
