/** The quotas that limit us, by Service Quotas' own names (AWS: docs/develop/facts.md#ec2-vcpu-quotas). */
import type { Market } from '../../core/model/index.ts';

export const QUOTA_SERVICE = 'ec2';

/**
 * vCPUs of standard instance families: "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances" and
 * "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests".
 */
export const VCPU_QUOTA_CODES: Readonly<Record<Market, string>> = {
  'on-demand': 'L-1216C47A',
  spot: 'L-34B43A08',
};
