/** A fleet, a machine type and launches for the EC2 tests. */
import type { MachineType } from '../../../lambdas/core/config/machine-type.ts';
import type { Launch, Pool } from '../../../lambdas/core/model/index.ts';
import type { Clock } from '../../../lambdas/ports.ts';
import { Ec2MachineFleet } from '../../../lambdas/aws/ec2/machine-fleet.ts';
import { aType } from '../../core/given.ts';
import { ok } from './canned-ec2.ts';
import type { Answer, CannedEc2 } from './canned-ec2.ts';

export const FARM = 'test-farm';
export const TYPE = 'x86_64-linux,i686-linux:kvm';

export const machineType: MachineType = aType(TYPE, {
  maxMachines: 5,
  billing: 'per-second',
  instanceTypes: ['c7i.2xlarge', 'c7a.2xlarge'],
  subnets: ['subnet-0aaaaaaaaaaaaaaaa', 'subnet-0bbbbbbbbbbbbbbbb'],
  image: { id: 'ami-01111111111111111' },
  launchTemplate: 'hydra-builder',
});

/** The same, where EC2 chooses the instance type. */
export const choosing: MachineType = aType(TYPE, {
  maxMachines: 5,
  billing: 'per-second',
  instanceRequirements: {
    vCpus: { min: 8, max: 16 },
    memoryGiB: { min: 16 },
    excludeFamilies: ['c5', 'm*'],
    localDisk: true,
  },
  subnets: ['subnet-0aaaaaaaaaaaaaaaa', 'subnet-0bbbbbbbbbbbbbbbb'],
  image: { id: 'ami-01111111111111111' },
  launchTemplate: 'hydra-builder',
});

export const poolsOn = (market: Pool['market']): Pool[] =>
  machineType.instanceTypes.flatMap((instanceType) =>
    machineType.subnets.map((subnet) => ({ instanceType, subnet, market })),
  );

export const launchOf = (changes: Partial<Launch> = {}): Launch => ({
  id: 'launch-1',
  type: TYPE,
  count: 2,
  pools: poolsOn('on-demand'),
  requestedAt: 1_800_000_000,
  ...changes,
});

/** A clock that stands where it is put. */
export class StandingClock implements Clock {
  at = 1_800_000_000;

  now(): number {
    return this.at;
  }

  sleep(seconds: number): Promise<void> {
    this.at += seconds;
    return Promise.resolve();
  }
}

export const fleetAt = (ec2: CannedEc2, options: { clock?: Clock } = {}): Ec2MachineFleet =>
  new Ec2MachineFleet({
    ec2: ec2.client(2),
    launcher: ec2.client(1),
    tag: FARM,
    clock: options.clock ?? new StandingClock(),
  });

/** XML of one instance as DescribeInstances shows it. */
export const instanceXml = (id: string, state = 'running', more = ''): string =>
  `<item><instanceId>${id}</instanceId><instanceState><code>16</code><name>${state}</name></instanceState>${more}</item>`;

export const reservationsXml = (...instances: string[]): string =>
  `<reservationSet><item><instancesSet>${instances.join('')}</instancesSet></item></reservationSet>`;

export const tagsXml = (tags: Record<string, string>): string =>
  `<tagSet>${Object.entries(tags)
    .map(([key, value]) => `<item><key>${key}</key><value>${value}</value></item>`)
    .join('')}</tagSet>`;

/** An answer to CreateFleet with these instances. */
export const fleetXml = (ids: string[], errors = ''): Answer =>
  ok(
    'CreateFleet',
    `<fleetId>fleet-1</fleetId><errorSet>${errors}</errorSet><fleetInstanceSet>${
      ids.length === 0
        ? ''
        : `<item><instanceIds>${ids.map((id) => `<item>${id}</item>`).join('')}</instanceIds></item>`
    }</fleetInstanceSet>`,
  );

/** One error of such an answer. */
export const errorXml = (code: string, instanceType: string, subnet: string): string =>
  `<item><launchTemplateAndOverrides><overrides><instanceType>${instanceType}</instanceType><subnetId>${subnet}</subnetId></overrides></launchTemplateAndOverrides><lifecycle>on-demand</lifecycle><errorCode>${code}</errorCode><errorMessage>no</errorMessage></item>`;
