/** The services of the endpoint that speak by the SDK's schemas. */
import * as ec2Client from '@aws-sdk/client-ec2';
import * as pricingClient from '@aws-sdk/client-pricing';
import * as serviceQuotasClient from '@aws-sdk/client-service-quotas';
import * as ssmClient from '@aws-sdk/client-ssm';
import type { Service } from './dispatch.ts';
import { ec2Actions } from './ec2/actions.ts';
import { pricingActions } from './pricing/actions.ts';
import { serviceQuotaActions } from './service-quotas/actions.ts';
import { ssmActions } from './ssm/actions.ts';

export const ec2Service: Service = { name: 'ec2', client: ec2Client, actions: ec2Actions };
export const ssmService: Service = { name: 'ssm', client: ssmClient, actions: ssmActions };
export const pricingService: Service = { name: 'pricing', client: pricingClient, actions: pricingActions };
export const serviceQuotasService: Service = {
  name: 'servicequotas',
  client: serviceQuotasClient,
  actions: serviceQuotaActions,
};
