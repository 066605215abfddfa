/** GetProducts, for what Linux machines of the region cost on demand. */
import type { GetProductsRequest, GetProductsResponse } from '@aws-sdk/client-pricing';
import { RegionError, notSimulated } from '../../region/errors.ts';
import { instanceTypeFacts, type InstanceTypeFacts } from '../../region/instance-types.ts';
import { defineAction, type Action } from '../action.ts';

/** What every product here is like, by AWS's names. */
const ATTRIBUTES = {
  servicecode: 'AmazonEC2',
  operatingSystem: 'Linux',
  tenancy: 'Shared',
  preInstalledSw: 'NA',
  capacitystatus: 'Used',
  marketoption: 'OnDemand',
} as const;

const FORMAT = 'aws_v1';

/** As AWS's list has it: JSON in text, prices below keys that mean nothing. */
const productOf = ({ name, vcpus, dollarsPerHour }: InstanceTypeFacts, regionCode: string): string =>
  JSON.stringify({
    product: {
      productFamily: 'Compute Instance',
      attributes: { ...ATTRIBUTES, instanceType: name, regionCode, vcpu: String(vcpus) },
      sku: 'SIMULATED',
    },
    serviceCode: 'AmazonEC2',
    terms: {
      OnDemand: {
        'SIMULATED.JRTCKXETXF': {
          priceDimensions: {
            'SIMULATED.JRTCKXETXF.6YS6EN2CT7': {
              unit: 'Hrs',
              description: `$${dollarsPerHour} per On Demand Linux ${name} Instance Hour`,
              pricePerUnit: { USD: dollarsPerHour.toFixed(10) },
            },
          },
        },
      },
    },
  });

export const pricingActions: Readonly<Record<string, Action>> = {
  GetProducts: defineAction<GetProductsRequest, GetProductsResponse>({
    honours: ['ServiceCode', 'Filters', 'FormatVersion'],
    handle: ({ ServiceCode: service, Filters: filters = [], FormatVersion: format }, { settings }) => {
      if (service !== ATTRIBUTES.servicecode)
        throw new RegionError('NotFoundException', `The service ${String(service)} does not exist.`);
      const asked = new Map(
        filters.map(({ Type, Field, Value }) => {
          if (Type !== 'TERM_MATCH') throw notSimulated(`the filter type ${String(Type)}`);
          return [Field ?? '', Value ?? ''] as const;
        }),
      );
      const facts = instanceTypeFacts(asked.get('instanceType') ?? '');
      const isAsked = Object.entries({ ...ATTRIBUTES, regionCode: settings.regionName }).every(
        ([field, value]) => (asked.get(field) ?? value) === value,
      );
      const found = facts !== undefined && isAsked ? [productOf(facts, settings.regionName)] : [];
      return { FormatVersion: format ?? FORMAT, PriceList: found };
    },
  }),
};
