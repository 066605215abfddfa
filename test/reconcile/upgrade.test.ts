/** A Hydra host whose queue runner is replaced by the other one under a running farm, and back. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Config } from '../../lambdas/core/config/config.ts';
import type { Machine, QueueMachine, QueueStatus, RunnerKind } from '../../lambdas/core/model/index.ts';
import { servedBy } from '../../lambdas/core/life/runner.ts';
import { LINUX, aConfig, aStatus, steps, untrusted } from '../core/given.ts';
import { Bench, TYPE } from './bench.ts';

const UP_SECONDS = 3600;

/** A farm whose host has either queue runner; with the Rust one, machines of it dial in, and are open once offered. */
class Upgraded extends Bench {
  /** Jobs that the queue runner in force has on each machine of its own, by instance id. */
  readonly jobs = new Map<string, number>();
  known: readonly Machine[] = [];
  config: Config = reachable(aConfig([TYPE]));

  constructor() {
    super();
    const look = this.host.look.bind(this.host);
    this.host.look = async (questions) => {
      this.known = (await this.state()).machines;
      return look(questions);
    };
  }

  has(kind: RunnerKind, upSeconds = UP_SECONDS): void {
    this.host.runner = kind;
    this.host.queue = (hostNow) => this.#told(kind, hostNow, upSeconds);
  }

  async next(): Promise<void> {
    await this.tick(this.config);
    this.known = (await this.state()).machines;
    await this.clock.sleep(300);
  }

  #told(kind: RunnerKind, hostNow: number, upSeconds: number): QueueStatus {
    const demand = [steps(LINUX, this.runnable)];
    if (upSeconds < 60) return { ...untrusted({ cause: 'restarted' }), demand };
    const own = this.known.filter(
      (machine) => servedBy(machine) === kind && this.running.includes(machine.instanceId),
    );
    for (const { instanceId } of own) this.host.reachable.add(instanceId);
    return {
      ...aStatus({ demand, machines: own.flatMap((machine) => this.#shown(kind, machine)) }),
      at: hostNow,
      runnerStartedAt: hostNow - upSeconds,
    };
  }

  /** The C++ one shows what is or was in its file; the Rust one whatever has dialled in. */
  #shown(kind: RunnerKind, machine: Machine): readonly QueueMachine[] {
    const { instanceId, address = '', offered } = machine;
    const isOffered = (this.host.offers ?? []).some((one) => one.machine.instanceId === instanceId);
    if (kind === 'cpp' && offered === undefined && !isOffered) return [];
    const currentJobs = this.jobs.get(instanceId) ?? 0;
    const key = kind === 'rust' ? instanceId : address;
    const rows = kind === 'rust' ? { busySteps: currentJobs, heardAt: this.clock.now() } : {};
    return [{ key, offered: isOffered, currentJobs, consecutiveFailures: 0, ...rows }];
  }
}

const reachable = (config: Config): Config => ({
  ...config,
  host: { ...config.host, queueRunnerAddr: 'https://hydra.example.org' },
});

let farm: Upgraded;
beforeEach(async () => {
  farm = new Upgraded();
  farm.has('cpp');
  farm.runnable = 2;
  for (let tick = 0; tick < 3; tick++) await farm.next();
  expect(farm.known.map(({ phase }) => phase)).toEqual(['ready', 'ready']);
  for (const { instanceId } of farm.known) farm.jobs.set(instanceId, 1);
});

const served = (): string => farm.known.map((machine) => `${servedBy(machine)} ${machine.phase}`).join(', ');

describe('a host that is upgraded from the C++ queue runner to the Rust one', () => {
  it('ends nothing while the new one is still coming up, and launches for it', async () => {
    const before = farm.running;
    farm.has('rust', 20);
    await farm.next();
    expect(farm.running).toEqual(expect.arrayContaining([...before]));
    expect((await farm.state()).farm.runner?.kind).toBe('rust');
    expect(served()).toMatch(/^cpp ready, cpp ready(, rust (booting|ready))+$/);
  });

  it('drains and ends the machines of the former one, and has new ones, opened, in their place', async () => {
    const former = farm.running;
    farm.has('rust');
    await farm.next();
    expect(served()).toBe('rust ready, rust ready');
    expect(former.filter((id) => farm.running.includes(id))).toEqual([]);
    expect(farm.host.offers?.map(({ machine }) => servedBy(machine))).toEqual(['rust', 'rust']);
    expect(farm.told.decisions.map(({ reason }) => reason).join()).toContain(
      'it serves the C++ queue runner, and the Hydra host has the Rust queue runner now',
    );
    expect(farm.told.problems).toEqual([]);
  });

  it('without an address to dial in at launches nothing, says so, and still lets the former ones go', async () => {
    farm.config = aConfig([TYPE]);
    farm.has('rust');
    for (let tick = 0; tick < 4; tick++) await farm.next();
    expect(farm.running).toEqual([]);
    expect(farm.told.problems.join()).toContain('builders do not know where to dial in');
  });

  it('keeps machines at work that the queue runner in force has work on', async () => {
    farm.has('rust');
    for (let tick = 0; tick < 4; tick++) await farm.next();
    const [busy = ''] = farm.running;
    farm.jobs.set(busy, 1);
    farm.runnable = 0;
    for (let tick = 0; tick < 4; tick++) await farm.next();
    expect(farm.running).toEqual([busy]);
    farm.jobs.set(busy, 0);
    for (let tick = 0; tick < 3; tick++) await farm.next();
    expect(farm.running).toEqual([]);
  });

  it('leaves alone what a person protects, of whatever use it is', async () => {
    const [mine = ''] = farm.running;
    await farm.store.putOrder({ kind: 'protect', instanceId: mine, at: farm.clock.now() });
    farm.has('rust');
    for (let tick = 0; tick < 4; tick++) await farm.next();
    expect(farm.running).toContain(mine);
    expect(served()).toBe('cpp ready, rust ready, rust ready');
  });

  it('and back again goes the same way', async () => {
    farm.has('rust');
    for (let tick = 0; tick < 4; tick++) await farm.next();
    const rust = farm.running;
    farm.has('cpp');
    await farm.next();
    expect(served()).toMatch(/^rust draining, rust draining, cpp (booting|ready), cpp (booting|ready)$/);
    for (let tick = 0; tick < 3; tick++) await farm.next();
    expect(served()).toBe('cpp ready, cpp ready');
    expect(rust.filter((id) => farm.running.includes(id))).toEqual([]);
  });

  it.each(['cpp', 'rust'] as const)(
    'whose queue runner cannot be told for a while stays with the %s one there was',
    async (kind) => {
      farm.has(kind);
      for (let tick = 0; tick < 4; tick++) await farm.next();
      farm.host.runner = undefined;
      farm.host.queue = () => untrusted({ cause: 'failed' });
      for (let tick = 0; tick < 2; tick++) await farm.next();
      farm.config = reachable(aConfig([{ ...TYPE, minMachines: 3 }]));
      await farm.next();
      // What is launched meanwhile is for it, too.
      expect(served()).toBe(`${kind} ready, ${kind} ready, ${kind} booting`);
      expect((await farm.state()).farm.runner?.kind).toBe(kind);
    },
  );
});
