/** The SSH host keys of machines, by two ways that nothing else should be able to write to: the console, and SSM. */
import { createHash } from 'node:crypto';
import type { HostKeys } from '../../ports.ts';
import type { MachineAnswers } from './machine-answers.ts';

/**
 * One answer from both ways. Where they tell different keys, one answer is not the machine's own: neither key is
 * believed.
 */
export function agreedKeys(fromConsole: HostKeys, { answers, problems }: MachineAnswers): HostKeys {
  const keys = new Map(fromConsole.keys);
  const objections = new Map(fromConsole.objections);
  for (const [id, { hostKey }] of answers) {
    const other = keys.get(id);
    if (hostKey === undefined) continue;
    if (other === undefined || other === hostKey) keys.set(id, hostKey);
    else {
      keys.delete(id);
      objections.set(
        id,
        `one SSH host key: its console tells ${fingerprintOf(other)}, and over SSM it tells ${fingerprintOf(hostKey)}`,
      );
    }
  }
  return {
    keys,
    ...(objections.size === 0 ? {} : { objections }),
    problems: [...fromConsole.problems, ...problems],
  };
}

/** As `ssh-keygen -l` prints it. @param line a public key line, `ssh-ed25519 BASE64`. */
export const fingerprintOf = (line: string): string =>
  `SHA256:${createHash('sha256')
    .update(Buffer.from(line.split(' ')[1] ?? '', 'base64'))
    .digest('base64')
    .replace(/=+$/, '')}`;
