/** The invocations the service remembers, found by command, by node, or by both. */
import type { Invocation } from './invocation.ts';

/** Names one invocation. */
export type InvocationKey = string;

export const invocationKey = (commandId: string, instanceId: string): InvocationKey =>
  `${commandId} ${instanceId}`;

export class Invocations {
  readonly #byKey = new Map<InvocationKey, Invocation>();

  get all(): readonly Invocation[] {
    return [...this.#byKey.values()];
  }

  get(key: InvocationKey): Invocation | undefined {
    return this.#byKey.get(key);
  }

  add(invocation: Invocation): InvocationKey {
    const key = invocationKey(invocation.commandId, invocation.instanceId);
    this.#byKey.set(key, invocation);
    return key;
  }

  /** Does nothing to an invocation that is forgotten. */
  change(key: InvocationKey, change: Partial<Invocation>): void {
    const invocation = this.#byKey.get(key);
    if (invocation !== undefined) this.#byKey.set(key, { ...invocation, ...change });
  }

  forgetCommand(commandId: string): void {
    for (const { instanceId } of this.ofCommand(commandId)) {
      this.#byKey.delete(invocationKey(commandId, instanceId));
    }
  }

  ofCommand(commandId: string): readonly Invocation[] {
    return this.all.filter((invocation) => invocation.commandId === commandId);
  }

  keysOfNode(instanceId: string): readonly InvocationKey[] {
    return [...this.#byKey].filter(([, it]) => it.instanceId === instanceId).map(([key]) => key);
  }
}
