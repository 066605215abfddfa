import { describe, expect, it } from 'vitest';
import { measureBundle } from '../../../local/prove/bench/bundle.ts';

describe('the bench of the bundle', () => {
  it('weighs and loads the function beside the SDK clients alone, both up to clients that are made', async () => {
    const measured = await measureBundle(1);
    expect(measured.bytes).toBeLessThan(measured.budgetBytes);
    // The clients alone are bundled without what makes our bundle small.
    expect(measured.clientsBytes).toBeGreaterThan(measured.bytes);
    expect(measured.loadMilliseconds).toBeGreaterThan(0);
    expect(measured.loadRatio).toBeCloseTo(measured.loadMilliseconds / measured.clientsLoadMilliseconds);
  });
});
