/** The builders of a Rust queue runner, in process: opened, closed and asked as our documents on them do it. */
import { SideProblems } from '../../../lambdas/aws/side-problems.ts';
import type { SsmProblem } from '../../../lambdas/aws/ssm/errors.ts';
import type { Problem } from '../../../lambdas/core/model/index.ts';
import { builderInWords } from '../../../lambdas/hydra/rust/builder-words.ts';
import type { Gate, Moved } from '../../../lambdas/hydra/rust/gates.ts';
import type { Clock } from '../../../lambdas/ports.ts';
import type { World } from '../world.ts';
import { ROUND_TRIP_SECONDS, sendRefusal } from './ssm-refusal.ts';
import { note } from './world-fleet-looks.ts';

/** For so long a machine is waited for that SSM shows online and that does not answer, in seconds. */
const SILENCE_SECONDS = 20;

export class WorldGates {
  readonly #world: World;
  readonly #clock: Clock;

  constructor(world: World, clock: Clock) {
    this.#world = world;
    this.#clock = clock;
  }

  async move(instanceIds: readonly string[], gate: Gate): Promise<Moved> {
    const { ids, problems } = await this.#run('gate', instanceIds);
    for (const id of ids) this.set(id, gate);
    return { moved: new Set(ids), problems };
  }

  /** As the document on the machine does it, whoever has it run. */
  set(instanceId: string, gate: Gate): void {
    const { machines } = this.#world.rust;
    if (gate === 'open') machines.open(instanceId);
    else machines.close(instanceId);
  }

  /** The same, where the machine can be reached. */
  setOnline(instanceId: string, gate: Gate): void {
    if (this.#isReached(instanceId)) this.set(instanceId, gate);
  }

  async ask(instanceIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const { ids } = await this.#run('ask-builder', instanceIds);
    return new Map(
      ids.flatMap((id) => {
        const words = builderInWords(this.#printed(id));
        return words === undefined ? [] : [[id, words] as const];
      }),
    );
  }

  #printed(id: string): string {
    const { machines } = this.#world.rust;
    const { activeState, exitStatus, journal } = machines.unit(id) ?? NO_UNIT;
    const isClosed = machines.isClosed(id);
    const gate = isClosed === undefined ? '-' : isClosed ? 'closed' : 'open';
    const lines = Buffer.from(journal.map((line) => `${line}\n`).join('')).toString('base64');
    return `v1 builder ${activeState} ${exitStatus} ${gate} ${lines === '' ? '-' : lines}\n`;
  }

  /** Those on which a document has run, once it has. */
  async #run(document: string, instanceIds: readonly string[]): Promise<Ran> {
    const problems = new SideProblems();
    if (instanceIds.length === 0) return { ids: [], problems: [] };
    const online = await this.#online(instanceIds, problems);
    if (online.length === 0) return { ids: [], problems: problems.all };
    const refusal = await sendRefusal(this.#world.region, { document, instanceIds: online });
    if (refusal !== undefined) return { ids: [], problems: [...problems.all, sendFailed(refusal)] };
    const areReached = online.every((id) => this.#isReached(id));
    await this.#clock.sleep(areReached ? ROUND_TRIP_SECONDS : SILENCE_SECONDS);
    return { ids: online.filter((id) => this.#isReached(id)), problems: problems.all };
  }

  async #online(instanceIds: readonly string[], problems: SideProblems): Promise<readonly string[]> {
    const action = 'DescribeInstanceInformation';
    const input = { Filters: [{ Key: 'InstanceIds', Values: instanceIds }] };
    try {
      return await this.#world.region.gate.call({ service: 'ssm', action, input }, () =>
        instanceIds.filter((id) => this.#isOnline(id)),
      );
    } catch (error) {
      note(problems, action, error);
      return [];
    }
  }

  #isReached(id: string): boolean {
    return this.#isOnline(id) && !this.#world.deaf.has(id);
  }

  #isOnline(id: string): boolean {
    const agent = this.#world.region.ssm.nodes.find(id)?.agent;
    return agent !== undefined && agent !== 'lost';
  }
}

interface Ran {
  readonly ids: readonly string[];
  readonly problems: readonly Problem[];
}

const NO_UNIT = { activeState: 'inactive', exitStatus: 0, journal: [] } as const;

const sendFailed = ({ code, says, remedy }: SsmProblem): Problem => ({
  says: `SendCommand failed: ${says}${code === '' ? '' : ` (${code})`}`,
  ...(remedy !== undefined && { remedy }),
});
