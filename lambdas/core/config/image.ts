/** The machine image of a type: as people write it, and as the code uses it. */
import * as z from 'zod';
import type { Architecture } from './systems.ts';

/** The official images, by x86_64 and arm64 under one name. */
export const NIXOS_IMAGES = { owner: '427812963091', name: 'nixos/26.05*' } as const;

export const imageSchema = z
  .union([
    z.strictObject({
      id: z
        .string()
        .regex(/^ami-[0-9a-f]{8,17}$/, 'must be an AMI id such as ami-0123456789abcdef0')
        .describe('This very image, instead of looking one up'),
    }),
    z.strictObject({
      owner: z
        .string()
        .default(NIXOS_IMAGES.owner)
        .describe('Account that publishes the image; the default is that of NixOS'),
      name: z.string().default(NIXOS_IMAGES.name).describe('Name pattern; the newest match is launched'),
      architecture: z
        .enum(['x86_64', 'arm64'])
        .optional()
        .describe('Of the image; default that of the type’s first system'),
    }),
  ])
  .describe('The machine image, looked up at each launch; default the newest official one of NixOS');

/** What an image may be described by, in either way. */
export const imageKeys = ['id', 'owner', 'name', 'architecture'] as const;

/** Where the machine image of a type comes from; looked up at each launch because images are deleted after 90 days. */
export type Image =
  | { readonly id: string }
  | { readonly owner: string; readonly name: string; readonly architecture: Architecture };

/** @param architecture of the type's first system, where none is written. */
export function normaliseImage(
  image: z.output<typeof imageSchema> | undefined,
  architecture: Architecture,
): Image {
  if (image === undefined) return { ...NIXOS_IMAGES, architecture };
  if ('id' in image) return { id: image.id };
  return { owner: image.owner, name: image.name, architecture: image.architecture ?? architecture };
}
