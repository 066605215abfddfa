/** Finds the machine image to launch: images are published and deleted all the time, so no id is ever remembered long. */
import { DescribeImagesCommand, paginateDescribeImages } from '@aws-sdk/client-ec2';
import type { EC2Client, Image as Ec2Image } from '@aws-sdk/client-ec2';
import type { Image } from '../../core/config/image.ts';
import type { FoundImage } from '../../core/doctor/finding.ts';
import type { EpochSeconds } from '../../core/model/index.ts';
import type { Clock } from '../../ports.ts';
import { mustBeListed } from '../answers.ts';

/**
 * How long a found image is used again. It keeps the image of a launch the same when the launch is sent a second time
 * (another image under the same token is refused), and saves a question for each launch.
 */
const KEEP_SECONDS = 900;

const AVAILABLE = { Name: 'state', Values: ['available'] };

type WantedImage = Exclude<Image, { readonly id: string }>;

export class ImageFinder {
  readonly #ec2: EC2Client;
  readonly #clock: Clock;
  readonly #found = new Map<string, { readonly image: FoundImage; readonly until: EpochSeconds }>();

  constructor(ec2: EC2Client, clock: Clock) {
    this.#ec2 = ec2;
    this.#clock = clock;
  }

  /**
   * The id of the newest available image that fits; undefined when there is none. One that is named by its id is
   * taken at its word: the launch finds out. @throws when AWS cannot be asked.
   */
  async find(image: Image): Promise<string | undefined> {
    return 'id' in image ? image.id : (await this.#newest(image))?.id;
  }

  /** The image {@link find} means, as AWS shows it; undefined when there is none. @throws when AWS cannot be asked. */
  look(image: Image): Promise<FoundImage | undefined> {
    return 'id' in image ? this.#named(image.id) : this.#newest(image);
  }

  async #newest(image: WantedImage): Promise<FoundImage | undefined> {
    const key = JSON.stringify([image.owner, image.name, image.architecture]);
    const known = this.#found.get(key);
    if (known !== undefined && this.#clock.now() < known.until) return known.image;
    const Filters = [
      { Name: 'name', Values: [image.name] },
      { Name: 'architecture', Values: [image.architecture] },
      AVAILABLE,
    ];
    const images: Ec2Image[] = [];
    const pages = paginateDescribeImages(
      { client: this.#ec2, pageSize: 1000 },
      { Owners: [image.owner], Filters },
    );
    for await (const page of pages) images.push(...mustBeListed(page.Images, 'DescribeImages'));
    const newest = images.toSorted((a, b) => (b.CreationDate ?? '').localeCompare(a.CreationDate ?? ''));
    const [found] = newest.flatMap(toFoundImage);
    if (found !== undefined) this.#found.set(key, { image: found, until: this.#clock.now() + KEEP_SECONDS });
    return found;
  }

  /** An image that is deprecated can be launched still. @throws also for an id that AWS does not know. */
  async #named(id: string): Promise<FoundImage | undefined> {
    const { Images } = await this.#ec2.send(
      new DescribeImagesCommand({ ImageIds: [id], Filters: [AVAILABLE], IncludeDeprecated: true }),
    );
    return mustBeListed(Images, 'DescribeImages').flatMap(toFoundImage)[0];
  }
}

function toFoundImage(image: Ec2Image): FoundImage[] {
  const { ImageId: id, Architecture: architecture, PlatformDetails: platform, ProductCodes = [] } = image;
  if (id === undefined) return [];
  const isFromMarketplace = ProductCodes.some(({ ProductCodeType }) => ProductCodeType === 'marketplace');
  return [
    {
      id,
      ...(architecture === undefined ? {} : { architecture }),
      ...(platform === undefined ? {} : { platform }),
      isFromMarketplace,
    },
  ];
}

/** The image of a machine type as people know it, for messages. */
export const imageInWords = (image: Image): string =>
  'id' in image ? image.id : `"${image.name}" (${image.architecture}) of account ${image.owner}`;
