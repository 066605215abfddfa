/** The bench of policies for people: a table of each trace and billing, our hours beside the peers', the bursts. */
import type { Summary } from '../../prove/bench/policy/bench.ts';
import { ratiosOf } from '../../prove/bench/policy/bench.ts';
import type { Benched } from '../../prove/bench/policy/bench.ts';
import { burstRatio } from '../../prove/bench/policy/burst.ts';
import type { Row } from '../../prove/bench/policy/task.ts';
import { painter } from '../show/paint.ts';
import { renderTable } from '../show/table.ts';
import type { Cell, Column } from '../show/table.ts';

export interface Sheet {
  readonly columns: number;
  readonly colour: boolean;
}

const NUMBERS: readonly (readonly [title: string, of: (row: Row) => string])[] = [
  ['hours', ({ hours }) => hours.toFixed(0)],
  ['by work', ({ workBoundRatio }) => workBoundRatio.toFixed(2)],
  ['wait', ({ workWeightedWait }) => workWeightedWait.toFixed(0)],
  ['mean', ({ meanWait }) => meanWait.toFixed(0)],
  ['p50', ({ p50 }) => p50.toFixed(0)],
  ['p95', ({ p95 }) => p95.toFixed(0)],
  ['longest', ({ maxWait }) => maxWait.toFixed(0)],
  ['starts', ({ starts }) => String(starts)],
  ['peak', ({ peak }) => String(peak)],
];

const HEAD: readonly Column[] = [
  { title: 'policy' },
  ...NUMBERS.map(([title]): Column => ({ title, align: 'right' })),
  { title: 'setting' },
];

/** The lines, the summary last. */
export function policyTable(benched: Benched, summary: Summary, sheet: Sheet): readonly string[] {
  const groups = Map.groupBy(benched.rows, ({ trace, billing }) => `${trace}, billed ${billing}`);
  const paint = painter(sheet.colour);
  return [
    ...[...groups].flatMap(([title, rows]) => [
      paint({ text: title, style: 'bold' }),
      ...renderTable(HEAD, byWait(rows).map(cellsOf), sheet.columns, paint),
      ...comparison(rows, sheet),
      '',
    ]),
    ...burstLines(benched, sheet),
    ...summaryLines(summary),
  ];
}

const byWait = (rows: readonly Row[]): readonly Row[] =>
  rows.toSorted((a, b) => a.workWeightedWait - b.workWeightedWait);

const cellsOf = (row: Row): readonly Cell[] => {
  const isOurs = row.policy === 'ours';
  const texts = [row.policy, ...NUMBERS.map(([, of]) => of(row)), row.setting];
  return texts.map((text) => (isOurs ? { text, style: 'green' } : { text }));
};

/** Our hours by each peer's, a row a clock. */
function comparison(rows: readonly Row[], { columns, colour }: Sheet): readonly string[] {
  const clocks = [...new Set(rows.flatMap(({ clock }) => clock ?? []))];
  const peers = rows.filter(({ policy }) => policy !== 'ours');
  if (clocks.length === 0 || peers.length === 0) return [];
  const ratios = clocks.map((clock) => ratiosOf(rows, clock).map(({ ratio }) => ratioText(ratio)));
  const cells = peers.map((peer, index) =>
    [peer.policy, ...ratios.map((of) => of[index] ?? ''), ''].map((text) => ({ text })),
  );
  const head: Column[] = [
    { title: 'our hours by those of' },
    ...clocks.map((title): Column => ({ title, align: 'right' })),
    { title: '' },
  ];
  return ['', ...renderTable(head, cells, columns, painter(colour))];
}

const ratioText = (ratio: number | undefined): string => ratio?.toFixed(2) ?? 'not reached';

function burstLines({ bursts }: Benched, { columns, colour }: Sheet): readonly string[] {
  if (bursts.length === 0) return [];
  const paint = painter(colour);
  const head: Column[] = [
    { title: 'clock' },
    { title: 'boot', align: 'right' },
    { title: 'mean', align: 'right' },
    { title: 'worst', align: 'right' },
    { title: 'by boot and one command', align: 'right' },
    { title: 'seconds in each phase of the clock' },
  ];
  const cells = bursts.map((burst) => {
    const { clock, bootSeconds, lastOffered } = burst;
    const mean = lastOffered.reduce((sum, seconds) => sum + seconds, 0) / lastOffered.length;
    const texts = [mean, Math.max(...lastOffered)].map((seconds) => seconds.toFixed(0));
    const phases = lastOffered.map((seconds) => seconds.toFixed(0)).join(', ');
    return [clock, String(bootSeconds), ...texts, burstRatio(burst).toFixed(2), phases].map((text) => ({
      text,
    }));
  });
  const title = 'burst of 96 steps: seconds to the last machine offered';
  return [paint({ text: title, style: 'bold' }), ...renderTable(head, cells, columns, paint), ''];
}

function summaryLines(summary: Summary): readonly string[] {
  const { geometricMean, worst, unreached, violations, burst45, burst120 } = summary;
  const compared =
    geometricMean === null
      ? []
      : [
          `our hours by the peers’, at no longer work-weighted wait: geometric mean ${geometricMean}, worst ${worst ?? ''}`,
        ];
  const missed = unreached === 0 ? [] : [`peers that wait less than any row of ours: ${unreached}`];
  const burst =
    burst45 === null || burst120 === null
      ? []
      : [`burst by boot and one command: ${burst45} at 45 s, ${burst120} at 120 s`];
  return [...compared, ...missed, ...burst, `rules broken: ${violations}`];
}
