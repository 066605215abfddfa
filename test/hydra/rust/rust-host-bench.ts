/** The adapter to a host with the Rust queue runner, over SSM, with documents that do what a test says. */
import { documentContent } from '../../../infra/documents/documents.ts';
import type { DocumentedFarm } from '../../../infra/documents/constants.ts';
import type { DocumentKey } from '../../../lambdas/hydra/documents.ts';
import { SsmHydraHost } from '../../../lambdas/hydra/ssm-hydra-host.ts';
import { aConfig, aType } from '../../core/given.ts';
import { ImpatientClock } from '../../fakes/impatient-clock.ts';
import { ScratchHost } from '../../fakes/scratch-host.ts';
import { SsmStandIn } from '../../fakes/ssm.ts';

const HYDRA = 'i-0aaaaaaaaaaaaaaaa';
const DOCUMENTS: Readonly<Record<Exclude<DocumentKey, 'askMachine'>, string>> = {
  observe: 'observe',
  fetch: 'fetch',
  publish: 'publish',
  watch: 'watch',
  inspect: 'inspect',
  gate: 'gate',
  askBuilder: 'ask-builder',
};
export const TYPE = aType('x86_64-linux', { maxJobs: 2, supportedFeatures: ['big-parallel'] });

/** What its documents are made for: nothing of it is read here. */
const FARM: DocumentedFarm = { tag: 'farm', launchAhead: true, host: aConfig([]).host, machineTypes: [] };

export class RustHostBench {
  readonly clock = new ImpatientClock();
  readonly ssm: SsmStandIn;
  readonly #nodes: ScratchHost[] = [];

  constructor(ssm: SsmStandIn) {
    this.ssm = ssm;
    this.node(HYDRA);
    this.stub('gate', 'case {{ gate }} in open) echo v1 gate open ;; *) echo v1 gate closed ;; esac');
  }

  static async start(): Promise<RustHostBench> {
    return new RustHostBench(await SsmStandIn.start());
  }

  async stop(): Promise<void> {
    await this.ssm.stop();
    for (const host of this.#nodes) host.remove();
  }

  node(id: string): void {
    const host = new ScratchHost();
    this.#nodes.push(host);
    this.ssm.node(id, host);
  }

  /** Lets a document of ours run these lines instead of its own. */
  stub(key: keyof typeof DOCUMENTS, ...runCommand: string[]): void {
    const content = documentContent(key, FARM);
    const [step] = content.mainSteps;
    const mainSteps = [{ ...step, inputs: { ...step.inputs, runCommand } }] as const;
    this.ssm.document(DOCUMENTS[key], { ...content, mainSteps });
  }

  host(runner: 'auto' | 'cpp' = 'auto'): SsmHydraHost {
    const config = aConfig([TYPE]);
    const host = { ...config.host, instanceId: HYDRA, runner };
    return new SsmHydraHost({
      client: this.ssm.client(),
      clock: this.clock,
      config: { ...config, host },
      documents: DOCUMENTS,
    });
  }
}
