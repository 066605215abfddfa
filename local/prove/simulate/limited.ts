/** Farms that may cost so much an hour and no more. */
import { Random } from '../../world/random.ts';
import type { WrittenFarm, WrittenType } from './written-farm.ts';

/** About what such machines cost on demand (AWS, us-east-1, 2026), in dollars an hour, by a word of the type's name. */
const PRICES: readonly (readonly [string, number])[] = [
  ['big-parallel', 1.43],
  ['kvm', 0.72],
  ['aarch64', 0.29],
  ['', 0.36],
];

const priceOf = (key: string): number => PRICES.find(([word]) => key.includes(word))?.[1] ?? 0;

const floorOf = ({ minMachines, warm }: WrittenType): number =>
  Math.max(Number(minMachines ?? 0), Array.isArray(warm) ? 1 : 0);

/** Every fourth farm. Enough for the floors it may be given, and hardly for all it asks for. Its other luck is the same. */
export function limited(seed: number, written: WrittenFarm): WrittenFarm {
  const luck = new Random(Math.imul(seed + 11, 0x27d4eb4f));
  if (!luck.chance(0.25)) return written;
  const types = Object.entries(written.systemTypes);
  const kept = types.reduce((sum, [key, type]) => sum + priceOf(key) * Math.max(1, floorOf(type)), 0);
  const dearest = Math.max(...types.map(([key]) => priceOf(key)));
  return {
    ...written,
    maxDollarsPerHour: kept + dearest * luck.pick([0, 1, 3]),
    systemTypes: Object.fromEntries(
      types.map(([key, type]) => [key, { ...type, dollarsPerHour: priceOf(key) }]),
    ),
  };
}
