/** Machine images: what DescribeImages shows and instances boot. */
import type { EpochSeconds } from '../../../lambdas/core/model/index.ts';
import { RegionError } from './errors.ts';
import type { Architecture } from './instance-types.ts';

export interface Image {
  readonly imageId: string;
  readonly name: string;
  readonly ownerId: string;
  readonly architecture: Architecture;
  readonly createdAt: EpochSeconds;
  /** What the boot log tells of the SSH host keys: NixOS prints the keys themselves since 25.11, fingerprints before. */
  readonly prints: 'host-keys' | 'fingerprints' | 'nothing';
  /** What AWS bills it as; plain Linux when absent. */
  readonly platform?: string;
  /** Its product code in the AWS Marketplace, if it is sold there. */
  readonly marketplaceCode?: string;
}

/** AWS's word for what is billed as nothing but the machine. */
export const PLAIN_LINUX = 'Linux/UNIX';

const NIXOS_OWNER = '427812963091';
const DAY_SECONDS = 86_400;

const nixosImage = (
  digit: string,
  release: string,
  architecture: Architecture,
  createdAt: EpochSeconds,
): Image => ({
  imageId: `ami-0${digit.repeat(16)}`,
  name: `nixos/${release}-${architecture === 'arm64' ? 'aarch64' : 'x86_64'}-linux`,
  ownerId: NIXOS_OWNER,
  architecture,
  createdAt,
  prints: release < '25.11' ? 'fingerprints' : 'host-keys',
});

/** NixOS images of two releases, the newer one built twice. `now` is the instant the region begins. */
export const nixosImages = (now: EpochSeconds): readonly Image[] => [
  nixosImage('1', '26.05.1234.abcdef012345', 'x86_64', now - 9 * DAY_SECONDS),
  nixosImage('2', '26.05.1301.123456abcdef', 'x86_64', now - 2 * DAY_SECONDS),
  nixosImage('3', '26.05.1234.abcdef012345', 'arm64', now - 9 * DAY_SECONDS),
  nixosImage('4', '26.05.1301.123456abcdef', 'arm64', now - 2 * DAY_SECONDS),
  nixosImage('5', '25.05.9876.fedcba987654', 'x86_64', now - 80 * DAY_SECONDS),
];

export class Images {
  readonly #images: Map<string, Image>;

  constructor(images: readonly Image[]) {
    this.#images = new Map(images.map((image) => [image.imageId, image]));
  }

  get all(): readonly Image[] {
    return [...this.#images.values()];
  }

  register(image: Image): void {
    this.#images.set(image.imageId, image);
  }

  /** As NixOS does with its images after 90 days. */
  deregister(imageId: string): void {
    this.#images.delete(imageId);
  }

  /** @throws RegionError `InvalidAMIID.Malformed` or `InvalidAMIID.NotFound` */
  require(imageId: string): Image {
    if (!/^ami-[0-9a-f]{8}([0-9a-f]{9})?$/.test(imageId)) {
      throw new RegionError('InvalidAMIID.Malformed', `Invalid id: "${imageId}" (expecting "ami-...")`);
    }
    const image = this.#images.get(imageId);
    if (image !== undefined) return image;
    throw new RegionError('InvalidAMIID.NotFound', `The image id '[${imageId}]' does not exist`);
  }
}
