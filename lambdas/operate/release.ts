/** Taking back what was ordered for one machine. */
import * as z from 'zod';
import { machineOrder } from '../core/reason/orders.ts';
import { by, fromWhen, instanceId, remembered } from './fields.ts';
import { request } from './request.ts';

export const release = request({
  name: 'release',
  does: 'takes back `drain` or `protect` of a machine: demand alone decides on it again',
  example: { machine: 'i-0123456789abcdef0', by: 'your name' },
  body: z.strictObject({ machine: instanceId, by }),
  wakes: false,
  carryOut: async (desk, { machine }) => {
    const { store, clock } = desk.ports;
    const { orders } = await remembered(desk, clock.now());
    const order = machineOrder(orders, machine);
    await store.removeOrder({ instanceId: machine });
    const what =
      order === undefined ? 'had no order' : `is not ordered to ${order.kind} any more, ${fromWhen(desk)}`;
    return { result: 'recorded', message: `${machine} ${what}` };
  },
});
