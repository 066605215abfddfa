/** The SSH host keys of machines, by two ways that nobody else should be able to write: the console, and the machine over SSM. */
import { createHash } from 'node:crypto';
import type { HostKeys } from '../../ports.ts';
import type { MachineAnswers } from './machine-answers.ts';

/**
 * One answer of both ways. Where they tell different keys, somebody answers for the machine who is not it: neither key is
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
