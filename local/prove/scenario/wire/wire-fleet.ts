/** Fleet and builders as the function has them: the real adapters on real clients, on the simulated region. */
import { Ec2MachineFleet } from '../../../../lambdas/aws/ec2/machine-fleet.ts';
import { askMachines } from '../../../../lambdas/hydra/cpp/ask-machines.ts';
import { CppBuilders } from '../../../../lambdas/hydra/cpp/builders.ts';
import type { Builders, Clock, MachineFleet } from '../../../../lambdas/ports.ts';
import { documentContent } from '../../../../infra/documents/documents.ts';
import type { Executor, ScriptJob, ScriptOutcome } from '../../../world/region/ssm/executor.ts';
import type { World } from '../../../world/world.ts';
import { regionClients } from './region-client.ts';
import type { WireActivity } from './wire-activity.ts';

const DOCUMENT = 'hydra-autoscaler-ask-machine';

/** Makes the document that asks machines, too. Call it once for a world, which must have {@link BuilderAnswers} for executor. */
export function wireFleet(
  world: World,
  clock: Clock,
  tag: string,
  activity: WireActivity,
): { readonly fleet: MachineFleet; readonly builders: Builders } {
  const { region } = world;
  region.ssm.documents.create(DOCUMENT, JSON.stringify(documentContent('askMachine')), world.timeline.now);
  const { ec2, launcher, ssm } = regionClients(region, activity);
  const questions = { client: ssm, clock, document: DOCUMENT };
  return {
    fleet: new Ec2MachineFleet({ ec2, launcher, tag, clock }),
    builders: new CppBuilders(ec2, (ids) => askMachines(questions, ids)),
  };
}

/** What the document prints on a builder, as the world knows it; nothing is run. */
export class BuilderAnswers implements Executor {
  /** Must be set before the first command. */
  world: World | undefined;

  run({ instanceId }: ScriptJob, finish: (outcome: ScriptOutcome) => void): () => void {
    const instance = this.world?.region.instances.find(instanceId);
    if (this.world === undefined || instance === undefined || this.world.deaf.has(instanceId))
      return () => undefined;
    const steps = this.world.ledger.at(instance.address).length;
    const key = Buffer.from(`${instance.hostKey}\n`).toString('base64');
    finish({ kind: 'exited', exitCode: 0, stdout: `v1 ${steps} ${key}\n`, stderr: '' });
    return () => undefined;
  }
}
