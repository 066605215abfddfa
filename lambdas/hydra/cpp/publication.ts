/** What must hold before a machines file is sent, and after it was. */
import type { Config } from '../../core/config/config.ts';
import type { Problem } from '../../core/model/index.ts';
import { inContext } from '../../core/reason/problem.ts';
import { OfferError } from '../dialect.ts';
import { DOCUMENTS } from '../documents.ts';
import type { RunResult } from '../../aws/ssm/results.ts';
import { decodePublished, type PublishAnswer } from './host-answer.ts';

/** Whose file it is cannot be told, and it may be in use. */
export const unnamedFile = ({ tag, host }: Pick<Config, 'tag' | 'host'>): Problem => ({
  says: `${host.machinesFile} was written by hydra-autoscaler, but does not say for which farm, and ${tag} has never written it`,
  remedy: 'give host.machinesFile a path of its own, or remove that file if no farm uses it',
});

/** @throws OfferError naming how many machines would fit. */
export function refuseOversize(characters: number, machines: number): void {
  const { maxChars } = DOCUMENTS.publish.parameters.content;
  if (characters <= maxChars) return;
  const fitting = Math.floor((machines * maxChars) / characters);
  throw new OfferError({
    says: `the machines file with ${machines} lines is too long for one SSM command: ${characters} characters in base64, ${maxChars} fit`,
    remedy: `at most about ${fitting} machines and placeholders`,
  });
}

/** @throws OfferError unless `run` says that the file with `sha256` lies there now. */
export function verified(run: RunResult, sha256: string): PublishAnswer {
  if (!run.ok) {
    const known = run.problem.outcome === 'failed';
    const which = known ? '' : ' (the old file or the new one lies there, whole)';
    throw new OfferError(inContext(`the machines file could not be put in place${which}`, run.problem));
  }
  const answer = decodePublished(run.value.stdout);
  if (!answer.ok)
    throw new OfferError(inContext('whether the machines file is in place is not known', answer.problem));
  if (answer.value.sha256 !== sha256) {
    const says = `another machines file lies there than was sent, with checksum ${answer.value.sha256}`;
    throw new OfferError({ says });
  }
  return answer.value;
}
