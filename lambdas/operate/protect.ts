/** Keeping one machine although nothing demands it. */
import { count } from '../core/text/count.ts';
import * as z from 'zod';
import type { MachineOrder } from '../core/model/index.ts';
import { by, findMachine, fromWhen, givenBy, instanceId, minutes, remembered } from './fields.ts';
import { request } from './request.ts';

export const protect = request({
  name: 'protect',
  does: 'keeps one machine from being drained or ended for want of demand, for some minutes (at most 10080) or until `release`',
  example: { machine: 'i-0123456789abcdef0', minutes: 240, by: 'your name' },
  body: z.strictObject({ machine: instanceId, minutes: minutes.optional(), by }),
  wakes: false,
  carryOut: async (desk, asked) => {
    const { store, clock } = desk.ports;
    const at = clock.now();
    const machine = findMachine(await remembered(desk, at), asked.machine);
    if (!machine.ok) return machine.problem;
    const { instanceId: id, phase } = machine.value;
    const order: MachineOrder = {
      kind: 'protect',
      instanceId: id,
      at,
      ...(asked.minutes === undefined ? {} : { until: at + asked.minutes * 60 }),
      ...givenBy(asked.by),
    };
    await store.putOrder(order);
    const how =
      asked.minutes === undefined ? 'until somebody releases it' : `for ${count(asked.minutes, 'minute')}`;
    return {
      result: 'recorded',
      message:
        `${id} (${phase}) is not ended for want of demand ${how}, ${fromWhen(desk)}; ` +
        'it still ends when AWS takes it, when it fails, or when its type leaves the configuration',
      order,
      phase,
    };
  },
});
