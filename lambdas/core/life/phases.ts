/**
 * The life of a machine: every transition there is, where it may come from, who makes it, and what has to be known. Nothing
 * else writes a phase.
 */
import type { EpochSeconds, Machine, Phase } from '../model/index.ts';

/** What no record says: an instance not taken in yet, a launch without its answer, and what is over. */
export type PseudoPhase = 'unrecorded' | 'requested' | 'gone';

interface TransitionSpec {
  readonly from: readonly (Phase | PseudoPhase)[];
  readonly to: Phase | PseudoPhase;
  /** `plan` decides it, what `EC2` shows is followed, and an `answer` is what a call of ours came to. */
  readonly by: 'plan' | 'EC2' | 'answer';
  /** What has to be known, for people. */
  readonly on: string;
}

export const PHASES = [
  'booting',
  'ready',
  'draining',
  'stopping',
  'stopped',
  'terminating',
  'failed',
] as const satisfies readonly Phase[];

const allBut = (phase: Phase): readonly Phase[] => PHASES.filter((other) => other !== phase);

export const TRANSITIONS = {
  launched: { from: ['requested'], to: 'booting', by: 'answer', on: 'EC2 answered the launch with its id' },
  adopted: {
    from: ['unrecorded'],
    to: 'booting',
    by: 'plan',
    on: 'EC2’s own marks say that a fleet launched it from a launch template of ours',
  },
  foundAtWork: {
    from: ['booting'],
    to: 'ready',
    by: 'plan',
    on: 'it was just adopted, it runs, and a trusted status shows it offered or at work',
  },
  reached: {
    from: ['booting'],
    to: 'ready',
    by: 'plan',
    on: 'the Hydra host can use it, as the queue runner would',
  },
  neverReady: { from: ['booting'], to: 'failed', by: 'plan', on: 'its time to boot is over' },
  drain: {
    from: ['ready', 'failed'],
    to: 'draining',
    by: 'plan',
    on: 'it is surplus, sent away, taken by AWS, does not answer, is not ours any more, or failed and is at work all the same',
  },
  takeBack: {
    from: ['draining'],
    to: 'ready',
    by: 'plan',
    on: 'it is needed again, and nothing but want of demand spoke against it',
  },
  stop: {
    from: ['draining'],
    to: 'stopping',
    by: 'plan',
    on: 'it is drained, and its type keeps stopped machines',
  },
  end: {
    from: ['booting', 'draining', 'stopped', 'failed'],
    to: 'terminating',
    by: 'plan',
    on: 'it is drained, or the queue runner never could use it, or it is stopped and not worth its disk',
  },
  start: {
    from: ['stopped'],
    to: 'booting',
    by: 'plan',
    on: 'its type lacks machines, and EC2 shows it stopped',
  },
  startRefused: { from: ['booting'], to: 'stopped', by: 'answer', on: 'AWS refused to start it' },
  cannotBeStopped: {
    from: ['stopping'],
    to: 'terminating',
    by: 'answer',
    on: 'AWS says that it never can be stopped',
  },
  notEnded: {
    from: ['stopping', 'terminating'],
    to: 'draining',
    by: 'EC2',
    on: 'EC2 shows it running a minute after it was to end: what was known of it then has to be known anew',
  },
  notEndedUndrained: {
    from: ['terminating'],
    to: 'failed',
    by: 'EC2',
    on: 'the same of one that had no work to drain of: it may have some by now',
  },
  seenStopping: { from: allBut('stopping'), to: 'stopping', by: 'EC2', on: 'EC2 shows it stopping' },
  seenStopped: { from: allBut('stopped'), to: 'stopped', by: 'EC2', on: 'EC2 shows it stopped' },
  seenEnding: {
    from: allBut('terminating'),
    to: 'terminating',
    by: 'EC2',
    on: 'EC2 shows it shutting down or terminated',
  },
  seenStarted: {
    from: ['stopped', 'stopping'],
    to: 'booting',
    by: 'EC2',
    on: 'EC2 shows it pending or running, and we neither stopped nor started it',
  },
  closed: {
    from: PHASES,
    to: 'gone',
    by: 'EC2',
    on: 'EC2 shows it terminated, or has denied it for long enough',
  },
} as const satisfies Record<string, TransitionSpec>;

export type Transition = keyof typeof TRANSITIONS;

/** Transitions from one phase of a record to another. */
export type Move = Exclude<Transition, 'launched' | 'adopted' | 'closed'>;

/**
 * The machine in its next phase. @param reason why, for people.
 * @throws RangeError when its life knows no such transition from where it is: a mistake in the plan.
 */
export function move(machine: Machine, transition: Move, reason: string, now: EpochSeconds): Machine {
  const { from, to }: TransitionSpec & { readonly to: Phase } = TRANSITIONS[transition];
  if (!from.includes(machine.phase))
    throw new RangeError(`${machine.instanceId} is ${machine.phase}: ${transition} cannot follow`);
  return { ...machine, phase: to, reason, phaseSince: now };
}

/** A machine at the beginning of its recorded life. */
export const begin = (
  transition: 'launched' | 'adopted',
  machine: Omit<Machine, 'phase' | 'phaseSince' | 'reason'>,
  reason: string,
  now: EpochSeconds,
): Machine => ({ ...machine, phase: TRANSITIONS[transition].to, phaseSince: now, reason });

/** The machine where it is, with another reason; the same object when it has that reason already. */
export const because = (machine: Machine, reason: string): Machine =>
  machine.reason === reason ? machine : { ...machine, reason };
