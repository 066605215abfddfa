/** What is wrong with events that are well-formed: times that cannot be, and names that nothing has. */
import * as z from 'zod';
import { AWS_CALLS } from '../../../lambdas/aws/calls.ts';
import { suggest } from '../../../lambdas/config-file/suggest.ts';
import type { Config } from '../../../lambdas/core/config/config.ts';
import { fittingTypes } from '../../world/fitting-types.ts';
import { ec2Service, ssmService } from '../../world/endpoint/services.ts';
import { instanceTypeFacts } from '../../world/region/instance-types.ts';
import type { Mistake, PlacedEvent } from './scenario.ts';

/** What these mistakes are about, of an event that may be wrong elsewhere: every mistake is told at once. */
const soundParts = z.object({
  do: z.string().catch(''),
  t: z.number().catch(NaN),
  until: z.number().optional().catch(undefined),
  call: z.string().optional().catch(undefined),
  type: z.string().optional().catch(undefined),
  of: z
    .object({
      type: z.string().optional().catch(undefined),
      instanceType: z.string().optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
});

interface Placed {
  readonly event: z.output<typeof soundParts>;
  readonly path: string;
}

/**
 * @param written the events as they are written. @param upgrades those among them that are understood.
 * @param config undefined when it has mistakes of its own: then its names are not asked for.
 */
export function meaningMistakes(
  written: readonly unknown[],
  upgrades: readonly PlacedEvent[],
  config: Config | undefined,
  hours: unknown,
): readonly Mistake[] {
  const placed = written.flatMap((one, index): Placed[] => {
    const { data } = soundParts.safeParse(one);
    return data === undefined ? [] : [{ event: data, path: `events.${index}` }];
  });
  const later = upgrades.flatMap(({ event }) => (event.do === 'upgrade' ? [event.config] : []));
  return [
    ...placed.flatMap((one) => [
      ...timeMistakes(one, hours),
      ...callMistakes(one),
      ...(config === undefined ? [] : nameMistakes(one, [config, ...later])),
    ]),
    ...(config === undefined ? [] : upgrades.flatMap((one) => upgradeMistakes(one, config))),
  ];
}

/** What is launched and remembered under one tag is another farm's under another. */
function upgradeMistakes({ event, path }: PlacedEvent, { tag }: Config): readonly Mistake[] {
  if (event.do !== 'upgrade' || event.config.tag === tag) return [];
  return [{ path: `${path}.config.tag`, message: `must stay ${tag}: a story follows one farm` }];
}

function timeMistakes({ event: { t, until = Infinity }, path }: Placed, hours: unknown): readonly Mistake[] {
  const end = typeof hours === 'number' && hours > 0 ? hours * 3600 : Infinity;
  const mistakes: Mistake[] = [];
  if (t > end)
    mistakes.push({
      path: `${path}.t`,
      message: `is beyond the ${String(hours)} hours, which end at ${end}`,
    });
  if (until <= t) mistakes.push({ path: `${path}.until`, message: `must be later than t, which is ${t}` });
  return mistakes;
}

/** What the function calls, and what the simulated region answers beside that. */
const CALLS: readonly string[] = [
  ...new Set([
    ...AWS_CALLS.map(({ command }) => command),
    ...Object.keys(ec2Service.actions),
    ...Object.keys(ssmService.actions),
  ]),
];

function callMistakes({ event: { call }, path }: Placed): readonly Mistake[] {
  if (call === undefined || CALLS.includes(call)) return [];
  const calls = AWS_CALLS.map(({ command }) => command);
  return [unknownName({ path: `${path}.call`, what: 'call' }, call, CALLS, calls)];
}

function nameMistakes({ event, path }: Placed, configs: readonly Config[]): readonly Mistake[] {
  const types = configs.flatMap(({ machineTypes }) => machineTypes);
  const keys = [...new Set(types.map(({ key }) => key))];
  const instanceTypes = [...new Set(types.flatMap(fittingTypes))];
  const isInstanceType = (name: string): boolean =>
    instanceTypes.includes(name) || instanceTypeFacts(name) !== undefined;
  const mistakes: Mistake[] = [];
  const { type, instanceType } = event.of ?? {};
  if (type !== undefined && !keys.includes(type))
    mistakes.push(unknownName({ path: `${path}.of.type`, what: 'machine type' }, type, keys));
  if (instanceType !== undefined && !isInstanceType(instanceType)) {
    const subject = { path: `${path}.of.instanceType`, what: 'instance type' };
    mistakes.push(unknownName(subject, instanceType, instanceTypes));
  }
  const foreign = event.do === 'foreign-instance' ? event.type : undefined;
  if (foreign !== undefined && !keys.includes(foreign) && !isInstanceType(foreign)) {
    const known = [...keys, ...instanceTypes];
    mistakes.push(unknownName({ path: `${path}.type`, what: 'type' }, foreign, known));
  }
  return mistakes;
}

/** @param shown what is listed where none of `known` is close. */
function unknownName(
  { path, what }: { readonly path: string; readonly what: string },
  name: string,
  known: readonly string[],
  shown: readonly string[] = known,
): Mistake {
  const meant = suggest(name, known);
  const hint = meant === undefined ? `known are ${shown.join(', ')}` : `did you mean "${meant}"?`;
  return { path, message: `unknown ${what} "${name}"; ${hint}` };
}
