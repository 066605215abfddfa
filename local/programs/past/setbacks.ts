/** What went wrong at an instant, by what ticks remembered of it: refusals, machines that AWS took, rules broken. */
import type { Observation } from '../../../lambdas/core/model/index.ts';
import type { PastMark } from './past.ts';

export class Setbacks {
  readonly marks: PastMark[] = [];
  readonly #told = new Set<string>();

  /** @param since epoch seconds: what went wrong before is not told. */
  look({ now, state }: Observation, since: number): void {
    for (const { at, type, reason, pool, market } of state.farm.backOffs) {
      if (at === undefined || at < since) continue;
      const where = [pool?.instanceType, pool?.subnet, pool?.market ?? market].filter(Boolean).join(' ');
      this.#tell(`${type} ${where} ${at}`, {
        at,
        text: `${where === '' ? type : `${type}, ${where}`}: ${reason}`,
      });
    }
    for (const { instanceId, type, interrupted } of state.machines)
      if (interrupted === true)
        this.#tell(instanceId, { at: now, text: `AWS takes ${instanceId} (${type})` });
  }

  broken(rule: string, at: number): void {
    this.marks.push({ kind: 'rule', at, text: `a plan that breaks ${rule} was not carried out` });
  }

  #tell(key: string, mark: Omit<PastMark, 'kind'>): void {
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.marks.push({ kind: 'setback', ...mark });
  }
}
