/** GetServiceQuota and GetAWSDefaultServiceQuota, for the quotas the region limits launches by. */
import type {
  GetAWSDefaultServiceQuotaRequest,
  GetAWSDefaultServiceQuotaResponse,
  GetServiceQuotaRequest,
  GetServiceQuotaResponse,
  ServiceQuota,
} from '@aws-sdk/client-service-quotas';
import { QUOTA_SERVICE, VCPU_QUOTA_CODES } from '../../../../lambdas/aws/quotas/quota-codes.ts';
import type { Market } from '../../../../lambdas/core/model/index.ts';
import { RegionError } from '../../region/errors.ts';
import { vcpuQuota, type RegionSettings } from '../../region/settings.ts';
import { defineAction, type Action } from '../action.ts';

/** What a new account may run of either (AWS: docs/develop/facts.md#ec2-vcpu-quotas). */
const DEFAULT_VCPUS = 5;

const NAMES: Readonly<Record<Market, string>> = {
  'on-demand': 'Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances',
  spot: 'All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests',
};

const MARKETS: readonly Market[] = ['on-demand', 'spot'];

/** @throws RegionError `NoSuchResourceException` */
function marketOf({ ServiceCode: service, QuotaCode: code }: GetServiceQuotaRequest): Market {
  const market = MARKETS.find((one) => VCPU_QUOTA_CODES[one] === code);
  if (service === QUOTA_SERVICE && market !== undefined) return market;
  throw new RegionError(
    'NoSuchResourceException',
    'The request failed because the specified quota does not exist.',
  );
}

/** @param account the default of AWS belongs to none. */
function quotaView(
  market: Market,
  { regionName }: RegionSettings,
  account: string,
  vcpus: number,
): ServiceQuota {
  const code = VCPU_QUOTA_CODES[market];
  return {
    ServiceCode: QUOTA_SERVICE,
    ServiceName: 'Amazon Elastic Compute Cloud (Amazon EC2)',
    QuotaArn: `arn:aws:servicequotas:${regionName}:${account}:${QUOTA_SERVICE}/${code}`,
    QuotaCode: code,
    QuotaName: NAMES[market],
    Value: vcpus,
    Unit: 'None',
    Adjustable: true,
    GlobalQuota: false,
  };
}

export const serviceQuotaActions: Readonly<Record<string, Action>> = {
  GetServiceQuota: defineAction<GetServiceQuotaRequest, GetServiceQuotaResponse>({
    honours: ['ServiceCode', 'QuotaCode'],
    handle: (input, { settings }) => {
      const market = marketOf(input);
      return { Quota: quotaView(market, settings, settings.accountId, vcpuQuota(settings, market)) };
    },
  }),
  GetAWSDefaultServiceQuota: defineAction<
    GetAWSDefaultServiceQuotaRequest,
    GetAWSDefaultServiceQuotaResponse
  >({
    honours: ['ServiceCode', 'QuotaCode'],
    handle: (input, { settings }) => ({ Quota: quotaView(marketOf(input), settings, '', DEFAULT_VCPUS) }),
  }),
};
