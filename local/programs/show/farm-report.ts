/** The report of a deployed farm, from its journal: the page of a simulated run, with what was paid. */
import { dollars } from '../../../lambdas/core/text/dollars.ts';
import { paidByType, paidFor } from '../past/money.ts';
import type { Paid } from '../past/money.ts';
import type { Past, PastMark } from '../past/past.ts';
import { pastPlots } from './report/farm-plots.ts';
import { html } from './report/html.ts';
import type { Html } from './report/html.ts';
import { renderReportPage } from './report/report-page.ts';
import type { SummaryRow } from './summary-table.ts';
import { count, duration, period, share, tenths, timeTeller } from './words.ts';
import type { TellTime } from './words.ts';

/** @param farm its tag. @returns a whole page. */
export function renderFarmReport(farm: string, past: Past): string {
  const { startedAt, end, marks, problems, ticks } = past;
  const tellTime = timeTeller(startedAt, end);
  return renderReportPage({
    kind: 'a farm’s past, from its journal',
    title: `${farm}, ${duration(end - startedAt)}`,
    time: `${period(startedAt, end)} UTC`,
    terms: termsOf(past),
    tiles: tilesOf(past),
    before: html`${moneyTable(past)} ${markList(marks, tellTime)}`,
    plots: pastPlots(past),
    behind: unknown,
    tellTime,
    problems,
    ticks,
    marks,
  });
}

/** A schedule's period of a quarter of an hour is the longest that is usual. */
const GAP_SECONDS = 1800;

function termsOf({ ticks, longestGap, unseenRounds, unreadable, bills }: Past): readonly string[] {
  const { unpricedSeconds, total } = paidFor(bills);
  return [
    ...(ticks.ticks === 0 ? ['The journal has no tick of this time.'] : []),
    ...(longestGap > GAP_SECONDS
      ? [`For ${duration(longestGap)} at a time no tick ran: what was not seen is not in the numbers.`]
      : []),
    ...(unpricedSeconds > 0
      ? [
          `Of ${hours(unpricedSeconds)} (${share(unpricedSeconds, total)} of the time paid for) no price is known: the dollars leave them out.`,
        ]
      : []),
    ...(unseenRounds > 0
      ? [`${count(unseenRounds, 'round')} were too large to be kept whole; the charts leave them out.`]
      : []),
    ...(unreadable.length > 0
      ? [`${count(unreadable.length, 'entry', 'entries')} could not be read: ${unreadable[0] ?? ''}`]
      : []),
  ];
}

const hours = (seconds: number): string => `${tenths(seconds / 3600)} h`;

/** Dollars of those whose price is known, such as `$3.10`; a dash where nothing is. */
const paidInWords = ({ dollars: paid, unpricedSeconds, total }: Paid): string =>
  unpricedSeconds >= total ? '–' : dollars(paid);

function tilesOf({ bills, launched, ended, ticks }: Past): readonly SummaryRow[] {
  const paid = paidFor(bills);
  const { total, seconds } = paid;
  const known = total - seconds.unknown;
  return [
    {
      name: 'paid',
      value: paidInWords(paid),
      note: 'machines by the second, at the price of their launch; no disks, addresses and taxes',
    },
    {
      name: 'paid while idle',
      value: paidInWords({ ...paid, dollars: paid.idleDollars }),
      note: 'for machines that had booted and no step on them',
    },
    {
      name: 'machine time',
      value: hours(total),
      note: `of ${count(paid.machines, 'machine')}`,
    },
    {
      name: 'with a step on it',
      value: share(seconds.working, known),
      note: 'of the machine time in which it was known',
    },
    { name: 'idle share', value: share(seconds.idle, known), note: 'of the same time; the rest booted' },
    { name: 'machines launched', value: String(launched), note: `${ended} terminated` },
    { name: 'ticks', value: String(ticks.ticks), note: 'runs of the reconcile function' },
  ];
}

function moneyTable({ bills }: Past): Html {
  const types = paidByType(bills);
  if (types.length === 0) return html``;
  const row = (name: string, paid: Paid): Html =>
    html`<tr>
      <td>${name}</td>
      <td>${paid.machines}</td>
      <td>${hours(paid.total)}</td>
      <td>${paidInWords(paid)}</td>
      <td>${hours(paid.seconds.working)}</td>
      <td>${hours(paid.seconds.idle)}</td>
      <td>${hours(paid.seconds.booting)}</td>
      <td>${hours(paid.seconds.unknown)}</td>
    </tr>`;
  const titles = ['type', 'machines', 'time', 'paid', 'with a step', 'idle', 'booting', 'not known'];
  return html`<section>
    <h2>What was paid for</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            ${titles.map((title) => html`<th>${title}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${types.map(([type, paid]) => row(type, paid))}
          ${types.length > 1 ? row('all', paidFor(bills)) : html``}
        </tbody>
      </table>
    </div>
  </section>`;
}

function markList(marks: readonly PastMark[], tellTime: TellTime): Html {
  if (marks.length === 0) return html``;
  const item = ({ kind, at, text }: PastMark): Html =>
    html`<li class="mark-${kind}">${tellTime(at)} ${MARK_WORDS[kind]}: ${text}</li>`;
  return html`<section>
    <h2>Orders and setbacks</h2>
    <details>
      <summary>${count(marks.length, 'event')}, each a dashed line in the charts</summary>
      <ul>
        ${marks.map(item)}
      </ul>
    </details>
  </section>`;
}

const MARK_WORDS: Readonly<Record<PastMark['kind'], string>> = {
  order: 'order',
  setback: 'setback',
  rule: 'refused plan',
  fault: 'fault on purpose',
};

/** Nothing is made up for these. */
const unknown = html`<section>
  <h2>What a journal does not know</h2>
  <ul>
    <li>Which builds there were, how long each waited, and how it ended: Hydra’s database does.</li>
    <li>How many slots a machine has: one with a single step on it counts as at work.</li>
    <li>
      What happened between two looks: a machine counts as at work or idle until the next look as it was at
      the last one.
    </li>
    <li>Disks, addresses, data transfer, taxes, savings plans: the bill does.</li>
    <li>When a new version or configuration was deployed.</li>
  </ul>
</section>`;
