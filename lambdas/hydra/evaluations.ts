/** What a look prints of evaluations, taken apart. It is a side question: what cannot be read is as if it were not there. */
import type { EpochSeconds, Evaluation, Harvest, Notice } from '../core/model/index.ts';
import { groupsOf } from './payload.ts';

/** The lines as they stand in an answer. */
export const EVALUATION_LINES = '(?<evaluations>(?:(?:evaluation|harvest) [^\\n]*\\n)*)';

const JOBSET = '(?<jobset>[A-Za-z0-9_.:-]{1,200})';
const TIME = '(?:-|\\d{1,12})';
const EVALUATION = new RegExp(`^evaluation ${JOBSET} (?<since>${TIME}) (?<ended>${TIME})$`);
const HARVEST = new RegExp(
  `^harvest ${JOBSET} (?<at>\\d{1,12}) (?<seconds>\\d{1,9})(?<kinds>(?: [^ ]+ \\d{1,9})*)$`,
);
const KIND = / (?<system>[^ :]+)(?::(?<features>[^ ]+))? (?<builds>\d+)/g;
/** More is not printed. */
const HARVESTS_MAX = 3;

/** @param at the host's clock at the look. Undefined where nothing is told, or nothing that can be read. */
export function noticeIn(lines: string, at: EpochSeconds): Notice | undefined {
  const all = lines.split('\n');
  const evaluations = all.flatMap((line): Evaluation[] => {
    const found = groupsOf(EVALUATION, line);
    if (found === undefined) return [];
    const jobset = found('jobset');
    return [
      {
        jobset,
        ...(found('since') !== '-' && { since: Number(found('since')) }),
        ...(found('ended') !== '-' && { endedAt: Number(found('ended')) }),
        harvests: all.flatMap((other) => harvestIn(other, jobset)).slice(0, HARVESTS_MAX),
      },
    ];
  });
  return evaluations.length === 0 ? undefined : { at, evaluations };
}

function harvestIn(line: string, jobset: string): readonly Harvest[] {
  const found = groupsOf(HARVEST, line);
  if (found?.('jobset') !== jobset) return [];
  const kinds = [...found('kinds').matchAll(KIND)].map(({ groups }) => ({
    system: groups?.['system'] ?? '',
    features: (groups?.['features'] ?? '').split(',').filter((feature) => feature !== ''),
    builds: Number(groups?.['builds']),
  }));
  return [{ at: Number(found('at')), seconds: Number(found('seconds')), kinds }];
}
