/** Launches that are only tried: EC2 says whether it would let them through, by every policy that has a say, and does nothing. */
import { CreateFleetCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import type {
  CreateFleetCommandInput,
  EC2Client,
  RunInstancesCommandInput,
  _InstanceType,
} from '@aws-sdk/client-ec2';
import type { MachineType } from '../../core/config/machine-type.ts';
import type { Prerequisites, Trial } from '../../core/doctor/finding.ts';
import { usablePools } from '../../core/capacity/pools.ts';
import { NO_ANSWER } from '../../core/model/index.ts';
import { messageOf } from '../../core/text/message-of.ts';
import { awsErrorCode, refusalOf, wordsOf } from '../errors.ts';
import { meaningOf } from '../error-meanings.ts';
import { fleetRequest } from './launch.ts';
import type { FarmTags } from './tags.ts';

/** The code of a dry run that would have been carried out (AWS: docs/develop/facts.md#ec2-dry-runs). */
const WOULD_DO = 'DryRunOperation';

/** What a launch is tried with. */
export interface Tried extends Pick<Prerequisites, 'instanceTypes'> {
  readonly imageId: string;
}

/**
 * The launch as it would be sent if the type had no machines and nothing rested, and what the fleet would then do with our
 * permissions: RunInstances from its first pool. Never throws.
 * @param ec2 a client that tries again: a dry run has no effect that could come twice.
 */
export async function tryLaunch(
  ec2: EC2Client,
  type: MachineType,
  { imageId, instanceTypes }: Tried,
  tags: FarmTags,
): Promise<readonly Trial[]> {
  const { pools } = usablePools(type, [], 0);
  const launch = { id: 'dry-run', type: type.key, count: 1, pools, requestedAt: 0 };
  const fleet = { ...fleetRequest(launch, type, imageId, tags), ClientToken: undefined };
  const [run, create] = [
    new RunInstancesCommand(firstOf(fleet, exampleOf(type, instanceTypes))),
    new CreateFleetCommand({ ...fleet, DryRun: true }),
  ];
  return [
    await tried('RunInstances', () => ec2.send(run)),
    await tried('CreateFleet', () => ec2.send(create)),
  ];
}

/** RunInstances takes no requirements, so one that EC2 might choose is tried: of the smallest, any. */
export function exampleOf(
  { instanceRequirements }: MachineType,
  found: Prerequisites['instanceTypes'],
): string | undefined {
  if (instanceRequirements === undefined || !found.ok) return undefined;
  return found.value.toSorted((a, b) => a.vcpus - b.vcpus)[0]?.name;
}

/** One machine from the first pool of a fleet. */
function firstOf(fleet: CreateFleetCommandInput, example: string | undefined): RunInstancesCommandInput {
  const [config] = fleet.LaunchTemplateConfigs ?? [];
  const {
    InstanceType = example as _InstanceType | undefined,
    ImageId,
    SubnetId,
  } = config?.Overrides?.[0] ?? {};
  const isSpot = fleet.TargetCapacitySpecification?.DefaultTargetCapacityType === 'spot';
  return {
    DryRun: true,
    MinCount: 1,
    MaxCount: 1,
    LaunchTemplate: config?.LaunchTemplateSpecification,
    InstanceType,
    ImageId,
    SubnetId,
    TagSpecifications: fleet.TagSpecifications?.filter(({ ResourceType }) => ResourceType !== 'fleet'),
    ...(isSpot && { InstanceMarketOptions: { MarketType: 'spot' } }),
  };
}

async function tried(call: string, send: () => Promise<unknown>): Promise<Trial> {
  try {
    await send();
    return { call, outcome: 'unknown', says: 'it was answered as if it had been meant' };
  } catch (error) {
    const { code, says } = refusalOf(error);
    return code === NO_ANSWER
      ? { call, outcome: 'unknown', says }
      : trialOf(call, awsErrorCode(error) ?? '', messageOf(error));
  }
}

/** What EC2's error code and message in answer to a dry run mean. */
export function trialOf(call: string, code: string, message: string): Trial {
  if (code === WOULD_DO) return { call, outcome: 'allowed' };
  const words = wordsOf(message);
  const meaning = meaningOf(code, 'launch');
  if (meaning?.kind === 'throttled') return { call, outcome: 'unknown', says: `${code}: ${words.says}` };
  return {
    call,
    outcome: meaning?.kind === 'denied' ? 'denied' : 'refused',
    code,
    ...words,
    ...(meaning === undefined ? {} : { remedy: meaning.remedy }),
  };
}
