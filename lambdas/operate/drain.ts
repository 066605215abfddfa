/** Sending one machine away. */
import * as z from 'zod';
import type { MachineOrder, Phase } from '../core/model/index.ts';
import { by, findMachine, givenBy, instanceId, pauseNote, remembered } from './fields.ts';
import { request } from './request.ts';

/** The order goes with its machine; this only tidies up if that never happens. */
const TIDY_SECONDS = 30 * 24 * 3600;

/** What an order to drain leads to, by the machine's phase. */
export const WHAT_HAPPENS: Readonly<Record<Phase, string>> = {
  ready:
    'with the next trusted status it is withdrawn; it ends when its steps are done and their outputs fetched',
  booting: 'it ends with the next trusted status, before it is ever offered',
  draining: 'it drains already; now it is not taken back, and it ends as soon as it is drained',
  stopped: 'it is terminated instead of being kept for later',
  stopping: 'it is stopping; then it is terminated instead of being kept for later',
  terminating: 'it is being terminated already',
  failed: 'it has failed and is being terminated already',
};

export const drain = request({
  name: 'drain',
  does: 'drains one machine and ends it as soon as nobody works on it; it is not taken back, paid time or not',
  example: { machine: 'i-0123456789abcdef0', by: 'your name' },
  body: z.strictObject({ machine: instanceId, by }),
  wakes: true,
  carryOut: async (desk, asked) => {
    const { store, clock } = desk.ports;
    const at = clock.now();
    const state = await remembered(desk, at);
    const machine = findMachine(state, asked.machine);
    if (!machine.ok) return machine.problem;
    const { instanceId: id, phase } = machine.value;
    const order: MachineOrder = {
      kind: 'drain',
      instanceId: id,
      at,
      until: at + TIDY_SECONDS,
      ...givenBy(asked.by),
    };
    await store.putOrder(order);
    const what = WHAT_HAPPENS[phase];
    return {
      result: 'recorded',
      message: `${id} is sent away: ${what}${pauseNote(state, machine.value.type)}`,
      order,
      phase,
    };
  },
});
