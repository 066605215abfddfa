/** Why: of a type, of a machine, or of steps that wait. */
import * as z from 'zod';
import { explainMachine } from '../core/explain/machine.ts';
import { explainSteps } from '../core/explain/steps.ts';
import { explainType } from '../core/explain/type.ts';
import type { Explanation, Grounds } from '../core/explain/explanation.ts';
import { findType, instanceId, typeName } from './fields.ts';
import { look } from './look.ts';
import { request } from './request.ts';
import type { Desk, Mistaken } from './request.ts';

export interface Explained extends Explanation {
  readonly result: 'explanation';
  /** The answer again: every reply has a message. */
  readonly message: string;
}

const feature = z.string().min(1).max(200);
const body = z
  .strictObject({
    type: typeName.optional(),
    machine: instanceId.optional(),
    system: z.string().min(1).max(100).optional(),
    features: z.array(feature).max(50).optional(),
  })
  .refine(
    ({ type, machine, system }) => [type, machine, system].filter((one) => one !== undefined).length === 1,
    'must have exactly one of "type", "machine" and "system"',
  )
  .refine(({ features, system }) => features === undefined || system !== undefined, {
    message: 'goes with "system": the system and required features of the steps that wait',
    path: ['features'],
  });

type Question = z.output<typeof body>;

async function carryOut(desk: Desk, asked: Question): Promise<Explained | Mistaken> {
  const type = asked.type === undefined ? undefined : findType(desk.config, asked.type);
  if (type?.ok === false) return type.problem;
  const explanation = explanationOf(await look(desk), asked);
  return { result: 'explanation', message: explanation.answer, ...explanation };
}

function explanationOf(grounds: Grounds, { type, machine, system, features = [] }: Question): Explanation {
  if (machine !== undefined) return explainMachine(grounds, machine);
  if (system !== undefined) return explainSteps(grounds, system, features);
  const demand = grounds.plan.demand.types.find((one) => one.type.key === type);
  return demand === undefined
    ? { answer: `there is no machine type ${type ?? ''}`, because: [] }
    : explainType(grounds, demand);
}

export const explain = request({
  name: 'explain',
  does: 'says why a type has as many machines as it has, why a machine is in its phase, or why steps of a system with these required features get no machine',
  example: { system: 'x86_64-linux', features: ['kvm'] },
  body,
  wakes: false,
  carryOut,
});
