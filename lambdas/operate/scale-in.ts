/** The end of a scale-out by hand. */
import * as z from 'zod';
import { by, findType, typeName } from './fields.ts';
import { request } from './request.ts';

export const scaleIn = request({
  name: 'scaleIn',
  does: 'ends the manual scale-out of a type; its machines leave when demand, grace and paid time let them',
  example: { type: 'x86_64-linux', by: 'your name' },
  body: z.strictObject({ type: typeName, by }),
  wakes: true,
  carryOut: async ({ config, ports }, asked) => {
    const type = findType(config, asked.type);
    if (!type.ok) return type.problem;
    await ports.store.removeFloor(type.value.key);
    return { result: 'recorded', message: `${type.value.key} is not scaled out by hand any more` };
  },
});
