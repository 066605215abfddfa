/** The end of a pause. */
import * as z from 'zod';
import { subjectOf } from '../core/orders.ts';
import type { Order } from '../core/orders.ts';
import { by, findType, isMistaken } from './fields.ts';
import { namesOne, ONE_SCOPE, scope } from './pause.ts';
import { request } from './request.ts';

export const resume = request({
  name: 'resume',
  does: 'ends the pause of a type, or with "everything": true all pauses',
  example: { type: 'x86_64-linux', by: 'your name' },
  body: z.strictObject({ ...scope, by }).refine(namesOne, ONE_SCOPE),
  wakes: true,
  carryOut: async ({ config, ports: { store, clock } }, asked) => {
    const type = asked.type === undefined ? undefined : findType(config, asked.type);
    if (type !== undefined && isMistaken(type)) return type;
    const { orders = [] } = await store.load(clock.now());
    const pauses = orders.filter((order) => order.kind === 'pause');
    const ended = pauses.filter((order) => type === undefined || order.type === type.key);
    await Promise.all(ended.map((order) => store.removeOrder(subjectOf(order))));
    const name = type?.key ?? 'everything';
    const still = type !== undefined && pauses.some((order) => order.type === undefined);
    const rest = still ? '; but everything is paused: resume {"everything": true} as well' : '';
    return {
      result: 'recorded',
      message:
        ended.length === 0
          ? `${name} was not paused${rest}`
          : `${ended.map(nameOf).join(', ')} resumed${rest}`,
    };
  },
});

const nameOf = (order: Order): string =>
  order.kind === 'pause' && order.type !== undefined ? order.type : 'everything';
