/** The adapter to a host with the Rust queue runner, over SSM: what a look concludes, and how builders are opened and closed. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { documentContent } from '../../../infra/documents/documents.ts';
import type { DocumentedFarm } from '../../../infra/documents/constants.ts';
import type { DocumentKey } from '../../../lambdas/hydra/documents.ts';
import type { Machine, QueueStatus } from '../../../lambdas/core/model/index.ts';
import { SsmHydraHost } from '../../../lambdas/hydra/ssm-hydra-host.ts';
import type { RustAnswer } from '../../../lambdas/hydra/rust/answer.ts';
import { readQueueStatus } from '../../../lambdas/hydra/rust/queue-status.ts';
import type { Candidate, Wanted } from '../../../lambdas/ports.ts';
import { printedLook } from '../../../local/world/ports/rust-look.ts';
import { aBootingMachine, aConfig, aMachine, aType, sightingAt } from '../../core/given.ts';
import { ImpatientClock } from '../../fakes/impatient-clock.ts';
import { ScratchHost } from '../../fakes/scratch-host.ts';
import { SsmStandIn } from '../../fakes/ssm.ts';
import { answerOf, changed } from './given.ts';

const HYDRA = 'i-0aaaaaaaaaaaaaaaa';
const DOCUMENTS: Readonly<Record<Exclude<DocumentKey, 'askMachine'>, string>> = {
  observe: 'observe',
  fetch: 'fetch',
  publish: 'publish',
  inspect: 'inspect',
  gate: 'gate',
  askBuilder: 'ask-builder',
};
const TYPE = aType('x86_64-linux', { maxJobs: 2, supportedFeatures: ['big-parallel'] });

/** What its documents are made for: nothing of it is read here. */
const FARM: DocumentedFarm = { tag: 'farm', host: aConfig([]).host, machineTypes: [] };

let ssm: SsmStandIn;
let clock: ImpatientClock;
const nodes: ScratchHost[] = [];

beforeEach(async () => {
  ssm = await SsmStandIn.start();
  clock = new ImpatientClock();
  node(HYDRA);
  stub('gate', 'case {{ gate }} in open) echo v1 gate open ;; *) echo v1 gate closed ;; esac');
});
afterEach(async () => {
  await ssm.stop();
  for (const host of nodes.splice(0)) host.remove();
});

function node(id: string): void {
  const host = new ScratchHost();
  nodes.push(host);
  ssm.node(id, host);
}

/** Lets a document of ours run these lines instead of its own. */
function stub(key: keyof typeof DOCUMENTS, ...runCommand: string[]): void {
  const content = documentContent(key, FARM);
  const [step] = content.mainSteps;
  const mainSteps = [{ ...step, inputs: { ...step.inputs, runCommand } }] as const;
  ssm.document(DOCUMENTS[key], { ...content, mainSteps });
}

/** The document `observe` prints this look. */
function prints(answer: RustAnswer): void {
  stub('observe', `echo '${printedLook(answer).trimEnd()}'`);
}

const hostWith = (runner: 'auto' | 'cpp' = 'auto'): SsmHydraHost => {
  const config = aConfig([TYPE]);
  const host = { ...config.host, instanceId: HYDRA, runner };
  return new SsmHydraHost({ client: ssm.client(), clock, config: { ...config, host }, documents: DOCUMENTS });
};

const candidate = (instanceId: string, machine: Partial<Machine> = {}): Candidate => ({
  machine: { ...aBootingMachine({ instanceId }), ...machine },
  type: TYPE,
  address: '10.0.0.9',
});

const lookAt = (answer: RustAnswer, ...candidates: readonly Candidate[]) => {
  prints(answer);
  return hostWith().look({ candidates, hasOffered: true });
};

describe('a look', () => {
  it('says that it was the Rust queue runner who answered, and how all stands', async () => {
    const view = await lookAt(answerOf('05-running-saturated'));
    expect(view).toMatchObject({
      runner: 'rust',
      queue: { trusted: true, machines: new Map([['i-0b1', expect.objectContaining({ currentJobs: 2 })]]) },
      offer: { seen: { hostAt: Math.floor(answerOf('05-running-saturated').hostNow) } },
    });
  });

  it('that is not whole says nothing, not even who answered', async () => {
    stub('observe', 'echo hydra-autoscaler 1 observe-rust');
    const view = await hostWith().look({ candidates: [], hasOffered: true });
    expect(view).toEqual({
      queue: expect.objectContaining({ cause: 'unreadable' }) as unknown,
      readiness: [],
    });
  });

  it('at a host that is said to have the other one says what to do', async () => {
    prints(answerOf('05-running-saturated'));
    const { queue, runner } = await hostWith('cpp').look({ candidates: [], hasOffered: true });
    expect(runner).toBeUndefined();
    expect(queue).toMatchObject({
      cause: 'unsupported',
      remedy: expect.stringContaining('host.runner') as unknown,
    });
  });
});

describe('a machine is ready', () => {
  const readiness = async (answer: RustAnswer, one: Candidate) => (await lookAt(answer, one)).readiness[0];
  const b1 = candidate('i-0b1');

  it('when it is shown alive, with what its type offers', async () => {
    expect(await readiness(answerOf('05-running-saturated'), b1)).toEqual({
      instanceId: 'i-0b1',
      reached: true,
      detail: '',
    });
  });

  it.each([
    [{ systems: ['aarch64-linux'] }, {}, 'it lacks the system x86_64-linux'],
    [{ supportedFeatures: [] }, {}, 'it lacks the feature big-parallel'],
    [{ maxJobs: 4 }, {}, 'it takes 4 jobs instead of 2'],
    [{}, { sinceLastPing: 31 }, 'not heard of it for 31 s'],
    [{}, { lastPing: 0 }, 'its first ping has not come yet'],
    [{}, { consecutiveFailures: 3, succeededBuilds: 0, totalStepBuildTimeMs: 0 }, '3 steps failed on it'],
  ])('but not with %j and %j', async (machine, stats, words) => {
    const answer = changed('05-running-saturated', ({ machines }) => {
      Object.assign(machines['i-0b1'] ?? {}, { uptime: 5 }, machine);
      Object.assign(machines['i-0b1']?.stats ?? {}, stats);
    });
    expect(await readiness(answer, b1)).toMatchObject({
      reached: false,
      detail: expect.stringContaining(words) as unknown,
    });
  });

  it('and stays so when a setting of its type is changed after it was launched', async () => {
    const answer = changed('05-running-saturated', ({ machines }) => {
      Object.assign(machines['i-0b1'] ?? {}, { maxJobs: 4, supportedFeatures: [] });
    });
    const inUse = candidate('i-0b1', { phase: 'ready' });
    expect(await readiness(answer, inUse)).toMatchObject({ reached: true });
  });

  it('and one that has not dialled in is asked why, once it has had the time', async () => {
    node('i-02');
    const journal = Buffer.from('Error: API version mismatch: client has 1, server has 2\n').toString(
      'base64',
    );
    stub('askBuilder', `echo v1 builder activating 65 closed ${journal}`);
    const late = candidate('i-02', { phaseSince: clock.now() - 120 });
    expect((await readiness(answerOf('05-running-saturated'), late))?.detail).toMatch(
      /of another version.*65/,
    );
    const early = candidate('i-02', { phaseSince: clock.now() - 30 });
    expect((await readiness(answerOf('05-running-saturated'), early))?.detail).toBe('it has not dialled in');
  });
});

describe('an offer', () => {
  const trusted = (name: string): QueueStatus => readQueueStatus(answerOf(name)).status;
  const draining = (instanceId: string, changes: Partial<Machine> = {}): Machine => ({
    ...aMachine({ instanceId }),
    phase: 'draining',
    runner: 'rust',
    drain: { since: clock.now(), reason: 'not needed' },
    ...changes,
  });
  const wanted = (changes: Partial<Wanted>): Wanted => ({
    ...{ runner: 'rust', offers: [], withdrawn: [], nudge: false },
    standing: { digest: 'builders', seen: sightingAt(clock.now()) },
    queue: trusted('05-running-saturated'),
    ...changes,
  });
  const gates = (): readonly string[] =>
    ssm.sent.flatMap(({ DocumentName, Parameters, InstanceIds }) =>
      DocumentName === 'gate' ? [`${Parameters['gate']?.[0]} ${InstanceIds.join()}`] : [],
    );
  const offering = (instanceId: string) => ({ machine: aMachine({ instanceId }), type: TYPE });

  it('closes what drains, and is proven by the machine itself', async () => {
    node('i-0b1');
    const { unproven } = await hostWith().offer(wanted({ withdrawn: [draining('i-0b1')] }));
    expect([...(unproven ?? [])]).toEqual([]);
    expect(gates()).toEqual(['close i-0b1']);
  });

  it('opens what the status shows closed, and leaves alone what is as it should be', async () => {
    node('i-0b1');
    await hostWith().offer(wanted({ offers: [offering('i-0b1')] }));
    expect(gates()).toEqual([]);
    await hostWith().offer(
      wanted({ offers: [offering('i-0b1')], queue: trusted('06-cordoned-while-building') }),
    );
    expect(gates()).toEqual(['open i-0b1']);
  });

  it('closes again what was closed before and is open: it was restarted, or somebody opened it', async () => {
    node('i-0b1');
    const drain = { since: 1, reason: 'not needed', withdrawn: sightingAt(2) };
    await hostWith().offer(wanted({ withdrawn: [draining('i-0b1', { drain })] }));
    expect(gates()).toEqual(['close i-0b1']);
    await hostWith().offer(
      wanted({ withdrawn: [draining('i-0b1', { drain })], queue: trusted('07-cordoned-drained') }),
    );
    expect(gates()).toHaveLength(1);
  });

  it('of a machine that cannot be asked is not proven, unless it is long gone', async () => {
    const { unproven } = await hostWith().offer(wanted({ withdrawn: [draining('i-0f0')] }));
    expect([...(unproven ?? [])]).toEqual(['i-0f0']);
    const drain = { since: clock.now() - 200, reason: 'not needed' };
    const later = await hostWith().offer(wanted({ withdrawn: [draining('i-0f0', { drain })] }));
    expect([...(later.unproven ?? [])]).toEqual([]);
  });

  it('of one that has vanished is proven by its silence, however long the status remembers it', async () => {
    const queue = trusted('18-unsupported-before-limit');
    const drain = { since: clock.now() - 200, reason: 'not needed' };
    const { unproven } = await hostWith().offer(wanted({ withdrawn: [draining('i-0b3', { drain })], queue }));
    expect([...(unproven ?? [])]).toEqual([]);
    const heard = await hostWith().offer(wanted({ withdrawn: [draining('i-0b2', { drain })], queue }));
    expect([...(heard.unproven ?? [])]).toEqual(['i-0b2']);
  });

  it('withdraws what serves the former queue runner by the word of the new one', async () => {
    const former = aMachine({ instanceId: 'i-0c0', phase: 'draining', drain: { since: 1, reason: 'x' } });
    const { unproven } = await hostWith().offer(wanted({ withdrawn: [former] }));
    expect([...(unproven ?? [])]).toEqual([]);
    const untold = await hostWith().offer(
      wanted({ withdrawn: [former], queue: { trusted: false, cause: 'stale', says: 'old' } }),
    );
    expect([...(untold.unproven ?? [])]).toEqual(['i-0c0']);
    expect(gates()).toEqual([]);
  });

  it('waits while the look did not even tell what time it is there', async () => {
    await expect(hostWith().offer(wanted({ standing: undefined }))).rejects.toMatchObject({
      problem: { isWaiting: true },
    });
  });
});
