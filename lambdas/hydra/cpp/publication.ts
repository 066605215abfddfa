/** What must hold before a machines file is sent, and after it was. */
import { inContext } from '../../core/reason/problem.ts';
import { PublishError } from '../../ports.ts';
import { DOCUMENTS } from './documents.ts';
import type { RunResult } from '../../aws/ssm/results.ts';
import { decodePublished, type PublishAnswer } from './host-answer.ts';

/** @throws PublishError naming how many machines would fit. */
export function refuseOversize(characters: number, machines: number): void {
  const { maxChars } = DOCUMENTS.publish.parameters.content;
  if (characters <= maxChars) return;
  const fitting = Math.floor((machines * maxChars) / characters);
  throw new PublishError({
    says: `the machines file with ${machines} lines is too long for one SSM command: ${characters} characters in base64, ${maxChars} fit`,
    remedy: `at most about ${fitting} machines and placeholders`,
  });
}

/** @throws PublishError unless `run` says that the file with `sha256` lies there now. */
export function verified(run: RunResult, sha256: string): PublishAnswer {
  if (!run.ok) {
    const known = run.problem.outcome === 'failed';
    const which = known ? '' : ' (the old file or the new one lies there, whole)';
    throw new PublishError(inContext(`the machines file could not be put in place${which}`, run.problem));
  }
  const answer = decodePublished(run.value.stdout);
  if (!answer.ok)
    throw new PublishError(inContext('whether the machines file is in place is not known', answer.problem));
  if (answer.value.sha256 !== sha256) {
    const says = `another machines file lies there than was sent, with checksum ${answer.value.sha256}`;
    throw new PublishError({ says });
  }
  return answer.value;
}
