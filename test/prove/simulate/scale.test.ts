/** What a steady tick costs must not grow with the machines, except by pages. */
import { expect, it } from 'vitest';
import { measure } from '../../../local/prove/bench/measure.ts';

it('makes the same calls for one machine and for nine hundred', async () => {
  const [one, many] = [await measure(1, () => undefined), await measure(900, () => undefined)];

  expect(one.result).toBe('done');
  expect(many).toMatchObject({
    result: 'done',
    ec2Calls: one.ec2Calls,
    dynamoCalls: one.dynamoCalls,
    writeUnits: one.writeUnits,
    hostLooks: one.hostLooks,
  });
  // A strongly consistent read of a record costs a tenth of a unit or so.
  expect(many.readUnits).toBeLessThan(900);
});

it('needs one page of EC2’s more for each thousand machines', async () => {
  const { ec2Calls, result } = await measure(2100, () => undefined);

  expect({ ec2Calls, result }).toEqual({ ec2Calls: 3, result: 'done' });
});
