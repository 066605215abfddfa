/** Whether the queue runner has a machine as it was meant to be: under its own name, alive, and with what its type offers. */
import type { MachineType } from '../../core/config/machine-type.ts';
import { featuresOf } from '../../core/config/machine-type.ts';
import { PSEUDO_FEATURES } from '../../core/config/systems.ts';
import type { EpochSeconds, Readiness } from '../../core/model/index.ts';
import { count } from '../../core/text/count.ts';
import type { Candidate } from '../dialect.ts';
import type { StatusContent } from './status-content.ts';
import type { PrintedMachine } from './status-schema.ts';

/** Three pings of 10 s. */
const FRESH_SECONDS = 30;
/** A machine that has not dialled in by then, in seconds since its launch, is asked why. */
const ASKED_AFTER_SECONDS = 90;

/** Candidates that a status does not show, and that have had the time to dial in. */
export const overdue = (
  candidates: readonly Candidate[],
  { machines }: StatusContent,
  now: EpochSeconds,
): readonly string[] =>
  candidates
    .filter(({ machine: { instanceId } }) => !machines.has(instanceId))
    .filter(
      ({ address, machine }) => address !== undefined && now - machine.phaseSince >= ASKED_AFTER_SECONDS,
    )
    .map(({ machine: { instanceId } }) => instanceId);

/** @param told what machines that do not dial in say themselves, by instance id. */
export function readinessOf(
  { machine: { instanceId, phase }, type }: Candidate,
  content: StatusContent,
  told: ReadonlyMap<string, string>,
): Readiness {
  // Of one that has been in use, a setting may have changed since it was launched: what it builds, it builds well.
  const detail = detailOf(instanceId, phase === 'booting' ? type : undefined, content, told);
  return { instanceId, reached: detail === '', detail };
}

/** Why it is not ready; empty where it is. */
function detailOf(
  instanceId: string,
  type: MachineType | undefined,
  { at, machines, printed }: StatusContent,
  told: ReadonlyMap<string, string>,
): string {
  const [seen, says] = [machines.get(instanceId), printed.get(instanceId)];
  if (seen === undefined || says === undefined) return told.get(instanceId) ?? 'it has not dialled in';
  const silent = Math.round(at - (seen.heardAt ?? at));
  if (silent > FRESH_SECONDS) return `the queue runner has not heard of it for ${silent} s`;
  if (says.stats.lastPing === 0) return 'its first ping has not come yet';
  if (seen.isFailing === true)
    return `${count(seen.consecutiveFailures, 'step')} failed on it in a row, and none has succeeded since`;
  if (seen.isUseless === true) return 'all its slots are held by steps that are over';
  return type === undefined ? '' : unlike(type, says);
}

/** In what it is not as its type says: a wrong image, most of all. */
function unlike(type: MachineType, says: PrintedMachine): string {
  const lacks = (kind: string, wanted: readonly string[], had: readonly string[]): readonly string[] => {
    const missing = wanted.filter((word) => !had.includes(word));
    return missing.length === 0 ? [] : [`it lacks the ${kind} ${missing.join(', ')}`];
  };
  const features = featuresOf(type).filter((feature) => !PSEUDO_FEATURES.has(feature));
  return [
    ...lacks('system', type.systems, says.systems),
    ...lacks('feature', features, says.supportedFeatures),
    ...(says.maxJobs === type.maxJobs ? [] : [`it takes ${says.maxJobs} jobs instead of ${type.maxJobs}`]),
  ].join('; ');
}
