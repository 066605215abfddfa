/** Why something is decided. Code that needs to know what a reason is about asks its kind; nothing reads its words back. */

export type ReasonKind =
  /** What the queue wants, in numbers. */
  | 'demand'
  /** An evaluation is about to queue more. */
  | 'ahead'
  /** `minMachines`, or a time of `warm`, wants more. */
  | 'minimum'
  /** A manual scale-out wants more. */
  | 'manual-floor'
  /** A cap allows less. */
  | 'cap'
  /** How many machines of the type are in which phase. */
  | 'phases'
  /** The queue status may not be acted on. */
  | 'untrusted-status'
  /** EC2's answer leaves out so much that it says nothing. */
  | 'half-seen'
  | 'stalled-dispatcher'
  /** What keeps a type from getting the machines it is allowed. */
  | 'shortfall'
  /** No machine type covers the steps. */
  | 'uncovered'
  /** Why the machine is in its phase, or the instance is left alone, or the record closed. */
  | 'standing'
  /** What else is known of the machine: what it waits for, and the time paid for. */
  | 'detail'
  /** A person's order. */
  | 'order';

export interface Reason {
  readonly kind: ReasonKind;
  /** For people; may hold semicolons of its own. */
  readonly words: string;
}

/** A reason of this kind, in these words. */
export const reason = (kind: ReasonKind, words: string): Reason => ({ kind, words });

/** In one line. */
export const inOneLine = (reasons: readonly Reason[]): string => reasons.map(({ words }) => words).join('; ');
