/** AWS's prices of machines: its price list for on-demand ones, EC2's history for spot. */
import { paginateDescribeSpotPriceHistory } from '@aws-sdk/client-ec2';
import type { EC2Client, _InstanceType } from '@aws-sdk/client-ec2';
import { GetProductsCommand } from '@aws-sdk/client-pricing';
import type { PricingClient } from '@aws-sdk/client-pricing';
import type { Price, Problem } from '../../core/model/index.ts';
import type { Result } from '../../core/reason/result.ts';
import type { Clock, PriceSource } from '../../ports.ts';
import { mustBeListed } from '../answers.ts';
import { found } from '../found.ts';
import { onDemandPriceIn } from './price-list.ts';

const MILLISECONDS = 1000;
/** At once; each instance type is a question of its own. */
const QUESTIONS_AT_ONCE = 5;
const LINUX = 'Linux/UNIX';

/** Plain Linux on shared hardware, as it is billed on demand (AWS: docs/develop/facts.md#ec2-prices). */
const PLAIN: readonly (readonly [field: string, value: string])[] = [
  ['operatingSystem', 'Linux'],
  ['tenancy', 'Shared'],
  ['preInstalledSw', 'NA'],
  ['capacitystatus', 'Used'],
  ['marketoption', 'OnDemand'],
];

/** The price list is served in few regions, for all of them (AWS: docs/develop/facts.md#ec2-prices). */
export const priceListRegion = (region: string): string => {
  if (region.startsWith('eu-')) return 'eu-central-1';
  return region.startsWith('ap-') ? 'ap-south-1' : 'us-east-1';
};

export interface AwsPricesOptions {
  readonly ec2: EC2Client;
  readonly clock: Clock;
  /** Made when it is needed, once a day: what other ticks do without shall cost them nothing. */
  readonly makePricing: (region: string) => PricingClient;
}

export class AwsPrices implements PriceSource {
  readonly #ec2: EC2Client;
  readonly #clock: Clock;
  readonly #makePricing: (region: string) => PricingClient;

  constructor({ ec2, clock, makePricing }: AwsPricesOptions) {
    this.#ec2 = ec2;
    this.#clock = clock;
    this.#makePricing = makePricing;
  }

  async ask(
    instanceTypes: readonly string[],
    seconds: number,
  ): Promise<{ readonly prices: readonly Price[]; readonly problem?: Problem }> {
    const signal = AbortSignal.timeout(seconds * MILLISECONDS);
    const [spot, list] = await Promise.all([
      found(() => this.#spot(instanceTypes, signal)),
      found(() => this.#onDemand(instanceTypes, signal)),
    ]);
    const answers = [spot, ...(list.ok ? list.value : [list])];
    const problems = answers.flatMap((one) => (one.ok ? [] : [one.problem]));
    return {
      prices: answers.flatMap((one) => (one.ok ? one.value : [])),
      ...(problems[0] !== undefined && { problem: problems[0] }),
    };
  }

  /** What each costs now, zone by zone. */
  async #spot(instanceTypes: readonly string[], abortSignal: AbortSignal): Promise<readonly Price[]> {
    const latest = new Map<string, Price & { readonly at: number }>();
    const pages = paginateDescribeSpotPriceHistory(
      { client: this.#ec2 },
      {
        // The SDK lists the instance types of its own release; EC2 takes newer ones too.
        InstanceTypes: instanceTypes as _InstanceType[],
        ProductDescriptions: [LINUX],
        StartTime: new Date(this.#clock.now() * MILLISECONDS),
      },
      { abortSignal },
    );
    for await (const page of pages)
      for (const entry of mustBeListed(page.SpotPriceHistory, 'DescribeSpotPriceHistory')) {
        const { InstanceType: instanceType, AvailabilityZone: zone, SpotPrice, Timestamp } = entry;
        const [dollarsPerHour, at] = [Number(SpotPrice), Timestamp?.getTime() ?? 0];
        if (instanceType === undefined || zone === undefined || !(dollarsPerHour > 0)) continue;
        const key = `${instanceType} ${zone}`;
        if ((latest.get(key)?.at ?? -1) < at)
          latest.set(key, { instanceType, market: 'spot', zone, dollarsPerHour, at });
      }
    return [...latest.values()].map(({ at, ...price }) => (void at, price));
  }

  async #onDemand(
    instanceTypes: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly Result<readonly Price[]>[]> {
    const region = await this.#ec2.config.region();
    const pricing = this.#makePricing(priceListRegion(region));
    const queue = instanceTypes.values();
    const answers: Result<readonly Price[]>[] = [];
    const askFromQueue = async (): Promise<void> => {
      for (const instanceType of queue)
        answers.push(await found(() => onDemandPrice(pricing, { instanceType, region }, signal)));
    };
    await Promise.all(Array.from({ length: QUESTIONS_AT_ONCE }, askFromQueue));
    return answers;
  }
}

/** None where AWS does not sell it here. */
async function onDemandPrice(
  pricing: PricingClient,
  { instanceType, region }: { readonly instanceType: string; readonly region: string },
  abortSignal: AbortSignal,
): Promise<readonly Price[]> {
  const filters = [['instanceType', instanceType], ['regionCode', region], ...PLAIN] as const;
  const command = new GetProductsCommand({
    ServiceCode: 'AmazonEC2',
    FormatVersion: 'aws_v1',
    Filters: filters.map(([Field, Value]) => ({ Type: 'TERM_MATCH', Field, Value })),
  });
  const { PriceList } = await pricing.send(command, { abortSignal });
  const prices = mustBeListed(PriceList, 'GetProducts').flatMap(
    (entry) => onDemandPriceIn(String(entry), instanceType) ?? [],
  );
  return prices.slice(0, 1).map((dollarsPerHour) => ({ instanceType, market: 'on-demand', dollarsPerHour }));
}
