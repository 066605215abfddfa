/**
 * What the name of an EC2 instance type says: series, generation, processor, size. The letters behind the generation
 * name the processor (`a` AMD, `g` Graviton, `i` Intel) and further traits
 * (AWS: docs/develop/facts.md#ec2-names-of-instance-types).
 */

/** In EC2's words, and `mac` for what boots macOS alone. */
export type Processor = 'x86_64' | 'arm64' | 'mac';

export interface InstanceFamily {
  /** Such as `c7gd`. */
  readonly name: string;
  /** 7 in `c7gd`; undefined where a name tells none. */
  readonly generation?: number;
  readonly processor: Processor;
  /** Whose processor it is, where the name says so. */
  readonly vendor?: 'AMD' | 'Graviton' | 'Intel';
}

const NAME = /^(?<family>[a-z][a-z0-9-]*)\.(?<size>[a-z0-9-]+)$/;
const SIZE = /^(nano|micro|small|medium|large|\d{0,3}xlarge|metal(-\d{1,3}xl)?)$/;
const FAMILY = /^(?<series>[a-z]+)(?<generation>\d)(?<letters>[a-z]*)(-[a-z0-9]+)?$/;
/** Sizes people write wrong; there are more. */
export const USUAL_SIZES: readonly string[] = [
  ...['nano', 'micro', 'small', 'medium', 'large', 'xlarge'],
  ...[2, 4, 8, 12, 16, 24, 32, 48].map((times) => `${times}xlarge`),
  ...['metal', 'metal-24xl', 'metal-48xl'],
];

/** Every family EC2 sold in late 2026, by the SDK's list. */
export const KNOWN_FAMILIES: readonly string[] = (
  'a1 c1 c3 c4 c5 c5a c5ad c5d c5n c6a c6g c6gd c6gn c6i c6id c6in c7a c7g c7gd c7gn c7i c7i-flex c8a c8g c8gb c8gd c8gn c8i ' +
  'c8i-flex c8ib c8id c8in c8ine c9g c9gd cc1 cc2 cg1 cr1 d2 d3 d3en dl1 dl2q f1 f2 g2 g3 g3s g4ad g4dn g5 g5g g6 g6e g6f g7 ' +
  'g7e gr6 gr6f h1 hi1 hpc6a hpc6id hpc7a hpc7g hpc8a hs1 i2 i3 i3en i4g i4i i7i i7ie i8g i8ge im4gn inf1 inf2 is4gen m1 m2 ' +
  'm3 m4 m5 m5a m5ad m5d m5dn m5n m5zn m6a m6g m6gd m6i m6id m6idn m6in m7a m7g m7gd m7i m7i-flex m8a m8azn m8g m8gb m8gd ' +
  'm8gn m8i m8i-flex m8ib m8id m8idb m8idn m8in m8ine m9g m9gd mac-m3ultra mac-m4 mac-m4max mac-m4pro mac1 mac2 mac2-m1ultra ' +
  'mac2-m2 mac2-m2pro p2 p3 p3dn p4d p4de p5 p5e p5en p6-b200 p6-b300 p6e-gb200 r3 r4 r5 r5a r5ad r5b r5d r5dn r5n r6a r6g ' +
  'r6gd r6i r6id r6idn r6in r7a r7g r7gd r7i r7iz r8a r8g r8gb r8gd r8gn r8i r8i-flex r8ib r8id r8idb r8idn r8in r9g r9gd t1 ' +
  't2 t3 t3a t4g t8i trn1 trn1n trn2 trn2u u-12tb1 u-18tb1 u-24tb1 u-3tb1 u-6tb1 u-9tb1 u7i-12tb u7i-6tb u7i-8tb u7ib-12tb ' +
  'u7in-16tb u7in-24tb u7in-32tb u7inh-32tb vt1 x1 x1e x2gd x2idn x2iedn x2iezn x8aedz x8g x8i z1d'
).split(' ');

/** The two halves of a name such as `c7i.2xlarge`; the schema has seen to it that there are two. */
export function partsOf(instanceType: string): { readonly family: string; readonly size: string } {
  const { family = instanceType, size = '' } = NAME.exec(instanceType)?.groups ?? {};
  return { family, size };
}

/** Whether EC2 has sizes of such a name. */
export const isSize = (size: string): boolean => SIZE.test(size);

/** What the name tells; undefined for a family of a series that does not follow the scheme and is not known. */
export function familyOf(instanceType: string): InstanceFamily | undefined {
  const { family: name } = partsOf(instanceType);
  if (name.startsWith('mac')) return { name, processor: 'mac' };
  // The first Graviton, from before the letters; and processors of NVIDIA, which are ARM's too.
  if (name === 'a1') return { name, generation: 1, processor: 'arm64', vendor: 'Graviton' };
  if (/-gb\d+$/.test(name)) return { name, processor: 'arm64' };
  if (/^u-\d+tb\d$/.test(name)) return { name, processor: 'x86_64', vendor: 'Intel' };
  const { series = '', generation = '', letters = '' } = FAMILY.exec(name)?.groups ?? {};
  if (series === '' || !isSeries(series)) return undefined;
  const vendor = vendorOf(series, Number(generation), letters);
  return {
    name,
    generation: Number(generation),
    processor: letters.includes('g') ? 'arm64' : 'x86_64',
    ...(vendor !== undefined && { vendor }),
  };
}

const KNOWN_SERIES = new Set(KNOWN_FAMILIES.map((name) => FAMILY.exec(name)?.groups?.['series']));
const isSeries = (series: string): boolean => KNOWN_SERIES.has(series);

function vendorOf(series: string, generation: number, letters: string): InstanceFamily['vendor'] {
  if (letters.includes('g')) return 'Graviton';
  if (letters.includes('a')) return 'AMD';
  if (letters.includes('i')) return 'Intel';
  // Before the sixth generation Intel went without saying, but for accelerated machines.
  return generation <= 5 && /^[cmrtdhixz]$/.test(series) ? 'Intel' : undefined;
}

/** Graviton 4 and what came after it run 64-bit programs only (AWS Graviton Technical Guide). */
export const runs32BitArm = ({ processor, generation = 0 }: InstanceFamily): boolean =>
  processor === 'arm64' && generation < 8;
