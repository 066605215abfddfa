import type { Step, StepKind } from '../hydra/builds.ts';
import { Heap } from '../heap.ts';

/** Runnable steps of one kind, whatever their jobset. */
export interface KindCount {
  readonly kind: StepKind;
  /** Those in the runnable list, back-offs included. */
  readonly steps: Set<Step>;
  /** When a machine last supported the kind; a step's own clock starts when it was loaded. */
  lastSupportedAt: number;
}

/** Ready steps between which only the build's number decides. */
interface Group {
  readonly kind: StepKind;
  readonly jobset: string;
  readonly globalPriority: number;
  readonly steps: Heap<Step>;
}

const isOlder = (a: Step, b: Step): boolean => a.build.id < b.build.id;
const isDueBefore = (a: Step, b: Step): boolean => a.retryAt < b.retryAt;

/**
 * The runnable list. Steps are grouped by what the dispatcher orders them by, so that finding the next one for a
 * machine costs as much as there are groups, not as there are steps.
 */
export class RunnableSteps {
  readonly #shareUsed: (jobset: string) => number;
  readonly #counts = new Map<StepKind, KindCount>();
  readonly #groups = new Map<string, Group>();
  /** Steps in back-off. */
  readonly #waiting = new Heap<Step>(isDueBefore);
  #size = 0;

  /** @param shareUsed the share a jobset has used, by name. */
  constructor(shareUsed: (jobset: string) => number) {
    this.#shareUsed = shareUsed;
  }

  /** All steps in it, back-offs included. */
  get size(): number {
    return this.#size;
  }

  add(step: Step, now: number): void {
    step.runnable = true;
    this.#size += 1;
    this.#count(step.build.kind).steps.add(step);
    if (step.retryAt > now) this.#waiting.push(step);
    else this.#makeReady(step);
  }

  /** Takes a step out, wherever it waits. */
  remove(step: Step): void {
    if (!step.runnable) return;
    step.runnable = false;
    this.#size -= 1;
    this.#count(step.build.kind).steps.delete(step);
  }

  /** Lets those whose back-off is over take part. Returns when the next one ends, or Infinity. */
  endBackOffs(now: number): number {
    for (let step = this.#waiting.top; step !== undefined; step = this.#waiting.top) {
      if (step.runnable && step.retryAt > now) return step.retryAt;
      this.#waiting.pop();
      if (step.runnable) this.#makeReady(step);
    }
    return Number.POSITIVE_INFINITY;
  }

  /** Whether a step whose kind is `wanted` is ready. */
  hasReady(wanted: (kind: StepKind) => boolean): boolean {
    for (const [key, group] of this.#groups) {
      if (this.#first(key, group) !== undefined && wanted(group.kind)) return true;
    }
    return false;
  }

  /** Takes the ready step that comes first among those whose kind is `wanted`. */
  take(wanted: (kind: StepKind) => boolean): Step | undefined {
    let best: { readonly group: Group; readonly step: Step } | undefined;
    for (const [key, group] of this.#groups) {
      const step = this.#first(key, group);
      if (step === undefined || !wanted(group.kind)) continue;
      if (best === undefined || this.#comesBefore(group, step, best.group, best.step)) best = { group, step };
    }
    if (best === undefined) return undefined;
    best.group.steps.pop();
    this.remove(best.step);
    return best.step;
  }

  /** Every kind that was ever here. */
  counts(): IterableIterator<KindCount> {
    return this.#counts.values();
  }

  /** Priority, then least share used, then most features, then the oldest build. */
  #comesBefore(group: Group, step: Step, other: Group, otherStep: Step): boolean {
    if (group.globalPriority !== other.globalPriority) return group.globalPriority > other.globalPriority;
    const shareDifference = this.#shareUsed(group.jobset) - this.#shareUsed(other.jobset);
    if (shareDifference !== 0) return shareDifference < 0;
    const featureDifference = group.kind.features.length - other.kind.features.length;
    if (featureDifference !== 0) return featureDifference > 0;
    return isOlder(step, otherStep);
  }

  #first(key: string, group: Group): Step | undefined {
    for (let step = group.steps.top; step !== undefined; step = group.steps.top) {
      if (step.runnable) return step;
      group.steps.pop();
    }
    this.#groups.delete(key);
    return undefined;
  }

  #makeReady(step: Step): void {
    const { kind, jobset, globalPriority } = step.build;
    const key = `${kind.id} ${globalPriority} ${jobset}`;
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = { kind, jobset, globalPriority, steps: new Heap<Step>(isOlder) };
      this.#groups.set(key, group);
    }
    group.steps.push(step);
  }

  #count(kind: StepKind): KindCount {
    let count = this.#counts.get(kind);
    if (count === undefined) {
      count = { kind, steps: new Set(), lastSupportedAt: 0 };
      this.#counts.set(kind, count);
    }
    return count;
  }
}
