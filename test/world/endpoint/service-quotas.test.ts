import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { RunInstancesCommand } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { X86_IMAGE } from '../region/bench.ts';
import { EndpointBench, errorName } from './bench.ts';

let bench: EndpointBench;
let client: ServiceQuotasClient;

beforeEach(async () => {
  bench = await EndpointBench.start({ settings: { onDemandVcpuQuota: 6, spotVcpuQuota: 4 } });
  client = new ServiceQuotasClient(bench.clientOptions());
});
afterEach(async () => {
  client.destroy();
  await bench.stop();
});

const onDemand = { ServiceCode: 'ec2', QuotaCode: 'L-1216C47A' };
const spot = { ServiceCode: 'ec2', QuotaCode: 'L-34B43A08' };

it('shows the quotas that launches run into, under AWS’s names', async () => {
  const { Quota } = await client.send(new GetServiceQuotaCommand(onDemand));
  expect(Quota).toMatchObject({
    QuotaArn: 'arn:aws:servicequotas:us-east-1:000000000000:ec2/L-1216C47A',
    QuotaName: 'Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances',
    Value: 6,
  });
  expect((await client.send(new GetServiceQuotaCommand(spot))).Quota).toMatchObject({
    QuotaName: 'All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests',
    Value: 4,
  });
  const launch = (InstanceType: 'c7i.xlarge' | 'c7i.2xlarge'): Promise<string> =>
    errorName(
      bench.ec2.send(new RunInstancesCommand({ ImageId: X86_IMAGE, InstanceType, MinCount: 1, MaxCount: 1 })),
    );
  expect(await launch('c7i.2xlarge')).toBe('VcpuLimitExceeded');
  expect(await launch('c7i.xlarge')).toBe('none');
});

it('shows what a new account has, whatever this one has', async () => {
  const { Quota } = await client.send(new GetAWSDefaultServiceQuotaCommand(onDemand));
  expect(Quota).toMatchObject({ Value: 5, QuotaCode: 'L-1216C47A' });
});

it('refuses quotas it does not have, and calls as it is told to', async () => {
  const get = (question: { ServiceCode: string; QuotaCode: string }): Promise<string> =>
    errorName(client.send(new GetServiceQuotaCommand(question)));
  expect(await get({ ...onDemand, QuotaCode: 'L-0' })).toBe('NoSuchResourceException');
  expect(await get({ ...onDemand, ServiceCode: 'vpc' })).toBe('NoSuchResourceException');
  bench.region.faults.next('GetServiceQuota', { kind: 'error', code: 'AccessDeniedException' });
  expect(await get(onDemand)).toBe('AccessDeniedException');
  bench.region.faults.next('GetServiceQuota', { kind: 'lost-reply' });
  expect(await get(onDemand)).not.toBe('none');
});
