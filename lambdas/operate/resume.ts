/** The end of a pause. */
import * as z from 'zod';
import { subjectInWords, subjectOf } from '../core/reason/orders.ts';
import { by, findType, remembered } from './fields.ts';
import { namesOne, ONE_SCOPE, scope } from './pause.ts';
import { request } from './request.ts';

export const resume = request({
  name: 'resume',
  does: 'ends the pause of a type, or with "everything": true all pauses',
  example: { type: 'x86_64-linux', by: 'your name' },
  body: z.strictObject({ ...scope, by }).refine(namesOne, ONE_SCOPE),
  wakes: true,
  carryOut: async (desk, asked) => {
    const { store, clock } = desk.ports;
    const { orders = [] } = await remembered(desk, clock.now());
    const pauses = orders.filter((order) => order.kind === 'pause');
    const ended = pauses.filter((order) => asked.type === undefined || order.type === asked.type);
    // The pause of a type that has left the configuration would hold again when it comes back.
    const type = asked.type === undefined || ended.length > 0 ? undefined : findType(desk.config, asked.type);
    if (type?.ok === false) return type.problem;
    await Promise.all(ended.map((order) => store.removeOrder(subjectOf(order))));
    const name = asked.type ?? 'everything';
    const still = asked.type !== undefined && pauses.some((order) => order.type === undefined);
    const rest = still ? '; but everything is paused: resume {"everything": true} as well' : '';
    return {
      result: 'recorded',
      message:
        ended.length === 0
          ? `${name} was not paused${rest}`
          : `${ended.map(subjectInWords).join(', ')} resumed${rest}`,
    };
  },
});
