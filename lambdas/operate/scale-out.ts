/** Scaling out by hand: a floor that expires by itself. */
import { count as inWords } from '../core/text/count.ts';
import * as z from 'zod';
import type { Floor } from '../core/model/index.ts';
import { by, findType, givenBy, minutes, pauseNote, typeName } from './fields.ts';
import { request } from './request.ts';
import type { Desk, Mistaken, Recorded } from './request.ts';

const body = z.strictObject({
  type: typeName,
  count: z.int().min(1).max(10_000),
  minutes: minutes.default(120),
  by,
});

/** Records the floor, capped at the type's maxMachines. */
async function carryOut({ config, ports }: Desk, asked: z.output<typeof body>): Promise<Recorded | Mistaken> {
  const type = findType(config, asked.type);
  if (!type.ok) return type.problem;
  const count = Math.min(asked.count, type.value.maxMachines);
  const now = ports.clock.now();
  const until = now + asked.minutes * 60;
  const paused = pauseNote(await ports.store.load(now), type.value.key);
  const floor: Floor = { type: type.value.key, count, until, at: now, ...givenBy(asked.by) };
  await ports.store.putFloor(floor);
  const capped =
    count < asked.count ? ` (${asked.count} asked for; maxMachines is ${type.value.maxMachines})` : '';
  return {
    result: 'recorded',
    message: `at least ${inWords(count, 'machine')} of ${type.value.key}${capped} for ${inWords(asked.minutes, 'minute')}${paused}`,
    floor,
  };
}

export const scaleOut = request({
  name: 'scaleOut',
  does: 'keeps at least so many machines of a type for some minutes (default 120, at most 10080), within the caps',
  example: { type: 'x86_64-linux', count: 1, minutes: 30, by: 'your name' },
  body,
  wakes: true,
  carryOut,
});
