/** The account's quotas of the region, as Service Quotas tells them. */
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  type ServiceQuota,
  type ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import type { VcpuQuota } from '../../core/doctor/finding.ts';
import type { Result } from '../../core/reason/result.ts';
import type { Market } from '../../core/model/index.ts';
import { awsErrorCode } from '../errors.ts';
import { found } from '../found.ts';
import { QUOTA_SERVICE, VCPU_QUOTA_CODES } from './quota-codes.ts';

/** One entry for each of `markets`. Never throws: what could not be asked is missing for that reason. */
export async function vcpuQuotas(
  client: ServiceQuotasClient,
  markets: readonly Market[],
): Promise<ReadonlyMap<Market, Result<VcpuQuota>>> {
  const quotas = markets.map(
    async (market) => [market, await found(() => quotaOf(client, VCPU_QUOTA_CODES[market]))] as const,
  );
  return new Map(await Promise.all(quotas));
}

async function quotaOf(client: ServiceQuotasClient, code: string): Promise<VcpuQuota> {
  const quota = await applied(client, code);
  if (quota?.Value !== undefined) return { code, vcpus: quota.Value };
  throw new Error(
    `Service Quotas tells no value of ${code}: ${quota?.ErrorReason?.ErrorMessage ?? 'no reason'}`,
  );
}

/** A quota that was never changed in the account may be known by its default only. */
async function applied(client: ServiceQuotasClient, code: string): Promise<ServiceQuota | undefined> {
  const question = { ServiceCode: QUOTA_SERVICE, QuotaCode: code };
  try {
    return (await client.send(new GetServiceQuotaCommand(question))).Quota;
  } catch (error) {
    if (awsErrorCode(error) !== 'NoSuchResourceException') throw error;
    return (await client.send(new GetAWSDefaultServiceQuotaCommand(question))).Quota;
  }
}
