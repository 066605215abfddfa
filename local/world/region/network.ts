/** Zones, the network and the private addresses of its subnets. */
import { RegionError } from './errors.ts';

export interface Subnet {
  readonly subnetId: string;
  readonly vpcId: string;
  readonly zone: string;
  readonly zoneId: string;
  /** For example `10.0.16.0/20`. */
  readonly cidr: string;
}

const toNumber = (address: string): number =>
  address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

/** `us-east-1` is `use1` in the ids of its zones. */
const shortRegion = (regionName: string): string => {
  const [area = '', direction = '', number = ''] = regionName.split('-');
  return `${area}${direction.slice(0, 1)}${number}`;
};

const toAddress = (value: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');

/** AWS keeps the first four addresses of a subnet and the last one. */
const RESERVED_FIRST = 4;
const RESERVED_LAST = 1;

/** Hands out the lowest free address, so that a new machine soon sits at an old one's address. */
class AddressPool {
  readonly #base: number;
  readonly #end: number;
  readonly #used = new Set<number>();
  #lowestFree: number;

  constructor(cidr: string) {
    const [network = '', prefix = ''] = cidr.split('/');
    this.#base = toNumber(network) + RESERVED_FIRST;
    this.#end = toNumber(network) + 2 ** (32 - Number(prefix)) - RESERVED_LAST;
    this.#lowestFree = this.#base;
  }

  get free(): number {
    return this.#end - this.#base - this.#used.size;
  }

  take(): string | undefined {
    let candidate = this.#lowestFree;
    while (this.#used.has(candidate)) candidate += 1;
    if (candidate >= this.#end) return undefined;
    this.#used.add(candidate);
    this.#lowestFree = candidate + 1;
    return toAddress(candidate);
  }

  giveBack(address: string): void {
    const value = toNumber(address);
    this.#used.delete(value);
    this.#lowestFree = Math.min(this.#lowestFree, value);
  }
}

export class Network {
  readonly vpcId = 'vpc-0eeeeeeeeeeeeeeee';
  readonly vpcCidr = '10.0.0.0/16';
  readonly securityGroupId = 'sg-0dddddddddddddddd';
  readonly subnets: readonly Subnet[];
  readonly #pools: ReadonlyMap<string, AddressPool>;

  /** One subnet per zone: `subnet-0aaaaaaaaaaaaaaaa` with 10.0.0.0/20 in the zone of letter `a`, and so on. */
  constructor(regionName: string, zoneLetters: readonly string[], subnets?: readonly Subnet[]) {
    this.subnets =
      subnets ??
      zoneLetters.map((letter, index) => ({
        subnetId: `subnet-0${letter.repeat(16)}`,
        vpcId: this.vpcId,
        zone: `${regionName}${letter}`,
        zoneId: `${shortRegion(regionName)}-az${index + 1}`,
        cidr: `10.0.${16 * index}.0/20`,
      }));
    this.#pools = new Map(this.subnets.map((subnet) => [subnet.subnetId, new AddressPool(subnet.cidr)]));
  }

  find(subnetId: string): Subnet | undefined {
    return this.subnets.find((subnet) => subnet.subnetId === subnetId);
  }

  /** @throws RegionError `InvalidSubnetID.NotFound` */
  require(subnetId: string): Subnet {
    const subnet = this.find(subnetId);
    if (subnet !== undefined) return subnet;
    throw new RegionError('InvalidSubnetID.NotFound', `The subnet ID '${subnetId}' does not exist`);
  }

  /** The subnet instances go to when none is named: the first of the zone, or of the region. */
  defaultSubnet(zone?: string): Subnet {
    const subnet = this.subnets.find((candidate) => zone === undefined || candidate.zone === zone);
    if (subnet !== undefined) return subnet;
    throw new RegionError('InvalidParameterValue', `Invalid availability zone: [${zone ?? ''}]`);
  }

  freeAddresses(subnetId: string): number {
    return this.#pools.get(subnetId)?.free ?? 0;
  }

  /** @throws RegionError `InsufficientFreeAddressesInSubnet` */
  takeAddress(subnet: Subnet): string {
    const address = this.#pools.get(subnet.subnetId)?.take();
    if (address !== undefined) return address;
    throw insufficientAddresses(subnet.subnetId);
  }

  giveBackAddress(subnetId: string, address: string): void {
    this.#pools.get(subnetId)?.giveBack(address);
  }
}

export const insufficientAddresses = (subnetId: string): RegionError =>
  new RegionError(
    'InsufficientFreeAddressesInSubnet',
    `There are not enough free addresses in subnet '${subnetId}' to satisfy the requested number of instances.`,
  );
