/** Shorthands for tests that run `observe`. */
import {
  decodeAnswer,
  type HostAnswer,
  unpackPayload,
} from '../../lambdas/adapters/hydra-cpp/host-answer.ts';
import { inBase64 } from '../../lambdas/adapters/ssm-documents.ts';
import type { ScratchHost } from '../fakes/scratch-host.ts';

export interface Question {
  readonly command?: readonly string[];
  readonly user?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly machinesFile?: string;
  readonly probes?: readonly string[];
}

const lines = (words: readonly string[]): string => inBase64(words.map((word) => `${word}\n`).join(''));

/** The parameters as they are sent. */
export function questionParameters(host: ScratchHost, question: Question = {}): Record<string, string> {
  return {
    statusCommand: lines(question.command ?? ['hydra-queue-runner', '--status']),
    user: inBase64(question.user ?? ''),
    environment: lines(Object.entries(question.environment ?? {}).map(([name, value]) => `${name}=${value}`)),
    machinesFile: inBase64(question.machinesFile ?? host.path('var/lib/hydra/provisioner/machines')),
    probes: lines(question.probes ?? []),
  };
}

/** The answer to a look at `host`. @throws when the script failed or its answer cannot be read. */
export async function observe(host: ScratchHost, question: Question = {}): Promise<HostAnswer> {
  const result = await host.run('observe', questionParameters(host, question));
  if (result.exitCode !== 0) throw new Error(`exit code ${result.exitCode}: ${result.stderr}`);
  const answer = decodeAnswer(result.stdout);
  if (!answer.ok) throw new Error(answer.reason);
  return answer.value;
}

/** The status in an answer that holds it whole. */
export function statusIn({ payload }: HostAnswer): string {
  const status = unpackPayload(payload);
  if (!status.ok) throw new Error(status.reason);
  return status.value;
}
