/** What is wrong with events that are well-formed: times that cannot be, and names that nothing has. */
import { AWS_CALLS } from '../../lambdas/adapters/aws-calls.ts';
import { suggest } from '../../lambdas/adapters/suggest.ts';
import type { Config } from '../../lambdas/core/config/config.ts';
import { ec2Service, ssmService } from '../endpoint/services.ts';
import { instanceTypeFacts } from '../world/region/instance-types.ts';
import type { Mistake, PlacedEvent } from './scenario.ts';

/** @param config undefined when it has mistakes of its own: then its names are not asked for. */
export function meaningMistakes(
  events: readonly PlacedEvent[],
  config: Config | undefined,
  hours: unknown,
): readonly Mistake[] {
  const later = events.flatMap(({ event }) => (event.do === 'upgrade' ? [event.config] : []));
  const configs = config === undefined ? [] : [config, ...later];
  return events.flatMap((placed) => [
    ...timeMistakes(placed, hours),
    ...callMistakes(placed),
    ...(configs.length === 0 ? [] : nameMistakes(placed, configs)),
  ]);
}

function timeMistakes({ event, path }: PlacedEvent, hours: unknown): readonly Mistake[] {
  const { t } = event;
  const end = typeof hours === 'number' && hours > 0 ? hours * 3600 : Infinity;
  const mistakes: Mistake[] = [];
  if (t > end)
    mistakes.push({
      path: `${path}.t`,
      message: `is beyond the ${String(hours)} hours, which end at ${end}`,
    });
  if ('until' in event && event.until !== undefined && event.until <= t)
    mistakes.push({ path: `${path}.until`, message: `must be later than t, which is ${t}` });
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

function callMistakes({ event, path }: PlacedEvent): readonly Mistake[] {
  if (event.do !== 'refuse' || CALLS.includes(event.call)) return [];
  const calls = AWS_CALLS.map(({ command }) => command);
  return [unknownName(`${path}.call`, 'call', event.call, suggest(event.call, CALLS), calls)];
}

function nameMistakes({ event, path }: PlacedEvent, configs: readonly Config[]): readonly Mistake[] {
  const types = configs.flatMap(({ machineTypes }) => machineTypes);
  const keys = [...new Set(types.map(({ key }) => key))];
  const instanceTypes = [...new Set(types.flatMap((type) => type.instanceTypes))];
  const isInstanceType = (name: string): boolean =>
    instanceTypes.includes(name) || instanceTypeFacts(name) !== undefined;
  const mistakes: Mistake[] = [];
  const { type, instanceType } = 'of' in event ? (event.of ?? {}) : {};
  if (type !== undefined && !keys.includes(type))
    mistakes.push(unknownName(`${path}.of.type`, 'machine type', type, suggest(type, keys), keys));
  if (instanceType !== undefined && !isInstanceType(instanceType)) {
    const meant = suggest(instanceType, instanceTypes);
    mistakes.push(
      unknownName(`${path}.of.instanceType`, 'instance type', instanceType, meant, instanceTypes),
    );
  }
  if (event.do === 'foreign-instance' && !keys.includes(event.type) && !isInstanceType(event.type)) {
    const known = [...keys, ...instanceTypes];
    mistakes.push(unknownName(`${path}.type`, 'type', event.type, suggest(event.type, known), known));
  }
  return mistakes;
}

const unknownName = (
  path: string,
  what: string,
  name: string,
  meant: string | undefined,
  known: readonly string[],
): Mistake => ({
  path,
  message: `unknown ${what} "${name}"; ${meant === undefined ? `known are ${known.join(', ')}` : `did you mean "${meant}"?`}`,
});
