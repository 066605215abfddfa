/** The builders of the simulated world, in process: asked as the adapter to AWS asks them, without the wire. */
import { hostKeyIn } from '../../../lambdas/hydra/cpp/host-keys.ts';
import { SideProblems } from '../../../lambdas/aws/side-problems.ts';
import type { StoreUse } from '../../../lambdas/core/model/index.ts';
import type { Builders, Identities, StoreUses } from '../../../lambdas/ports.ts';
import { consoleOutput } from '../region/console.ts';
import { RegionError } from '../region/errors.ts';
import type { RegionInstance } from '../region/instance.ts';
import type { Region } from '../region/region.ts';
import { note } from './world-fleet-looks.ts';

export class WorldBuilders implements Builders {
  readonly #region: Region;
  readonly #stepsOn: (instance: RegionInstance) => number | undefined;

  /** @param stepsOn steps at work on a machine, as its own process list would show; undefined when it cannot be asked. */
  constructor(region: Region, stepsOn: (instance: RegionInstance) => number | undefined) {
    this.#region = region;
    this.#stepsOn = stepsOn;
  }

  /** From their consoles. */
  async identities(instanceIds: readonly string[]): Promise<Identities> {
    const { gate, instances, timeline } = this.#region;
    const identities = new Map<string, string>();
    const problems = new SideProblems();
    const action = 'GetConsoleOutput';
    for (const InstanceId of instanceIds) {
      try {
        const text = await gate.call({ service: 'ec2', action, input: { InstanceId } }, () =>
          instances.require([InstanceId], timeline.now).map((one) => consoleOutput(one, timeline.now).text),
        );
        const key = hostKeyIn(text.join(''));
        if (key !== undefined) identities.set(InstanceId, key);
      } catch (error) {
        if (!(error instanceof RegionError && error.code === 'InvalidInstanceID.NotFound'))
          note(problems, action, error);
      }
    }
    return { identities, problems: problems.all };
  }

  async storeUse(instanceIds: readonly string[]): Promise<StoreUses> {
    const uses = new Map<string, StoreUse>();
    const problems = new SideProblems();
    if (instanceIds.length === 0) return { uses, problems: problems.all };
    const action = 'DescribeInstanceInformation';
    const input = { Filters: [{ Key: 'InstanceIds', Values: instanceIds }] };
    try {
      await this.#region.gate.call({ service: 'ssm', action, input }, () => {
        for (const id of instanceIds) {
          const instance = this.#region.instances.find(id);
          const steps = instance && this.#stepsOn(instance);
          if (steps !== undefined) uses.set(id, steps === 0 ? 'quiet' : 'serving');
        }
      });
      return { uses, problems: problems.all };
    } catch (error) {
      note(problems, action, error);
      return { uses: new Map(), problems: problems.all };
    }
  }
}
