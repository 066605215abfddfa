/** What must hold before a machines file is sent, and after it was. */
import { PublishError } from '../../ports.ts';
import { DOCUMENTS } from './documents.ts';
import type { RunResult } from '../../aws/ssm/results.ts';
import { decodePublished, type PublishAnswer } from './host-answer.ts';

/** @throws PublishError naming how many machines would fit. */
export function refuseOversize(characters: number, machines: number): void {
  const { maxChars } = DOCUMENTS.publish.parameters.content;
  if (characters <= maxChars) return;
  const fitting = Math.floor((machines * maxChars) / characters);
  throw new PublishError(
    `the machines file with ${machines} lines is too long for one SSM command: ${characters} characters in base64, ` +
      `${maxChars} fit. Remedy: at most about ${fitting} machines and placeholders`,
  );
}

/** @throws PublishError unless `run` says that the file with `sha256` lies there now. */
export function verified(run: RunResult, sha256: string): PublishAnswer {
  if (run.outcome !== 'succeeded') {
    const known = run.outcome === 'failed';
    const which = known ? '' : ' (the old file or the new one lies there, whole)';
    throw new PublishError(`the machines file could not be put in place${which}: ${run.reason}`);
  }
  const answer = decodePublished(run.stdout);
  if (!answer.ok)
    throw new PublishError(`whether the machines file is in place is not known: ${answer.reason}`);
  if (answer.value.sha256 !== sha256) {
    throw new PublishError(
      `another machines file lies there than was sent, with checksum ${answer.value.sha256}`,
    );
  }
  return answer.value;
}
