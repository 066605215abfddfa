/** Trying a type again at once, whatever went wrong with it: for people who fixed it, or know that AWS is well. */
import * as z from 'zod';
import type { RetryOrder } from '../core/model/index.ts';
import { by, findType, givenBy, pauseNote, remembered, typeName } from './fields.ts';
import { request } from './request.ts';

/** By then every rest that stood when it was given has been dropped by a tick, in seconds. */
const KEPT_SECONDS = 3600;

export const retry = request({
  name: 'retry',
  does: 'ends all rests of a machine type after refusals or failures, so that it is tried again at once',
  example: { type: 'x86_64-linux', by: 'your name' },
  body: z.strictObject({ type: typeName, by }),
  wakes: true,
  carryOut: async (desk, asked) => {
    const { store, clock } = desk.ports;
    const type = findType(desk.config, asked.type);
    if (!type.ok) return type.problem;
    const { key } = type.value;
    const now = clock.now();
    const state = await remembered(desk, now);
    const until = now + KEPT_SECONDS;
    const order: RetryOrder = { kind: 'retry', type: key, at: now, until, ...givenBy(asked.by) };
    await store.putOrder(order);
    const rests = state.farm.backOffs.filter((rest) => rest.type === key && rest.until > now).length;
    const what =
      rests === 0
        ? 'rests from nothing'
        : rests === 1
          ? 'rests no more'
          : `rests no more (${rests} rests ended)`;
    return { result: 'recorded', message: `${key} ${what}${pauseNote(state, key)}`, order };
  },
});
