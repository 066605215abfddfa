/** Which machines something happens to. */
import type { Market } from '../../../lambdas/core/model/index.ts';
import type { RegionInstance } from './instance.ts';
import type { Tags } from './launch-parameters.ts';

/** What a machine is told apart by, before and after it exists. */
export interface Placed {
  readonly instanceType: string;
  readonly zone: string;
  readonly market: Market;
  readonly subnet: string;
  readonly tags: Tags;
}

/** Every condition that is given must be met; of tags those that are named. Without conditions it covers all. */
export type Selector = Partial<Placed>;

/** Whether `selector` covers a machine; a condition about something that is not known of it is not met. */
export function covers(selector: Selector, { tags = {}, ...placed }: Partial<Placed>): boolean {
  const { tags: wanted = {}, ...conditions } = selector;
  return meets(conditions, placed) && meets(wanted, tags);
}

const meets = (conditions: object, facts: object): boolean =>
  Object.entries(conditions).every(
    ([name, value]) => value === undefined || Reflect.get(facts, name) === value,
  );

export const placeOf = ({ type, subnet, market, tags }: RegionInstance): Placed => ({
  instanceType: type.name,
  zone: subnet.zone,
  market,
  subnet: subnet.subnetId,
  tags,
});
