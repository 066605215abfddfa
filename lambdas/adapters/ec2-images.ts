/** Finds the machine image to launch: images are published and deleted all the time, so no id is ever remembered long. */
import { paginateDescribeImages } from '@aws-sdk/client-ec2';
import type { EC2Client, Image as Ec2Image } from '@aws-sdk/client-ec2';
import type { Image } from '../core/config/config.ts';
import type { EpochSeconds } from '../core/model.ts';
import type { Clock } from '../ports.ts';
import { mustBeListed } from './ec2-answers.ts';

/**
 * How long a found image is used again. It keeps the image of a launch the same when the launch is sent a second time
 * (another image under the same token is refused), and saves a question for each launch.
 */
const KEEP_SECONDS = 900;

export class ImageFinder {
  readonly #ec2: EC2Client;
  readonly #clock: Clock;
  readonly #found = new Map<string, { readonly imageId: string; readonly until: EpochSeconds }>();

  constructor(ec2: EC2Client, clock: Clock) {
    this.#ec2 = ec2;
    this.#clock = clock;
  }

  /** The id of the newest available image that fits; undefined when there is none. @throws when AWS cannot be asked. */
  async find(image: Image): Promise<string | undefined> {
    if ('id' in image) return image.id;
    const key = JSON.stringify([image.owner, image.name, image.architecture]);
    const known = this.#found.get(key);
    if (known !== undefined && this.#clock.now() < known.until) return known.imageId;
    const imageId = await this.#newest(image);
    if (imageId !== undefined) this.#found.set(key, { imageId, until: this.#clock.now() + KEEP_SECONDS });
    return imageId;
  }

  async #newest(image: Exclude<Image, { id: string }>): Promise<string | undefined> {
    const Filters = [
      { Name: 'name', Values: [image.name] },
      { Name: 'architecture', Values: [image.architecture] },
      { Name: 'state', Values: ['available'] },
    ];
    const found: Ec2Image[] = [];
    const pages = paginateDescribeImages(
      { client: this.#ec2, pageSize: 1000 },
      { Owners: [image.owner], Filters },
    );
    for await (const page of pages) found.push(...mustBeListed(page.Images, 'DescribeImages'));
    return found
      .toSorted((a, b) => (b.CreationDate ?? '').localeCompare(a.CreationDate ?? ''))
      .find(({ ImageId }) => ImageId !== undefined)?.ImageId;
  }
}

/** The image of a machine type as people know it, for messages. */
export const imageInWords = (image: Image): string =>
  'id' in image ? image.id : `"${image.name}" (${image.architecture}) of account ${image.owner}`;
