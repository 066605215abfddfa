/** The report's table of ticks: when, woken by what, what was done and why. */
import type { Summary } from '../../../lambdas/reconcile/summary.ts';
import { summaryOf } from '../history.ts';
import type { TickLine } from '../history.ts';
import { clockTime, duration } from '../words.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';

/** Whether anything came of it: an action, a request of a person, a problem, a plan that was not carried out. */
export function didSomething({ answer }: TickLine): boolean {
  if (answer.result === 'recorded' || answer.result === 'invalid') return true;
  const summary = summaryOf(answer);
  if (summary === undefined) return false;
  const acted = Object.values(summary.done).some((count) => count > 0);
  return (
    acted || summary.problems.length > 0 || summary.result === 'refused' || summary.result === 'superseded'
  );
}

/** @param startedAt epoch seconds of the run's start. */
export function tickTable(ticks: readonly TickLine[], startedAt: number): Html {
  const shown = ticks.filter(didSomething);
  const quiet = ticks.length - shown.length;
  if (shown.length === 0) return html`<p>None of ${ticks.length} ticks had anything to do.</p>`;
  return html`<p>${shown.length} ticks; ${quiet} others looked and had nothing to do.</p>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>time (UTC)</th>
            <th>took</th>
            <th>woken by</th>
            <th>what</th>
            <th>why</th>
          </tr>
        </thead>
        <tbody>
          ${shown.map((tick) => tickRow(tick, startedAt))}
        </tbody>
      </table>
    </div>`;
}

function tickRow(tick: TickLine, startedAt: number): Html {
  const { at, endedAt, woken, answer } = tick;
  const summary = summaryOf(answer);
  const problems = summary?.problems ?? ('problems' in answer ? answer.problems : []);
  return html`<tr>
    <td>${clockTime(startedAt + at)}</td>
    <td>${duration(endedAt - at)}</td>
    <td>${woken}</td>
    <td>${answer.message}</td>
    <td>
      ${reasonsOf(summary).map((reason) => html`<div>${reason}</div>`)}
      ${problems.map((problem) => html`<div class="bad">${problem}</div>`)}
    </td>
  </tr>`;
}

/** Why: the reason of each action, equal ones of several machines as one line. */
export function reasonsOf(summary: Summary | undefined): readonly string[] {
  const counts = new Map<string, number>();
  for (const action of summary?.actions ?? []) {
    const [, verb = '', instance = '', reason = ''] = ONE_MACHINE.exec(action) ?? [];
    const words = instance === '' ? action : `${verb}: ${reason}`;
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return [...counts].map(([words, count]) => (count === 1 ? words : `${words} (${count} machines)`));
}

/** An action on one instance, such as `terminate i-0123…: drained`. */
const ONE_MACHINE = /^(\w+) (i-[0-9a-f]+): (.*)$/;
