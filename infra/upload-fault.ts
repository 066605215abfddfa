/** What an upload lacks, or has too much of, for the kind of cache it goes to. */
import type { Upload } from '../lambdas/core/config/builder-schema.ts';
import type { BuilderSettings } from './deployment.ts';

/** In words, with the remedy; undefined for one that is whole. */
export function uploadFault({
  upload,
  userData,
}: Pick<BuilderSettings, 'upload' | 'userData'>): string | undefined {
  if (upload === undefined) return undefined;
  return upload.to.startsWith('cachix:') ? faultForCachix(upload, userData) : faultForS3(upload);
}

/** An image that is not set up at boot brings Cachix’s client itself. */
function faultForCachix(
  { secret, signingKey, program }: Upload,
  userData: BuilderSettings['userData'],
): string | undefined {
  if (secret === undefined && signingKey === undefined)
    return 'to Cachix needs `secret`, where its token is, or `signingKey`, where the key is of a cache that has one of its own';
  if (program !== undefined || userData === 'none') return undefined;
  return 'to Cachix needs `program`, the store path of cachix for this system: `nix-build "<nixpkgs>" -A cachix`';
}

function faultForS3({ secret, signingKey, program }: Upload): string | undefined {
  if (program !== undefined) return 'to S3 is done by Nix itself; remove `program`';
  if (signingKey !== undefined)
    return 'to S3 is signed with what `secret` holds; name it there instead of in `signingKey`';
  return secret === undefined ? 'to S3 needs `secret`, where the signing key is' : undefined;
}
