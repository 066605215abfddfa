import type { RustMachine } from './machine.ts';

/** `builtin` steps go to any machine. */
const ANY = 'builtin';

/**
 * The machines that have joined. For each system they are in one order, which is only made when one joins: the faster
 * first, then the one with fewer jobs. Within it the first that may take a step gets it, so one machine is filled
 * before the next is begun.
 */
export class RustMachines {
  readonly #machines = new Set<RustMachine>();
  readonly #bySystem = new Map<string, RustMachine[]>();

  get size(): number {
    return this.#machines.size;
  }

  all(): IterableIterator<RustMachine> {
    return this.#machines.values();
  }

  add(machine: RustMachine): void {
    this.#machines.add(machine);
    for (const system of machine.join.systems) {
      const ordered = this.#bySystem.get(system) ?? [];
      ordered.push(machine);
      this.#bySystem.set(system, ordered);
    }
    for (const ordered of this.#bySystem.values())
      ordered.sort(
        (a, b) => b.join.speedFactor - a.join.speedFactor || a.stats.currentJobs - b.stats.currentJobs,
      );
  }

  remove(machine: RustMachine): void {
    this.#machines.delete(machine);
    for (const [system, ordered] of this.#bySystem)
      this.#bySystem.set(
        system,
        ordered.filter((other) => other !== machine),
      );
  }

  /** Whether any machine of a system may be given something, whatever it is. */
  hasCapacity(system: string): boolean {
    return this.#of(system).some((machine) => machine.hasCapacity);
  }

  /** The machine that is given a step now; undefined while there is none. */
  freeFor(system: string, features: readonly string[]): RustMachine | undefined {
    return this.#of(system).find((machine) => machine.hasCapacity && machine.supports(features));
  }

  /** Whether a step could ever be built: closed and full machines count. */
  support(system: string, features: readonly string[]): boolean {
    return this.#of(system).some((machine) => machine.supports(features));
  }

  /** What all of them claim together. */
  supportedFeatures(): readonly string[] {
    return [...new Set([...this.#machines].flatMap((machine) => machine.join.supportedFeatures))];
  }

  #of(system: string): readonly RustMachine[] {
    return system === ANY ? [...this.#machines] : (this.#bySystem.get(system) ?? []);
  }
}
