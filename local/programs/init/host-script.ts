/**
 * What is asked of a Hydra host that no farm serves yet: the document `inspect`, as the stack would make it, with two more
 * questions around it. It only reads, and nothing that anybody said is put into it.
 */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { documentContent } from '../../../infra/documents/documents.ts';
import { HOST_KEY_FILE } from '../../../infra/hydra-host-rules.ts';
import { normaliseHost } from '../../../lambdas/core/config/host.ts';
import { configSchema } from '../../../lambdas/core/config/schema.ts';
import { decodeInspection } from '../../../lambdas/hydra/cpp/doctor/decode-inspection.ts';
import {
  decodeRustInspection,
  isRustInspection,
} from '../../../lambdas/hydra/rust/doctor/decode-inspection.ts';
import { text } from '../../../lambdas/hydra/inspected.ts';
import type { Result } from '../../../lambdas/core/reason/result.ts';
import type { HostLook } from './account-facts.ts';
import { OTHER_KEY_FILE } from './decide-host.ts';

const SCRIPTS = {
  common: new URL('../../../infra/documents/common.sh', import.meta.url),
  hostSystem: new URL('../../../infra/documents/host-system.sh', import.meta.url),
  hostKey: new URL('host-key.sh', import.meta.url),
};

const lines = (script: URL): readonly string[] =>
  readFileSync(script, 'utf8')
    .split('\n')
    .filter((line) => !/^\s*(#|$)/.test(line));

/** The script, for the document AWS-RunShellScript. */
export function hostScript(): string {
  const { host } = configSchema.parse({ host: { instanceId: 'i-00000000' } });
  const machineTypes = [HOST_KEY_FILE, OTHER_KEY_FILE].map((sshKey) => ({ sshKey }));
  const inspect = documentContent('inspect', {
    tag: 'init',
    launchAhead: false,
    host: normaliseHost(host),
    machineTypes,
  });
  const [step] = inspect.mainSteps;
  return [
    ...lines(SCRIPTS.common),
    ...lines(SCRIPTS.hostSystem),
    'printf \'system %s\\n\' "$(host_system)"',
    ...step.inputs.runCommand,
    ...lines(SCRIPTS.hostKey),
  ].join('\n');
}

const ANSWER =
  /^system (?<system>[a-z0-9_]+-[a-z]+)\n(?<inspection>hydra-autoscaler 1 inspect(?:-rust)?\n(?:[^\n]+\n)*?end\n?)(?:container (?<container>yes|no)\n?(?<keys>(?:public \S+ \S*\n?)*))?$/;
const PUBLIC_KEY = /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]+={0,2}$/;
const keySchema = z.tuple([z.literal('public'), text, text.pipe(z.stringFormat('public key', PUBLIC_KEY))]);

/** What the script printed. Never throws. */
export function hostLookIn(stdout: string): Result<HostLook> {
  const { system, inspection, container, keys = '' } = ANSWER.exec(stdout)?.groups ?? {};
  if (system === undefined || inspection === undefined)
    return { ok: false, problem: { says: 'what the script printed is cut off or not ours' } };
  return isRustInspection(inspection)
    ? rustLook(system, inspection)
    : cppLook({ system, inspection, keys, isInContainer: container === 'yes' });
}

function rustLook(system: string, inspection: string): Result<HostLook> {
  const decoded = decodeRustInspection(inspection);
  if (!decoded.ok) return decoded;
  return { ok: true, value: { system, runner: 'rust', isInContainer: false } };
}

/** What a host with the C++ queue runner printed, in its parts. */
interface CppAnswer {
  readonly system: string;
  readonly inspection: string;
  readonly keys: string;
  readonly isInContainer: boolean;
}

function cppLook({ system, inspection, keys, isInContainer }: CppAnswer): Result<HostLook> {
  const decoded = decodeInspection(inspection);
  if (!decoded.ok) return decoded;
  const { source, user } = decoded.value;
  const [key] = keysIn(keys);
  return {
    ok: true,
    value: {
      system,
      isInContainer,
      ...(source !== 'none' && { runner: 'cpp' as const }),
      ...(user !== undefined && { user }),
      ...key,
    },
  };
}

/** One whose public half cannot be told is of no use. */
const keysIn = (told: string): readonly Required<Pick<HostLook, 'sshKey' | 'publicKey'>>[] =>
  told.split('\n').flatMap((line) => {
    const { data } = keySchema.safeParse(line.split(' '));
    return data === undefined ? [] : [{ sshKey: data[1], publicKey: data[2] }];
  });
