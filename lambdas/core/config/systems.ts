/** Systems as Nix names them: which exist, what other words may mean, and whose processors build them. */
import type { Suggest } from './problem.ts';

/** What EC2 calls the architectures of its processors. */
export type Architecture = 'x86_64' | 'arm64';

/** Processors by kernel: nixpkgs' `lib.systems.doubles`, as far as Nix or an emulator under Linux runs builds for them. */
const PROCESSORS: Readonly<Record<string, string>> = {
  linux:
    'x86_64 aarch64 i686 armv5tel armv6l armv7a armv7l riscv32 riscv64 loongarch64 powerpc powerpc64 powerpc64le s390 s390x ' +
    'mips mipsel mips64 mips64el m68k microblaze microblazeel sh4 arc alpha',
  darwin: 'x86_64 aarch64 i686',
  freebsd: 'x86_64 aarch64 i686',
  netbsd: 'x86_64 aarch64 i686 armv6l armv7a armv7l m68k mipsel powerpc riscv32 riscv64',
  openbsd: 'x86_64 i686',
  solaris: 'x86_64',
  cygwin: 'x86_64 i686',
  windows: 'x86_64 aarch64 i686',
  wasi: 'wasm32 wasm64',
};

/** Nix adds the levels of the processor it runs on to its systems by itself. */
const LEVELS = ['x86_64-v1-linux', 'x86_64-v2-linux', 'x86_64-v3-linux', 'x86_64-v4-linux'];

export const KNOWN_SYSTEMS: readonly string[] = [
  ...Object.entries(PROCESSORS).flatMap(([kernel, processors]) =>
    processors.split(' ').map((processor) => `${processor}-${kernel}`),
  ),
  ...LEVELS,
];

/** What others call them. */
const PROCESSOR_NAMES: Readonly<Record<string, string>> = {
  amd64: 'x86_64',
  x64: 'x86_64',
  x8664: 'x86_64',
  arm64: 'aarch64',
  armv8: 'aarch64',
  arm: 'armv7l',
  armhf: 'armv7l',
  armv7: 'armv7l',
  armv6: 'armv6l',
  x86: 'i686',
  i386: 'i686',
  i486: 'i686',
  i586: 'i686',
  riscv: 'riscv64',
  ppc64le: 'powerpc64le',
};
const KERNEL_NAMES: Readonly<Record<string, string>> = { macos: 'darwin', osx: 'darwin', mac: 'darwin' };

/** Which systems may have been meant by a word that is not one; empty where that cannot be told. */
export function systemsMeant(word: string, suggest: Suggest): readonly string[] {
  const [processor = '', ...others] = word
    .toLowerCase()
    .replace(/^x86-64/, 'x86_64')
    .split('-');
  const kernel = others.map((other) => KERNEL_NAMES[other] ?? other).find((other) => other in PROCESSORS);
  const kernelAlone = KERNEL_NAMES[processor] ?? processor;
  if (kernelAlone in PROCESSORS) return others.length === 0 ? usual(kernelAlone) : [];
  const named = PROCESSOR_NAMES[processor.replace('_', '')] ?? processor;
  const put = `${named}-${kernel ?? 'linux'}`;
  if ((kernel !== undefined || others.length === 0) && KNOWN_SYSTEMS.includes(put)) return [put];
  const closest = suggest(word, KNOWN_SYSTEMS);
  return closest === undefined ? [] : [closest];
}

const usual = (kernel: string): readonly string[] =>
  ['x86_64', 'aarch64']
    .map((processor) => `${processor}-${kernel}`)
    .filter((system) => KNOWN_SYSTEMS.includes(system));

const BUILT_BY: readonly (readonly [system: RegExp, architecture: Architecture])[] = [
  [/^(x86_64(-v\d)?|i686)-linux$/, 'x86_64'],
  [/^(aarch64|armv\d\w*)-linux$/, 'arm64'],
];

/** What the queue runner appends to kinds of steps but that asks nothing of a machine: `local` is preferLocalBuild. */
export const PSEUDO_FEATURES: ReadonlySet<string> = new Set(['local', 'builtin']);

/** The processors of EC2 that run what is built for a system; undefined where none do without emulation. */
export const architectureOf = (system: string): Architecture | undefined =>
  BUILT_BY.find(([pattern]) => pattern.test(system))?.[1];

/** Systems whose programs run only on some of the processors that run 64-bit ARM. */
export const is32BitArm = (system: string): boolean => /^armv[5-7]\w*-linux$/.test(system);
