/** From which looks at a Rust queue runner something may be concluded, by the judge's own rules. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { RustAnswer } from '../../../lambdas/hydra/rust/answer.ts';
import { isLookSettled } from '../../../local/world/judge/rust-telling.ts';
import { lookAt } from '../../../local/world/ports/rust-look.ts';
import { RustWorld } from './rust-bench.ts';

let bench: RustWorld;
beforeEach(() => {
  bench = new RustWorld();
});

const look = (): RustAnswer =>
  lookAt(bench.world.rust.runner, {
    rest: 'http://[::1]:8080',
    hostNow: bench.world.timeline.now,
    hostSystem: 'x86_64-linux',
  });

describe('a look', () => {
  it('tells something of a queue runner that is up and knows its queue', () => {
    bench.machine();
    expect(isLookSettled(look())).toBe(true);
  });

  it('tells nothing for a minute after a start: builders are still on their way', () => {
    bench.world.runner.stop();
    bench.world.runner.start();
    bench.wait(59);
    expect(isLookSettled(look())).toBe(false);
    bench.wait(2);
    expect(isLookSettled(look())).toBe(true);
  });

  it('tells nothing without the database, whatever the status says', () => {
    bench.world.runner.setDatabaseReachable(false);
    expect(look().curl.http).toBe(200);
    expect(isLookSettled(look())).toBe(false);
  });

  it('tells nothing where the queue runner cannot ask its database', () => {
    expect(isLookSettled({ ...look(), activeHttp: 500 })).toBe(false);
  });

  it('tells nothing where psql was not let in', () => {
    const { unfinished, ...told } = look();
    expect(unfinished).toBe(0);
    expect(isLookSettled(told)).toBe(false);
  });

  it('tells nothing while builders of one name hide each other', () => {
    const end = bench.world.rust.double(bench.machine().instanceId);
    bench.wait(5);
    expect(isLookSettled(look())).toBe(false);
    end();
    bench.wait(5);
    expect(isLookSettled(look())).toBe(true);
  });

  it.each(['stop', 'hang'] as const)('tells nothing of one that does not answer (%s)', (what) => {
    bench.world.runner[what]();
    expect(isLookSettled(look())).toBe(false);
  });
});
