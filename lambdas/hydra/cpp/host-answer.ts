/**
 * What our documents print on the Hydra host, taken apart. Anything that is not whole, or not exactly of this form, is
 * refused: half an answer must never pass for an answer.
 */
import type { EpochSeconds, Notice, Problem, Readiness } from '../../core/model/index.ts';
import type { Result } from '../../core/reason/result.ts';
import { excerpt } from '../../core/text/excerpt.ts';
import { EVALUATION_LINES, noticeIn } from '../evaluations.ts';
import { decoded, groupsOf, type Payload, refused } from '../payload.ts';

/** A path may be long; the words around it are ours. */
const PLACE_CHARACTERS = 700;

/** One look at the host. */
export interface HostAnswer {
  /** Of the status command. */
  readonly exitCode: number;
  /** The host’s clock when the status command had ended. */
  readonly hostNow: EpochSeconds;
  /** Such as `x86_64-linux`. */
  readonly hostSystem: string;
  /** Absent when there is no machines file. */
  readonly file?: {
    readonly sha256: string;
    readonly modifiedAt: EpochSeconds;
    /** It is one of ours, but does not say of which farm. */
    readonly isUnnamed: boolean;
  };
  /** Why our machines file cannot be put in place, whatever is tried; absent where it can. */
  readonly unofferable?: Problem;
  /** The end of what the status command wrote there. */
  readonly stderr: string;
  readonly probes: readonly Readiness[];
  /** Absent where nothing is told of evaluations. */
  readonly notice?: Notice;
  readonly payload: Payload;
}

/** The machines file as `publish` left it. */
export interface PublishAnswer {
  readonly written: boolean;
  readonly sha256: string;
  readonly modifiedAt: EpochSeconds;
  readonly hostNow: EpochSeconds;
}

const ANSWER = new RegExp(
  [
    '^hydra-autoscaler 1 observe',
    'exit (?<exit>\\d{1,3})',
    'clock (?<clock>\\d{1,12})',
    'system (?<system>[a-z0-9_]+-[a-z0-9_.-]+)',
    'file (?:none|(?<file>[0-9a-f]{64}) (?<modified>\\d{1,12})(?<unnamed> unnamed)?)',
    'stderr (?<stderr>[A-Za-z0-9+/]*={0,2})',
    `(?:place (?<place>[A-Za-z0-9+/]+={0,2})\\n)?(?<probes>(?:probe [^\\n]*\\n)*)${EVALUATION_LINES}payload (?<sha256>[0-9a-f]{64}) (?<length>\\d{1,9})`,
    '(?<text>[A-Za-z0-9+/=]+)\\s*$',
  ].join('\\n'),
);
const PROBE = /^probe (?<instanceId>[a-z0-9-]+) (?:(?<reached>reached)|failed (?<detail>[ -~]*))$/;
const PUBLISHED =
  /^hydra-autoscaler 1 publish\n(?<outcome>written|unchanged) (?<sha256>[0-9a-f]{64}) (?<modified>\d{1,12})\nclock (?<clock>\d{1,12})\s*$/;

/** The answer of `observe`. Never throws. */
export function decodeAnswer(stdout: string): Result<HostAnswer> {
  const found = groupsOf(ANSWER, stdout);
  if (found === undefined) return refused('the answer of the Hydra host is cut off or not ours', stdout);
  const probes = decodeProbes(found('probes'));
  if (!probes.ok) return probes;
  const payload = { sha256: found('sha256'), length: Number(found('length')), text: found('text') };
  if (payload.text.length > payload.length)
    return refused('the status is longer than announced', payload.text);
  const notice = noticeIn(found('evaluations'), Number(found('clock')));
  return decoded({
    exitCode: Number(found('exit')),
    hostNow: Number(found('clock')),
    hostSystem: found('system'),
    ...(found('file') !== '' && {
      file: {
        sha256: found('file'),
        modifiedAt: Number(found('modified')),
        isUnnamed: found('unnamed') !== '',
      },
    }),
    ...(found('place') !== '' && {
      unofferable: {
        says: excerpt(Buffer.from(found('place'), 'base64').toString('utf8'), PLACE_CHARACTERS),
      },
    }),
    stderr: Buffer.from(found('stderr'), 'base64').toString('utf8'),
    probes: probes.value,
    ...(notice !== undefined && { notice }),
    payload,
  });
}

function decodeProbes(text: string): Result<Readiness[]> {
  const results: Readiness[] = [];
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const found = groupsOf(PROBE, line);
    if (found === undefined) return refused('a probe result cannot be read', line);
    const reached = found('reached') !== '';
    results.push({ instanceId: found('instanceId'), reached, detail: found('detail').trim() });
  }
  return decoded(results);
}

/** The answer of `publish`. Never throws. */
export function decodePublished(stdout: string): Result<PublishAnswer> {
  const found = groupsOf(PUBLISHED, stdout);
  if (found === undefined) return refused('the answer of the Hydra host is cut off or not ours', stdout);
  return decoded({
    written: found('outcome') === 'written',
    sha256: found('sha256'),
    modifiedAt: Number(found('modified')),
    hostNow: Number(found('clock')),
  });
}
