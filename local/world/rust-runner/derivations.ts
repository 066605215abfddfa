/** The derivations of simulated builds, so that a Nix store can be laid out from which their features are read. */
import { createHash } from 'node:crypto';
import type { Build, StepKind } from '../hydra/builds.ts';

/** What of a build is in its derivation. */
export type Derived = Pick<Build, 'id' | 'job'> & { readonly kind: Pick<StepKind, 'system' | 'features'> };

/** Nix' own base 32, without the letters that spell words. */
const ALPHABET = '0123456789abcdfghijklmnpqrsvwxyz';
const HASH_LETTERS = 32;

const hashOf = (text: string): string => {
  const bytes = createHash('sha256').update(text).digest();
  return Array.from({ length: HASH_LETTERS }, (_, index) =>
    ALPHABET.charAt((bytes[index] ?? 0) % ALPHABET.length),
  ).join('');
};

const quoted = (text: string): string => JSON.stringify(text);

/** The name of a build's derivation in the store, without its directory: `HASH-job.drv`. */
export const drvNameOf = (build: Pick<Build, 'id' | 'job'>): string =>
  `${hashOf(`${build.id} ${build.job}`)}-${build.job}.drv`;

/**
 * The text of a build's derivation.
 * @param isStructured whether its attributes are one JSON, as with `__structuredAttrs`.
 */
export const drvTextOf = (build: Derived, isStructured = false): string => {
  const { system, features } = build.kind;
  const out = `/nix/store/${hashOf(`out ${build.id} ${build.job}`)}-${build.job}`;
  const attributes = { name: build.job, requiredSystemFeatures: features, system };
  const environment: readonly (readonly [string, string])[] = isStructured
    ? [
        ['__json', JSON.stringify(attributes)],
        ['out', out],
      ]
    : [
        ['builder', '/bin/sh'],
        ['name', build.job],
        ['out', out],
        ...(features.length === 0 ? [] : [['requiredSystemFeatures', features.join(' ')] as const]),
        ['system', system],
      ];
  const pairs = environment.map(([name, value]) => `(${quoted(name)},${quoted(value)})`).join(',');
  return `Derive([("out",${quoted(out)},"","")],[],[],${quoted(system)},"/bin/sh",[],[${pairs}])`;
};
