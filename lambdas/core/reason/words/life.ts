/** Why a machine is in its phase, an instance left alone, a record closed. */
import type { Problem, RunnerKind, StateReason } from '../../model/index.ts';
import { count } from '../../text/count.ts';
import type { LeftAlone } from '../left-alone.ts';
import { problemInWords } from '../problem.ts';
import { stateReasonInWords } from '../state-reasons.ts';

export const launched = 'launched';
export const adopted = (launchId: string | undefined): string =>
  `adopted: ${launchId === undefined ? 'a fleet launched it from our launch template' : `from launch ${launchId}`}`;
export const adoptedAtWork = 'adopted: the queue runner uses it';

/** @param lack what it waits for, or lacked. */
export const waitsFor = (lack: string): string => `waits for ${lack}`;
export const neverReady = (seconds: number, lack: string): string =>
  `not ready after ${seconds} s: it lacked ${lack}`;
export const neverOffered = (seconds: number, lack: string): string =>
  `not offered after ${seconds} s: it lacked ${lack}`;
export const ec2ToRunIt = 'EC2 to run it';
/** @param detail what the check said; may be empty. */
export const withDetail = (says: string, detail: string): string =>
  detail === '' ? says : `${says} (${detail})`;

const RUNNERS: Readonly<Record<RunnerKind, string>> = { cpp: 'C++', rust: 'Rust' };
export const runner = (kind: RunnerKind): string => `the ${RUNNERS[kind]} queue runner`;
export const servesAnother = (served: RunnerKind, there: RunnerKind): string =>
  `it serves ${runner(served)}, and the Hydra host has ${runner(there)} now`;

export const interrupted = 'AWS has announced that it takes this spot instance';
export const untagged = 'it bears our tag no more';
export const addressChanged = (from: string, to: string): string =>
  `its address changed from ${from} to ${to}`;
export const cannotBeStopped = (refusal: Problem): string =>
  `it cannot be stopped: ${problemInWords(refusal)}`;

const because = (says: string, why: StateReason | undefined): string =>
  why === undefined ? says : `${says} (${stateReasonInWords(why)})`;
export const endedByOthers = (doing: 'stopping' | 'terminating', why: StateReason | undefined): string =>
  because(`AWS or a person is ${doing} it`, why);
export const stopped = (why: StateReason | undefined): string => because('stopped', why);
export const startedByOthers = 'AWS or a person started it';

export const terminated = (reason: string): string => `terminated; ${reason}`;
export const terminatedByOthers = (why: StateReason | undefined): string =>
  because('AWS or a person terminated it', why);
export const unknownToEc2 = 'EC2 does not know it any more';

export const isHydraHost = 'it is the Hydra host itself, which bears our tag: take the tag off it';

export function leftAlone(why: LeftAlone): string {
  switch (why.kind) {
    case 'stranger':
      return 'it bears our tag, but EC2 does not say that a fleet launched it from one of our launch templates: it counts against the caps, and nothing else is done with it';
    case 'unasked':
      return 'it has no record; it is adopted once EC2 can be asked whether its launch template is one of ours';
    case 'hidden':
      return 'it bore our tag and has no record, and EC2 does not show it now: it counts against the caps until EC2 denies it';
    case 'hydra-host':
      return isHydraHost;
    case 'unknown-state':
      return 'EC2 says it is in a state that this version does not know';
    case 'unreadable':
      return `its record ${why.record} cannot be read: ${why.problem}`;
    case 'untold':
      return 'it has no record; it is adopted once a trusted status tells whether it is at work';
    case 'unclear':
      return 'it has no record; it is adopted once nothing can be copied back from it any more';
  }
}

/** Why an answer of EC2 is not believed. */
export const halfSeen = (shown: number, expected: number): string =>
  `EC2 shows only ${shown} of ${count(expected, 'machine')}; until it shows or denies the others nothing is drained or ended`;

/** What a draining machine waits for, beside what its dialect says. */
export const runningSteps = (jobs: number): string => count(jobs, 'running step');
export const quietStatus = 'a status without jobs on it';
export const copiesBack = 'outputs being copied back';
export const secondQuietStatus = 'a second quiet status';
