/** Shorthands for tests that run `observe`. */
import { decodeAnswer, type HostAnswer } from '../../../lambdas/hydra/cpp/host-answer.ts';
import { unpackPayload } from '../../../lambdas/hydra/payload.ts';
import { inBase64 } from '../../../lambdas/hydra/documents.ts';
import type { FarmChanges, ScratchHost } from '../../fakes/scratch-host.ts';

export interface Question extends Omit<FarmChanges, 'statusCommand'> {
  readonly command?: readonly string[];
  readonly probes?: readonly string[];
}

const lines = (words: readonly string[]): string => inBase64(words.map((word) => `${word}\n`).join(''));

/** The parameters as they are sent. */
export const questionParameters = (probes: readonly string[] = []): Record<string, string> => ({
  probes: lines(probes),
});

/** The answer to a look at `host`. @throws when the script failed or its answer cannot be read. */
export async function observe(host: ScratchHost, question: Question = {}): Promise<HostAnswer> {
  const { probes = [], command, ...farm } = question;
  const result = await host.run('observe', questionParameters(probes), {
    ...farm,
    ...(command !== undefined && { statusCommand: command }),
  });
  if (result.exitCode !== 0) throw new Error(`exit code ${result.exitCode}: ${result.stderr}`);
  const answer = decodeAnswer(result.stdout);
  if (!answer.ok) throw new Error(answer.problem.says);
  return answer.value;
}

/** The status in an answer that holds it whole. */
export function statusIn({ payload }: HostAnswer): string {
  const status = unpackPayload(payload);
  if (!status.ok) throw new Error(status.problem.says);
  return status.value;
}
