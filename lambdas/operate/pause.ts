/** Leaving a type, or everything, as it is. */
import { count } from '../core/text/count.ts';
import * as z from 'zod';
import type { PauseOrder } from '../core/model/index.ts';
import { by, findType, fromWhen, givenBy, minutes, typeName } from './fields.ts';
import { request } from './request.ts';

/** One type, or everything: never by leaving something out. */
export const scope = {
  type: typeName.optional(),
  everything: z.literal(true).optional(),
};

export const namesOne = ({ type, everything }: { type?: unknown; everything?: unknown }): boolean =>
  (type === undefined) !== (everything === undefined);

export const ONE_SCOPE = 'must have either "type" or "everything": true';

export const pause = request({
  name: 'pause',
  does: 'launches, starts, drains and ends nothing of a type, or of everything, for some minutes (at most 10080) or until `resume`; ready machines stay offered',
  example: { type: 'x86_64-linux', minutes: 60, by: 'your name' },
  body: z.strictObject({ ...scope, minutes: minutes.optional(), by }).refine(namesOne, ONE_SCOPE),
  wakes: false,
  carryOut: async (desk, asked) => {
    const { store, clock } = desk.ports;
    const type = asked.type === undefined ? undefined : findType(desk.config, asked.type);
    if (type?.ok === false) return type.problem;
    const at = clock.now();
    const order: PauseOrder = {
      kind: 'pause',
      at,
      ...(type === undefined ? {} : { type: type.value.key }),
      ...(asked.minutes === undefined ? {} : { until: at + asked.minutes * 60 }),
      ...givenBy(asked.by),
    };
    await store.putOrder(order);
    const how =
      asked.minutes === undefined ? 'until somebody resumes it' : `for ${count(asked.minutes, 'minute')}`;
    return {
      result: 'recorded',
      message:
        `${type?.value.key ?? 'everything'} is paused ${how}, ${fromWhen(desk)}; a round under way still carries out what it has decided. ` +
        'Ready machines stay offered, and what AWS takes is withdrawn',
      order,
    };
  },
});
