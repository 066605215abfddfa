/** The serial console: a boot log in which a NixOS image prints its SSH host keys among the kernel's noise. */
import { createHash } from 'node:crypto';
import type { EpochSeconds } from '../../../lambdas/core/model/index.ts';
import type { RegionInstance } from './instance.ts';

/** SHA-256 of the key blob as `ssh-keygen -l` prints it. */
const hostKeyFingerprint = (hostKey: string): string => {
  const [, blob = '', comment = ''] = hostKey.split(' ');
  const digest = createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64').replace(/=+$/, '');
  return `256 SHA256:${digest} ${comment} (ED25519)`;
};

const block = (title: string, lines: readonly string[]): readonly string[] => [
  `-----BEGIN SSH HOST KEY ${title}-----`,
  ...lines,
  `-----END SSH HOST KEY ${title}-----`,
];

function hostKeyLines(instance: RegionInstance): readonly string[] {
  const fingerprints = block('FINGERPRINTS', [hostKeyFingerprint(instance.hostKey)]);
  if (instance.image.prints === 'nothing') return [];
  if (instance.image.prints === 'fingerprints') return fingerprints;
  return [...fingerprints, ...block('KEYS', [instance.hostKey])];
}

export interface ConsoleOutput {
  /** Empty until the first boot log has been posted. */
  readonly text: string;
  readonly postedAt: EpochSeconds;
}

/** What GetConsoleOutput knows at `now`; at most the latest 64 KiB on AWS, far less here. */
export function consoleOutput(instance: RegionInstance, now: EpochSeconds): ConsoleOutput {
  if (instance.consoleAt === undefined || instance.consoleAt > now) {
    return { text: '', postedAt: instance.startedAt };
  }
  const lines = [
    '[    0.000000] Linux version 6.12.0 (nixbld@localhost) #1-NixOS SMP PREEMPT_DYNAMIC',
    '<<< NixOS Stage 2 >>>',
    `[   12.345678] systemd[1]: Hostname set to <ip-${instance.address.replaceAll('.', '-')}>.`,
    ...hostKeyLines(instance),
    '<<< Welcome to NixOS 26.05 (x86_64) - ttyS0 >>>',
  ];
  return { text: `${lines.join('\r\n')}\r\n`, postedAt: instance.consoleAt };
}
