/** What evaluations may bring a machine type, and why machines are launched ahead for that or not. */
import type { Prospect } from '../capacity/ahead.ts';
import type { TypeDemand } from '../capacity/demand.ts';
import { count } from '../text/count.ts';

/** Nothing while no jobset is evaluated of which anything is known. */
export const prospectsInWords = ({ prospects }: TypeDemand): readonly string[] =>
  prospects.map(
    (prospect) =>
      `the evaluation of ${prospect.jobset} ${prospect.state === 'over' ? 'has just brought' : 'usually brings'} ` +
      `${count(prospect.builds, 'build')}; ${VERDICTS[prospect.state](prospect)}`,
  );

const VERDICTS: Readonly<Record<Prospect['state'], (prospect: Prospect) => string>> = {
  likely: ({ share }) => `machines are launched ahead (some ${percent(share)} of such evaluations bring any)`,
  over: () => 'the queue runner may not have read them yet',
  unlikely: ({ share }) => `nothing is launched ahead: ${percent(share)} of such evaluations is too few`,
  early: () => 'it is too early to launch for them',
  late: () => 'it takes far longer than it ever did, and is not waited for',
};

const percent = (share: number): string => `${Math.round(share * 100)} %`;
