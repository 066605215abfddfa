import { describe, expect, it } from 'vitest';
import { consoleOutput } from '../../../local/world/region/console.ts';
import { BOOT_SECONDS, RegionBench, START, SUBNET_A, refusal } from './bench.ts';

describe('an instance', () => {
  it('is pending, running, reachable, and tells observers of each step in order', () => {
    const bench = new RegionBench();
    const seen: string[] = [];
    bench.region.observe({
      state: ({ instanceId }, state) => seen.push(`${bench.timeline.now - START} ${state} ${instanceId}`),
      booted: ({ instanceId }) => seen.push(`${bench.timeline.now - START} booted ${instanceId}`),
    });
    const { instanceId: id } = bench.runOne();
    bench.advance(100);
    expect(seen).toEqual([`0 pending ${id}`, `18 running ${id}`, `${BOOT_SECONDS} booted ${id}`]);
  });

  it('is stopped and started again at the same address and with the same host key', () => {
    const bench = new RegionBench();
    const instance = bench.runOne();
    const { instanceId, address, hostKey } = instance;
    bench.advance(100);
    const other = bench.runOne();
    bench.region.power.stop([instanceId]);
    expect(instance).toMatchObject({ state: 'stopping', bootedAt: undefined });
    expect(instance.transitionReason).toMatch(/^User initiated \(2027-01-15 08:01:40 GMT\)$/);
    bench.advance(30);
    expect(instance.state).toBe('stopped');
    expect(bench.runOne().address).not.toBe(address);
    bench.region.power.start([instanceId]);
    expect(instance).toMatchObject({ state: 'pending', startedAt: START + 130, transitionReason: '' });
    bench.advance(BOOT_SECONDS);
    expect(instance).toMatchObject({
      state: 'running',
      address,
      hostKey,
      bootedAt: START + 130 + BOOT_SECONDS,
    });
    expect(other.hostKey).not.toBe(hostKey);
  });

  it('gives its address to the next one, which has another host key', () => {
    const bench = new RegionBench();
    const first = bench.runOne({ subnetId: SUBNET_A });
    bench.advance(60);
    bench.region.power.terminate([first.instanceId]);
    expect(bench.runOne({ subnetId: SUBNET_A }).address).not.toBe(first.address);
    bench.advance(30);
    const next = bench.runOne({ subnetId: SUBNET_A });
    expect(next.address).toBe(first.address);
    expect(next.hostKey).not.toBe(first.hostKey);
  });

  it('stays visible for an hour after its end, its tags for less', () => {
    const bench = new RegionBench();
    const instance = bench.runOne({ tags: { instance: { farm: 'x' } } });
    bench.region.power.terminate([instance.instanceId]);
    bench.advance(30 + 1799);
    expect(instance).toMatchObject({ state: 'terminated', tags: { farm: 'x' } });
    bench.advance(1);
    expect(instance.tags).toEqual({});
    bench.advance(1799);
    expect(bench.region.instances.visible(bench.timeline.now)).toHaveLength(1);
    bench.advance(1);
    expect(bench.region.instances.visible(bench.timeline.now)).toHaveLength(0);
    expect(refusal(() => bench.region.power.terminate([instance.instanceId]))).toBe(
      'InvalidInstanceID.NotFound',
    );
  });

  it.each([
    ['stop', 'stopping'],
    ['terminate', 'shutting-down'],
  ] as const)('that powers itself off will %s, as it was launched', (shutdownBehavior, state) => {
    const bench = new RegionBench();
    const instance = bench.runOne({ shutdownBehavior });
    bench.advance(60);
    bench.region.powerOff(instance.instanceId);
    expect(instance).toMatchObject({ state, stateReason: { code: 'Client.InstanceInitiatedShutdown' } });
  });

  it('may never come up, though it runs and costs', () => {
    const bench = new RegionBench({ bootFailureProbability: 1 });
    const instance = bench.runOne();
    bench.advance(3600);
    expect(instance).toMatchObject({ state: 'running', bootedAt: undefined });
    expect(consoleOutput(instance, bench.timeline.now).text).toBe('');
    expect(bench.region.ssm.nodes.find(instance.instanceId)).toBeUndefined();
    expect(bench.region.billing.seconds(instance.instanceId, 'per-second', bench.timeline.now)).toBe(3582);
  });

  it('is away for a while when it is rebooted', () => {
    const bench = new RegionBench();
    const instance = bench.runOne();
    bench.advance(60);
    bench.region.power.reboot([instance.instanceId]);
    expect(instance).toMatchObject({ state: 'running', bootedAt: undefined });
    bench.advance(20);
    expect(instance.bootedAt).toBe(START + 80);
  });

  it('does not boot any more once it is stopped in the middle of it', () => {
    const bench = new RegionBench();
    const instance = bench.runOne();
    bench.advance(20);
    bench.region.power.stop([instance.instanceId]);
    bench.advance(100);
    expect(instance).toMatchObject({ state: 'stopped', bootedAt: undefined });
  });
});

describe('the console', () => {
  it('shows the host key some time after the boot', () => {
    const bench = new RegionBench();
    const instance = bench.runOne();
    bench.advance(57);
    expect(consoleOutput(instance, bench.timeline.now).text).toBe('');
    bench.advance(1);
    const { text, postedAt } = consoleOutput(instance, bench.timeline.now);
    expect(postedAt).toBe(START + 58);
    expect(text).toContain(
      `-----BEGIN SSH HOST KEY KEYS-----\r\n${instance.hostKey}\r\n-----END SSH HOST KEY KEYS-----\r\n`,
    );
    expect(text).toMatch(/256 SHA256:[A-Za-z0-9+/]{43} root@ip-10-0-0-4 \(ED25519\)/);
  });

  it('of an older image has fingerprints only', () => {
    const bench = new RegionBench();
    const instance = bench.runOne({ imageId: 'ami-05555555555555555' });
    bench.advance(60);
    const { text } = consoleOutput(instance, bench.timeline.now);
    expect(text).toContain('HOST KEY FINGERPRINTS');
    expect(text).not.toContain('ssh-ed25519 ');
  });
});

describe('start, stop, reboot and terminate', () => {
  it('refuse the whole call for one bad id, and do nothing then', () => {
    const bench = new RegionBench();
    const instance = bench.runOne();
    bench.advance(60);
    const { power } = bench.region;
    expect(refusal(() => power.stop([instance.instanceId, 'i-0deadbeefdeadbeef']))).toBe(
      'InvalidInstanceID.NotFound',
    );
    expect(refusal(() => power.terminate([instance.instanceId, 'x']))).toBe('InvalidInstanceID.Malformed');
    expect(instance.state).toBe('running');
  });

  it('change nothing when they are repeated', () => {
    const bench = new RegionBench();
    const { instanceId: id } = bench.runOne();
    bench.advance(60);
    const { power } = bench.region;
    expect(power.start([id])).toMatchObject([{ before: 'running', instance: { state: 'running' } }]);
    power.stop([id]);
    expect(power.stop([id])).toMatchObject([{ before: 'stopping', instance: { state: 'stopping' } }]);
    bench.advance(30);
    power.terminate([id]);
    expect(power.terminate([id])).toMatchObject([{ before: 'shutting-down' }]);
    bench.advance(30);
    expect(power.terminate([id])).toMatchObject([
      { before: 'terminated', instance: { state: 'terminated' } },
    ]);
  });

  it('refuse what the state does not allow', () => {
    const bench = new RegionBench();
    const { instanceId: id } = bench.runOne();
    const { power } = bench.region;
    expect(refusal(() => power.stop([id]))).toBe('IncorrectInstanceState');
    expect(refusal(() => power.reboot([id]))).toBe('IncorrectInstanceState');
    power.terminate([id]);
    expect(refusal(() => power.start([id]))).toBe('IncorrectInstanceState');
    bench.advance(60);
    expect(refusal(() => power.start([id]))).toBe('IncorrectInstanceState');
  });

  it('can find no room to start again, since a stopped instance holds none', () => {
    const bench = new RegionBench();
    const { instanceId: id } = bench.runOne();
    bench.advance(60);
    bench.region.power.stop([id]);
    bench.advance(30);
    bench.region.capacity.limit({ instanceType: 'c7i.large' }, 1);
    bench.runOne();
    expect(refusal(() => bench.region.power.start([id]))).toBe('InsufficientInstanceCapacity');
  });

  it('leave a protected instance alone', () => {
    const bench = new RegionBench();
    const instance = bench.runOne({ terminationProtected: true });
    expect(refusal(() => bench.region.power.terminate([instance.instanceId]))).toBe('OperationNotPermitted');
    expect(instance.state).toBe('pending');
  });
});
