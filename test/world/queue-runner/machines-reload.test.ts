import { describe, expect, it } from 'vitest';
import { Random } from '../../../local/world/random.ts';
import { Timeline } from '../../../local/world/timeline.ts';
import { MachinesFileInMemory } from '../../../local/world/queue-runner/machines-file.ts';
import { QueueRunner } from '../../../local/world/queue-runner/queue-runner.ts';
import { SimulatedBuilders } from '../../../local/world/queue-runner/simulated-builders.ts';
import { START, TestHost, type FullStatus } from './host.ts';

const listed = (host: TestHost): string[] =>
  Object.entries(host.status.machines)
    .filter(([, machine]) => machine.enabled)
    .map(([uri]) => uri.replace('ssh://', ''));

describe('the machines file', () => {
  it('is looked at every 30 s from the start of the program on', () => {
    const host = TestHost.running(['a x86_64-linux']);
    host.goTo(2);
    host.list('b x86_64-linux');
    host.goTo(30.03);
    expect(listed(host)).toEqual(['a']);
    host.goTo(30.04);
    expect(listed(host)).toEqual(['b']);
    host.goTo(31);
    host.list('c x86_64-linux');
    host.goTo(60.03);
    expect(listed(host)).toEqual(['b']);
    host.goTo(60.04);
    expect(listed(host)).toEqual(['c']);
  });

  it('may be looked at in another phase', () => {
    const host = new TestHost();
    host.runner.start(12);
    host.list('a x86_64-linux');
    host.goTo(11.99);
    expect(listed(host)).toEqual([]);
    host.goTo(12.01);
    expect(listed(host)).toEqual(['a']);
  });

  it('is read again when only touched, but not when touched within the same second', () => {
    const host = TestHost.running(['a x86_64-linux']);
    const wakeups = host.status.nrDispatcherWakeups;
    host.goTo(29);
    host.file.touch();
    host.goTo(31);
    expect(host.status.nrDispatcherWakeups).toBe(wakeups + 1);
    host.goTo(90.02);
    host.file.touch();
    host.goTo(90.5);
    host.file.touch();
    host.goTo(150.5);
    expect(host.status.nrDispatcherWakeups).toBe(wakeups + 2);
  });

  it('is refused whole, the old machines staying, and looked at 5 s later, from where the 30 s begin anew', () => {
    const host = TestHost.running(['a x86_64-linux']);
    host.goTo(10);
    host.list('b x86_64-linux', 'c x86_64-linux - four');
    host.goTo(31);
    expect(listed(host)).toEqual(['a']);
    host.list('b x86_64-linux');
    host.goTo(35.03);
    expect(listed(host)).toEqual(['a']);
    host.goTo(35.04);
    expect(listed(host)).toEqual(['b']);
    host.list('c x86_64-linux');
    host.goTo(65.03);
    expect(listed(host)).toEqual(['b']);
    host.goTo(65.04);
    expect(listed(host)).toEqual(['c']);
  });

  it('stays refused without a word until it changes', () => {
    const host = TestHost.running(['a x86_64-linux']);
    host.goTo(10);
    host.list('nonsense x - four');
    host.goTo(300);
    expect(listed(host)).toEqual(['a']);
    expect(host.status.status).toBe('up');
  });

  it('leaves no machines at all when the first one is malformed, and the program running', () => {
    const host = TestHost.running(['a x86_64-linux - four']);
    host.queue({ count: 3 });
    host.goTo(4);
    expect(host.status).toMatchObject({
      machines: {},
      nrQueuedBuilds: 3,
      machineTypes: {},
      nrDispatcherWakeups: 0,
    });
    host.goTo(8);
    expect(host.status).toMatchObject({
      status: 'up',
      machines: {},
      nrRunnableSteps: 3,
      nrUnsupportedSteps: 3,
      machineTypes: { 'x86_64-linux': { runnable: 3, running: 0 } },
      nrDispatcherWakeups: 2,
    });
  });

  it('that is missing counts as empty', () => {
    const host = TestHost.running(['a x86_64-linux']);
    host.file.remove();
    host.goTo(31);
    expect(listed(host)).toEqual([]);
    expect(host.machine('a').enabled).toBe(false);
  });

  it('that is missing from the start is none to wait for', () => {
    const host = new TestHost();
    host.runner.start();
    host.queue();
    host.advance(1);
    expect(host.status).toMatchObject({ machines: {}, nrUnsupportedSteps: 1 });
  });

  it('may be several, read as one', () => {
    const timeline = new Timeline(START);
    const files = ['a x86_64-linux', 'b x86_64-linux', undefined].map(
      (text) => new MachinesFileInMemory(() => timeline.now, text),
    );
    const random = new Random(1);
    const builders = new SimulatedBuilders(timeline, random.fork());
    const runner = new QueueRunner({ timeline, random, machinesFiles: files, builders });
    const uris = (): string[] => {
      const status = JSON.parse(runner.status().stdout) as FullStatus;
      return Object.keys(status.machines).filter((uri) => status.machines[uri]?.enabled);
    };
    runner.start();
    timeline.advanceTo(START + 1);
    expect(uris()).toEqual(['ssh://a', 'ssh://b']);
    files[2]?.replace('c x86_64-linux');
    files[0]?.remove();
    timeline.advanceTo(START + 31);
    expect(uris()).toEqual(['ssh://b', 'ssh://c']);
  });

  it('is refused for a malformed line in another one, until that is repaired', () => {
    const host = TestHost.running(['a x86_64-linux']);
    host.goTo(2);
    host.otherFile.replace('root@bad.example x86_64-linux - four 1 - - -\n');
    host.list('b x86_64-linux');
    host.goTo(300);
    expect(listed(host)).toEqual(['a']);
    host.list('c x86_64-linux');
    host.goTo(350);
    expect(listed(host)).toEqual(['a']);
    expect(new Set(host.refused)).toEqual(new Set([host.otherFile]));
    host.otherFile.replace('');
    host.goTo(400);
    expect(listed(host)).toEqual(['c']);
    host.otherFile.replace('bad x86_64-linux - four\n');
    host.goTo(430);
    host.runner.stop();
    host.advance(1);
    host.runner.start();
    host.advance(100);
    expect(host.status.machines).toEqual({});
  });
});

describe('a machine taken off the file', () => {
  it('finishes what it builds, gets nothing new, stays in the status and comes back with its history', () => {
    const host = TestHost.running(['a x86_64-linux - 2']);
    const builds = host.queue({ count: 5, seconds: 40 });
    host.advance(1);
    host.list('b x86_64-linux - 0');
    host.goTo(31);
    expect(host.machine('a')).toMatchObject({ enabled: false, currentJobs: 2 });
    host.goTo(60);
    expect(host.machine('a')).toMatchObject({ enabled: false, currentJobs: 0, nrStepsDone: 2 });
    expect(host.machine('a').idleSince).toBeGreaterThan(START + 40);
    expect(builds.filter((build) => build.status === 'succeeded')).toHaveLength(2);
    expect(host.status).toMatchObject({ nrRetries: 0, nrActiveSteps: 0, nrRunnableSteps: 3 });
    host.list('a x86_64-linux - 2');
    host.goTo(91);
    expect(host.machine('a')).toMatchObject({ enabled: true, currentJobs: 2, nrStepsDone: 2 });
  });

  it('keeps its history under its name, whatever its parameters', () => {
    const host = TestHost.running(['a x86_64-linux']);
    host.queue();
    host.goTo(20);
    host.list('ssh://a?compress=true x86_64-linux');
    host.goTo(31);
    expect(Object.keys(host.status.machines)).toEqual(['ssh://a?compress=true']);
    expect(host.machine('a?compress=true').nrStepsDone).toBe(1);
  });

  it('is not killed by fewer max-jobs, and not given more until it has room', () => {
    const host = TestHost.running(['a x86_64-linux - 3']);
    host.queue({ count: 6, seconds: 50 });
    host.advance(1);
    host.list('a x86_64-linux - 1');
    host.goTo(31);
    expect(host.machine('a').currentJobs).toBe(3);
    host.goTo(60);
    expect(host.machine('a').currentJobs).toBe(1);
  });
});
