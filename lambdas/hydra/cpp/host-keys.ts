/** The SSH host keys of machines, by two ways that nothing else should be able to write to: the console, and SSM. */
import { createHash } from 'node:crypto';
import type { SideProblems } from '../../aws/side-problems.ts';
import type { Identities } from '../dialect.ts';
import type { MachineAnswers } from './ask-machines.ts';

/** What NixOS from 25.11 and cloud-init print around the keys. Older NixOS prints fingerprints only: no use. */
const KEY_BLOCK = /-----BEGIN SSH HOST KEY KEYS-----(.*?)-----END SSH HOST KEY KEYS-----/gs;
/** An Ed25519 key is always 51 bytes with the same first 19, so half a line, or one with noise in it, cannot match. */
const ED25519_KEY = /ssh-ed25519 (AAAAC3NzaC1lZDI1NTE5AAAAI[A-Za-z0-9+/]{43})(?![A-Za-z0-9+/=])/;

/**
 * The Ed25519 host key in what an instance printed, as `ssh-ed25519 BASE64`; undefined when there is none.
 * Of several boots the last counts. Log prefixes and `\r` do no harm. Never throws.
 */
export function hostKeyIn(consoleText: string): string | undefined {
  const blocks = [...consoleText.matchAll(KEY_BLOCK)].map((match) => match[1] ?? '');
  const keys = blocks.map((block) => ED25519_KEY.exec(block)?.[1]).filter((key) => key !== undefined);
  const last = keys.at(-1);
  return last === undefined ? undefined : `ssh-ed25519 ${last}`;
}

/** What the setup of a builder (infra/builders/setup.sh) says last of all, at each boot. */
const READY = 'hydra-builder: ready';
const REFUSES = /hydra-builder: takes no builds: ([\x20-\x7e]{1,200})/g;

/** Why the setup of a machine let no queue runner in, in its own words; undefined where it did, or is not done yet. */
export function setupRefusalIn(consoleText: string): string | undefined {
  const last = [...consoleText.matchAll(REFUSES)].at(-1);
  return last !== undefined && consoleText.lastIndexOf(READY) < last.index ? last[1] : undefined;
}

/** The host keys that consoles tell, and which machines say there that they take no builds. */
export function keysOnConsoles(texts: ReadonlyMap<string, string>, problems: SideProblems): Identities {
  const identities = new Map<string, string>();
  const objections = new Map<string, string>();
  for (const [id, text] of texts) {
    const [key, refusal] = [hostKeyIn(text), setupRefusalIn(text)];
    if (key !== undefined) identities.set(id, key);
    if (refusal !== undefined)
      objections.set(id, `a setup that lets builds in: its console says that it takes none: ${refusal}`);
  }
  return { identities, ...(objections.size === 0 ? {} : { objections }), problems: problems.all };
}

/**
 * One answer from both ways. Where they tell different keys, one answer is not the machine's own: neither key is
 * believed.
 */
export function agreedKeys(fromConsole: Identities, { answers, problems }: MachineAnswers): Identities {
  const identities = new Map(fromConsole.identities);
  const objections = new Map(fromConsole.objections);
  for (const [id, { hostKey }] of answers) {
    const other = identities.get(id);
    if (hostKey === undefined) continue;
    if (other === undefined || other === hostKey) identities.set(id, hostKey);
    else {
      identities.delete(id);
      objections.set(
        id,
        `one SSH host key: its console tells ${fingerprintOf(other)}, and over SSM it tells ${fingerprintOf(hostKey)}`,
      );
    }
  }
  return {
    identities,
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
