/**
 * Where an instance without a record came from. Whoever may tag may write our tags on anything, so a tag makes no machine
 * ours: EC2 itself marks what a fleet launched, and from which launch template.
 */
import type { Config } from '../config/config.ts';
import type { LeftAlone } from '../reason/left-alone.ts';
import type { FarmState, Instance, KnownTemplate, Observation, Unrecorded } from '../model/index.ts';

/** Of templates that come and go; a farm has about one per type, and the farm's record has its bounds. */
const REMEMBERED_TEMPLATES = 100;

const isThere = ({ state }: Instance): boolean => state !== 'terminated' && state !== 'shutting-down';

/**
 * The names of the launch templates that EC2 is to be asked about: all of them where one is not known yet, or where an
 * instance without a record comes from an unknown template. Otherwise nothing is asked.
 */
export function templatesToAskFor(
  { machineTypes }: Config,
  { farm: { templates = [] }, machines }: FarmState,
  instances: readonly Instance[],
): readonly string[] {
  const names = [...new Set(machineTypes.map(({ launchTemplate }) => launchTemplate))];
  const known = new Set(templates.map(({ name }) => name));
  const ids = new Set(templates.map(({ id }) => id));
  const recorded = new Set(machines.map(({ instanceId }) => instanceId));
  const isPuzzling = (instance: Instance): boolean =>
    isThere(instance) &&
    instance.templateId !== undefined &&
    !recorded.has(instance.instanceId) &&
    !ids.has(instance.templateId);
  return names.some((name) => !known.has(name)) || instances.some(isPuzzling) ? names : [];
}

/**
 * Every template our machines may have come from, the latest last. One that has left the configuration stays: what it
 * launched is still ours.
 */
export function knownTemplates({
  state,
  templates = [],
}: Pick<Observation, 'state' | 'templates'>): readonly KnownTemplate[] {
  const before = state.farm.templates ?? [];
  const fresh = templates.filter(({ id }) => !before.some((other) => other.id === id));
  return [...before, ...fresh].slice(-REMEMBERED_TEMPLATES);
}

/** Of instances without a record; a farm has few, and its own record has its bounds. */
const REMEMBERED_UNRECORDED = 100;

/** Remembered ones that this look does not show, and that EC2, asked for them by id, does not deny. */
export function hiddenUnrecorded({ state, instances, denied }: Observation): readonly Unrecorded[] {
  const shown = new Set(instances.map(({ instanceId }) => instanceId));
  return (state.farm.unrecorded ?? []).filter(
    ({ instanceId }) => !shown.has(instanceId) && !denied.has(instanceId),
  );
}

/** Those to be remembered: what this plan leaves alone, shown or hidden. */
export const unrecordedAfter = (
  untouchable: readonly { readonly instance: Instance }[],
): readonly Unrecorded[] =>
  untouchable
    .slice(0, REMEMBERED_UNRECORDED)
    .map(({ instance: { instanceId, type } }) => ({ instanceId, ...(type === undefined ? {} : { type }) }));

/** Why an instance is not known to be ours; undefined where it is. */
export function whyNotOurs(
  observation: Pick<Observation, 'state' | 'templates'>,
  { templateId }: Instance,
): LeftAlone | undefined {
  if (templateId === undefined) return { kind: 'stranger' };
  if (knownTemplates(observation).some(({ id }) => id === templateId)) return undefined;
  return { kind: observation.templates === undefined ? 'unasked' : 'stranger' };
}
