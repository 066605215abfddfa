/** States that AWS does not let instances out of, and instances that are in no answer. */
import { describe, expect, it } from 'vitest';
import { RegionBench, refusal } from './bench.ts';

describe('an instance that is stuck', () => {
  it('stays pending for so long and can be ended all the same', () => {
    const bench = new RegionBench();
    bench.region.delays.add({ what: 'pending', seconds: 600 });
    const [stuck, ended] = [bench.runOne(), bench.runOne()];
    bench.advance(590);
    expect(stuck.state).toBe('pending');
    bench.region.power.terminate([ended.instanceId]);
    expect(ended.state).toBe('shutting-down');
    bench.advance(20);
    expect(stuck.state).toBe('running');
  });

  it('stays in stopping, is not billed for it, and ends only after it whoever asks for that', () => {
    const bench = new RegionBench();
    const instance = bench.runOne();
    bench.advance(100);
    bench.region.delays.add({ what: 'stopping', seconds: 3600 });
    bench.region.power.stop([instance.instanceId]);
    bench.advance(1800);
    bench.region.power.terminate([instance.instanceId]);
    expect(instance.state).toBe('stopping');
    bench.advance(1790);
    expect(instance.state).toBe('stopping');
    expect(bench.region.billing.seconds(instance.instanceId, 'per-second', bench.timeline.now)).toBe(82);
    bench.advance(20);
    expect(instance.state).toBe('shutting-down');
    bench.advance(30);
    expect(instance.state).toBe('terminated');
  });

  it('is one that was in that state when it began, too', () => {
    const bench = new RegionBench();
    const instance = bench.runOne();
    bench.advance(60);
    bench.region.power.terminate([instance.instanceId]);
    bench.advance(10);
    const end = bench.region.delays.add({ what: 'shutting-down', seconds: 300 });
    bench.advance(100);
    end();
    expect(instance.state).toBe('shutting-down');
    bench.advance(200);
    expect(instance.state).toBe('terminated');
  });

  it('is one that is meant', () => {
    const bench = new RegionBench();
    bench.region.delays.add({ what: 'pending', seconds: 600, of: { market: 'spot' } });
    const [spot, other] = [bench.runOne({ market: 'spot' }), bench.runOne()];
    bench.advance(20);
    expect([spot.state, other.state]).toEqual(['pending', 'running']);
  });
});

describe('an instance that is hidden', () => {
  it('runs, and no call knows it until its time is over', () => {
    const bench = new RegionBench();
    const end = bench.region.delays.add({ what: 'hidden', seconds: 480 });
    const instance = bench.runOne();
    end();
    const shown = bench.runOne();
    bench.advance(470);
    expect(instance.state).toBe('running');
    expect(bench.region.instances.visible(bench.timeline.now)).toEqual([shown]);
    expect(refusal(() => bench.region.power.terminate([instance.instanceId]))).toBe(
      'InvalidInstanceID.NotFound',
    );
    bench.advance(20);
    expect(bench.region.instances.visible(bench.timeline.now)).toHaveLength(2);
  });
});
