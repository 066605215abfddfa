/** Our machines, as EC2 runs them. */
import {
  CreateFleetCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { EC2Client } from '@aws-sdk/client-ec2';
import { messageOf } from '../../core/text/message-of.ts';
import type { MachineType } from '../../core/config/machine-type.ts';
import type { Prerequisites, VcpuQuota } from '../../core/doctor/finding.ts';
import type { Result } from '../../core/reason/result.ts';
import { NO_ANSWER } from '../../core/model/index.ts';
import type { Launch, Market, Problem } from '../../core/model/index.ts';
import type {
  Clock,
  FleetView,
  FoundMachines,
  FoundTemplates,
  InstanceResult,
  LaunchResult,
  MachineFleet,
} from '../../ports.ts';
import { isTokenUsed, refusalOf } from '../errors.ts';
import { actOnEach } from './batches.ts';
import { ImageFinder, imageInWords } from './images.ts';
import { describeFarm, findInstances, idsOfLaunch } from './instances.ts';
import { findPrerequisites } from './prerequisites.ts';
import { describeTemplates, findTemplates } from './templates.ts';
import { fleetRequest, mistakeIn, readFleetAnswer, refusedLaunch } from './launch.ts';
import type { FarmTags } from './tags.ts';

/** Asks for the account's vCPU quotas, which EC2 itself does not tell. */
export type AskQuotas = (markets: readonly Market[]) => Promise<ReadonlyMap<Market, Result<VcpuQuota>>>;

export interface Ec2MachineFleetOptions {
  /** For everything else. Both need a request timeout that throws: the SDK waits for an answer indefinitely. */
  readonly ec2: EC2Client;
  /**
   * For launches and starts: a client with `maxAttempts: 1`. Lack of capacity comes as a server error, and the SDK would
   * ask twice more within a tenth of a second (measured: docs/develop/facts.md#the-sdk-tries-want-of-capacity-again),
   * out of a bucket of five requests (AWS: docs/develop/facts.md#ec2-request-limits).
   */
  readonly launcher: EC2Client;
  /** The farm, as instances are tagged. */
  readonly tag: string;
  /** Further tags of what is launched. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly askQuotas?: AskQuotas;
}

export class Ec2MachineFleet implements MachineFleet {
  readonly #ec2: EC2Client;
  readonly #launcher: EC2Client;
  readonly #tags: FarmTags;
  readonly #images: ImageFinder;
  readonly #askQuotas: AskQuotas;

  constructor(options: Ec2MachineFleetOptions) {
    this.#ec2 = options.ec2;
    this.#launcher = options.launcher;
    this.#tags = { farm: options.tag, others: options.tags ?? {} };
    this.#images = new ImageFinder(options.ec2, options.clock);
    this.#askQuotas = options.askQuotas ?? (() => Promise.resolve(new Map()));
  }

  describe(): Promise<FleetView> {
    return describeFarm(this.#ec2, this.#tags.farm);
  }

  find(instanceIds: readonly string[]): Promise<FoundMachines> {
    return findInstances(this.#ec2, this.#tags.farm, instanceIds);
  }

  templates(names: readonly string[]): Promise<FoundTemplates> {
    return findTemplates(this.#ec2, names);
  }

  async launch(launch: Launch, type: MachineType): Promise<LaunchResult> {
    const mistake = mistakeIn(launch, type);
    if (mistake !== undefined)
      return misconfigured(launch, 'InvalidLaunch', { says: `the launch cannot be sent: ${mistake}` });
    try {
      const imageId = await this.#images.find(type.image);
      if (imageId === undefined) return misconfigured(launch, 'NoImage', noImage(type));
      const request = fleetRequest(launch, type, imageId, this.#tags);
      return readFleetAnswer(await this.#launcher.send(new CreateFleetCommand(request)), launch);
    } catch (error) {
      return isTokenUsed(error) ? await this.#launchedBefore(launch, type) : unlaunched(launch, error);
    }
  }

  start(instanceIds: readonly string[]): Promise<readonly InstanceResult[]> {
    return actOnEach('start', instanceIds, async (InstanceIds) => {
      const answer = await this.#launcher.send(new StartInstancesCommand({ InstanceIds }));
      return idsIn(answer.StartingInstances);
    });
  }

  stop(instanceIds: readonly string[]): Promise<readonly InstanceResult[]> {
    return actOnEach('stop', instanceIds, async (InstanceIds) => {
      const answer = await this.#ec2.send(new StopInstancesCommand({ InstanceIds }));
      return idsIn(answer.StoppingInstances);
    });
  }

  terminate(instanceIds: readonly string[]): Promise<readonly InstanceResult[]> {
    return actOnEach('terminate', instanceIds, async (InstanceIds) => {
      const answer = await this.#ec2.send(new TerminateInstancesCommand({ InstanceIds }));
      return idsIn(answer.TerminatingInstances);
    });
  }

  prerequisites(type: MachineType): Promise<Prerequisites> {
    return findPrerequisites(this.#ec2, this.#images, type, this.#tags);
  }

  vcpuQuotas(markets: readonly Market[]): Promise<ReadonlyMap<Market, Result<VcpuQuota>>> {
    return this.#askQuotas(markets);
  }

  /**
   * The token was used before, with another image or configuration, or its instances are gone already. So this launch
   * has had its effect: what is left of it carries its tag.
   */
  async #launchedBefore({ id }: Launch, { launchTemplate }: MachineType): Promise<LaunchResult> {
    try {
      const [template] = await describeTemplates(this.#ec2, [launchTemplate]);
      const instanceIds =
        template === undefined
          ? []
          : await idsOfLaunch(this.#ec2, this.#tags.farm, { id, templateId: template.id });
      return { answered: true, instanceIds, pools: new Map(), refusals: [] };
    } catch (error) {
      return {
        answered: false,
        reason: `the launch was sent before, and looking for it failed: ${messageOf(error)}`,
      };
    }
  }
}

function unlaunched(launch: Launch, error: unknown): LaunchResult {
  const refusal = refusalOf(error, 'launch');
  return refusal.code === NO_ANSWER
    ? { answered: false, reason: refusal.says }
    : refusedLaunch(refusal, launch);
}

const misconfigured = (launch: Launch, code: string, problem: Problem): LaunchResult =>
  refusedLaunch({ kind: 'configuration', code, ...problem }, launch);

const noImage = (type: MachineType): Problem => ({
  says: `no available image matches ${imageInWords(type.image)}`,
  remedy: `check "image" of machine type ${type.key}`,
});

const idsIn = (changes: readonly { InstanceId?: string | undefined }[] | undefined): (string | undefined)[] =>
  (changes ?? []).map((change) => change.InstanceId);
