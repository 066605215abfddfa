/** What is decided, and what is wrong with the world around the farm. */
import type { Problem } from '../../model/index.ts';
import { count, eachCounted } from '../../text/count.ts';
import { inContext, problemInWords } from '../problem.ts';

/** @param phases of the machines of a type. */
export const phases = (phases: readonly string[]): string => eachCounted(phases) || 'no machine';
export const uncovered = (runnable: number, key: string): string =>
  `${count(runnable, 'runnable step')}, but no machine type covers ${key}: add one, or its features to a type`;
export const untrusted = (why: Problem): string => `status not trusted: ${problemInWords(why)}`;
export const stalled = (nudge: string): string => `steps wait beside free slots: ${nudge}`;

/** What is known of a machine beside its phase. */
export const paidFor = (seconds: number): string => `paid for ${seconds} s more`;
/** @param seconds paid for; told only where there are any. */
export const withPaid = (says: string, seconds: number): string =>
  seconds > 0 ? `${says}, ${paidFor(seconds)}` : says;
export const drained = 'drained';
export const notOffered = (lack: string): string => `not offered: it lacks ${lack}`;
export const slotsBusy = (jobs: number, slots: number): string => `${jobs} of ${slots} slots busy`;
export const notShownYet = 'the queue runner does not show it yet';
export const toBe = (order: string): string => `to be ${order}`;

/** Why something is done, and to what. */
export const untyped = 'it carries our tag but no machine type';
export const typeGone = (type: string): string => `type ${type} is not configured`;
export const drainedBecause = (reason: string): string => `drained; ${reason}`;
export const sentAgain = 'its first answer never came';
export const allowed = 'allowed by its demand';
export const launchCall = (machines: number, type: string, call: string): string =>
  `launch ${machines} ${type} (${call})`;
export const machineCall = (kind: string, instanceId: string, call: string): string =>
  `${kind} ${instanceId} (${call})`;
export const noAnswer = (why: string): string => `${why}; it will be sent again`;

/** Why nothing may be launched. @param cannot why no machine can be offered. */
export const unofferable = (cannot: string, why: Problem): Problem =>
  inContext(`nothing is launched while ${cannot}`, why);
export const offersFail = (cannot: string, times: number, why: Problem): Problem =>
  inContext(`nothing is launched while ${cannot}, ${times} times in a row or more`, why);
export const nothingLaunched = (why: Problem): Problem => inContext('nothing is launched meanwhile', why);

export const notAsked = (why: Problem): Problem => inContext('not everything could be asked', why);
export const more = (machines: number): Problem => ({
  says: `and ${count(machines, 'more machine')} of which the same is true`,
});
export const stuck = (instanceId: string, state: string, seconds: number): Problem => ({
  says: `${instanceId} has been ${state} for over ${seconds / 60} min, which is not normal, though AWS does not bill it: it holds no place for work any more`,
  remedy: 'stop it with force in the EC2 console, or ask AWS support',
});
export const lostTag = (instanceId: string): Problem => ({
  says: `${instanceId} bears our tag no more, so it is drained and ended, unless somebody protects it`,
  remedy:
    'keep whoever took the tag off from doing so; where the function may not end it any more, it powers itself off when it is idle',
});
export const objectionable = (instanceId: string, lack: string): Problem => ({
  says: `${instanceId} is not offered to the queue runner, and is ended when its time to boot is over: it lacks ${lack}`,
  remedy: 'read its console in EC2 before it is gone',
});
export const missing = (instanceId: string, seconds: number): Problem => ({
  says: `EC2 has not shown ${instanceId} for over ${seconds / 60} min; it counts as there until EC2 denies it for good`,
});
export const stranger = (instanceId: string, tag: string): Problem => ({
  says: `${instanceId} bears our tag "${tag}", but EC2 does not say that a fleet launched it from one of our launch templates: it counts against the caps, and nothing else is done with it`,
  remedy: 'take the tag hydra-autoscaler:farm off it, and find out who may write it',
});
