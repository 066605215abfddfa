/** Whether AWS itself would let a machine type's launches through: not our own idea of what its policies say. */
import { inContext } from '../reason/problem.ts';
import { bad, doubtful, doubtfulBy, good } from './finding.ts';
import type { Result } from '../reason/result.ts';
import type { Said, Trial } from './finding.ts';

type Refused = Extract<Trial, { outcome: 'denied' | 'refused' }>;

export function examinePermissions(trials: Result<readonly Trial[]>): readonly Said[] {
  if (!trials.ok)
    return [
      doubtfulBy(inContext('not tried', trials.problem), 'ask again when there is an image to try it with'),
    ];
  const stops = trials.value.flatMap((trial) => {
    if (trial.outcome === 'allowed') return [];
    if (trial.outcome !== 'unknown') return stopped(trial);
    return doubtful(`whether ${trial.call} is allowed could not be asked: ${trial.says}`, 'ask again');
  });
  const calls = trials.value.map(({ call }) => call).join(' and ');
  return stops.length > 0 ? stops : [good(`AWS lets a launch through (${calls}, tried without launching)`)];
}

/** EC2's words for who was denied what, where, and by which kind of policy; older and encoded denials have none. */
const DENIAL =
  /is not authorized to perform: (?<action>\S+) on resource: (?<resource>\S+) (?<why>(because|with) .*)$/s;

function stopped(trial: Refused): Said {
  const { call, code, says, encoded } = trial;
  if (trial.outcome === 'refused')
    return bad(`${call} would be refused: ${code}: ${says}`, trial.remedy ?? 'change what it names');
  const {
    action = call,
    resource = 'something AWS does not name',
    why = `${code}: ${says}`,
  } = DENIAL.exec(says)?.groups ?? {};
  const finding = bad(
    `${call} would be denied: ${action} on ${resource}, ${why}`,
    [remedyOf(why, trial), ...(encoded === undefined ? [] : [DECODE])].join('; '),
  );
  return encoded === undefined ? finding : { ...finding, encoded };
}

const DECODE =
  'which statement: aws sts decode-authorization-message --encoded-message … (`encoded` in doctor --json)';

/** By the words AWS has for the kinds of policies (AWS: docs/develop/facts.md#iam-words-of-a-denial). */
const REMEDIES: readonly (readonly [words: RegExp, remedy: string])[] = [
  [
    /(service|resource) control policy/,
    'a policy of the organisation denies it: meet what it demands (tags by deploy.tags), or ask whoever keeps it for an exception',
  ],
  [
    /permissions boundary/,
    'the permissions boundary of the function’s role must allow what docs/permissions.md lists',
  ],
  [
    /no identity-based policy allows/,
    'deploy the stack again; a launch template of your own, and what it names, must bear the farm’s tag',
  ],
];

const remedyOf = (why: string, { remedy }: Refused): string =>
  REMEDIES.find(([words]) => words.test(why))?.[1] ?? remedy ?? 'look for the policy that denies it';
