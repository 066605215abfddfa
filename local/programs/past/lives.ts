/** The life of each machine as its ticks saw it: why it came, what it went through, why it went. */
import type { Decision, JournalRound } from '../../../lambdas/core/model/index.ts';

export interface LifePart {
  /** Epoch seconds. */
  readonly from: number;
  readonly phase: string;
  readonly reason: string;
}

export interface Life {
  readonly machine: string;
  readonly type: string;
  /** Why it was launched; absent where that is older than what is known, or it was adopted. */
  readonly came?: string;
  /** Oldest first. */
  readonly parts: readonly LifePart[];
  /** What was decided on it last. */
  readonly stays?: string;
  /** Epoch seconds of the first look that no longer knew it; absent while it is there. */
  readonly until?: number;
  readonly dollarsPerHour?: number;
}

export class Lives {
  readonly #lives = new Map<string, Life>();
  /** Why, by launch. */
  readonly #launches = new Map<string, string>();

  /** In the order in which they were first seen. */
  get all(): readonly Life[] {
    return [...this.#lives.values()];
  }

  take({ observation, actions, decisions }: JournalRound): void {
    for (const action of actions)
      if (action.kind === 'launch') this.#launches.set(action.launch.id, action.reason);
    if (observation !== undefined) this.#look(observation);
    for (const decision of decisions) this.#decided(decision);
  }

  #look({ now, state }: NonNullable<JournalRound['observation']>): void {
    const there = new Set(state.machines.map(({ instanceId }) => instanceId));
    // A record ends only with its instance.
    for (const [id, life] of this.#lives)
      if (life.until === undefined && !there.has(id)) this.#lives.set(id, { ...life, until: now });
    for (const {
      instanceId,
      type,
      launchId = '',
      phase,
      phaseSince,
      reason,
      dollarsPerHour,
    } of state.machines) {
      const came = this.#launches.get(launchId);
      const before = this.#lives.get(instanceId) ?? {
        ...{ machine: instanceId, type, parts: [] },
        ...(came === undefined ? {} : { came }),
      };
      const isSame = before.parts.at(-1)?.phase === phase;
      this.#lives.set(instanceId, {
        ...before,
        parts: isSame ? before.parts : [...before.parts, { from: phaseSince, phase, reason }],
        ...(dollarsPerHour === undefined ? {} : { dollarsPerHour }),
      });
    }
  }

  #decided({ subject, reason }: Decision): void {
    if (!('machine' in subject)) return;
    const life = this.#lives.get(subject.machine);
    if (life !== undefined && reason !== '') this.#lives.set(subject.machine, { ...life, stays: reason });
  }
}
