/** A limit on what machines cost is refused where nobody could hold it, or where it leaves no machine. */
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../lambdas/core/config/parse.ts';

const written = (maxDollarsPerHour: unknown, systemTypes: Readonly<Record<string, object>>) =>
  parseConfig(
    { host: { instanceId: 'i-0123456789abcdef0' }, maxDollarsPerHour, systemTypes },
    () => undefined,
  ).problems.map(({ path, says }) => `${path} ${says}`);

const LINUX = 'x86_64-linux';

describe('a limit on dollars an hour', () => {
  it.each([[0], [-1], ['2'], [200_000]])('is not %j', (limit) => {
    expect(written(limit, {}).join()).toMatch(/^maxDollarsPerHour /);
  });

  it('may be set where AWS tells prices before machines are launched', () => {
    expect(written(2, { [LINUX]: {}, 'aarch64-linux': { market: 'spot' } })).toEqual([]);
  });

  it('asks for the price of what nobody knows it of, all at once', () => {
    const chosen = { instanceRequirements: { vCpus: { min: 4 }, memoryGiB: { min: 8 } } };
    const types = { [LINUX]: chosen, 'x86_64-freebsd': { publicHostKey: 'x' } };
    const told = written(2, types).join('\n');
    expect(told).toContain('systemTypes.x86_64-linux has no price before it is launched, since EC2 chooses');
    expect(told).toContain(
      'systemTypes.x86_64-freebsd has no price before it is launched, since only prices',
    );
    expect(written(2, { [LINUX]: { ...chosen, dollarsPerHour: 0.5 } })).toEqual([]);
  });

  it('leaves room for the floors, as far as the configuration tells prices', () => {
    const kept = { minMachines: 3, maxMachines: 5, dollarsPerHour: 0.4 };
    expect(written(1, { [LINUX]: kept })).toEqual([
      "maxDollarsPerHour is 1 but the types' minMachines, or warm where that is more, cost $1.20 an hour; raise it or lower them",
    ]);
    expect(written(1.2, { [LINUX]: kept })).toEqual([]);
  });

  it('pays for one machine of every type', () => {
    expect(written(1, { [LINUX]: { dollarsPerHour: 1.5 } }).join()).toContain(
      'systemTypes.x86_64-linux.dollarsPerHour is 1.5, more than all machines together may cost',
    );
  });
});
