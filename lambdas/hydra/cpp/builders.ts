/** Builders of the C++ queue runner, asked for their host keys by console and SSM, and for their store by SSM. */
import type { EC2Client } from '@aws-sdk/client-ec2';
import { consoleTexts } from '../../aws/ec2/console.ts';
import { SideProblems } from '../../aws/side-problems.ts';
import { messageOf } from '../../core/text/message-of.ts';
import type { StoreUse } from '../../core/model/index.ts';
import type { Builders, Identities, StoreUses } from '../dialect.ts';
import type { AskMachines, MachineAnswers } from './ask-machines.ts';
import { keysOnConsoles, agreedKeys } from './host-keys.ts';

export class CppBuilders implements Builders {
  readonly #ec2: EC2Client;
  readonly #askMachines: AskMachines;

  constructor(ec2: EC2Client, askMachines: AskMachines) {
    this.#ec2 = ec2;
    this.#askMachines = askMachines;
  }

  async identities(instanceIds: readonly string[]): Promise<Identities> {
    const problems = new SideProblems();
    const [texts, fromMachines] = await Promise.all([
      consoleTexts(this.#ec2, instanceIds, problems),
      this.#ask(instanceIds),
    ]);
    return agreedKeys(keysOnConsoles(texts, problems), fromMachines);
  }

  async storeUse(instanceIds: readonly string[]): Promise<StoreUses> {
    const { answers, problems } = await this.#ask(instanceIds);
    const asked = new Set(instanceIds);
    const uses = [...answers].map(([id, { quiet }]): [string, StoreUse] => [id, quiet ? 'quiet' : 'serving']);
    return { uses: new Map(uses.filter(([id]) => asked.has(id))), problems };
  }

  /** Silence of all machines is not an error: the caller has other ways, or waits. */
  async #ask(instanceIds: readonly string[]): Promise<MachineAnswers> {
    if (instanceIds.length === 0) return { answers: new Map(), problems: [] };
    try {
      return await this.#askMachines(instanceIds);
    } catch (error) {
      return { answers: new Map(), problems: [{ says: `machines could not be asked: ${messageOf(error)}` }] };
    }
  }
}
