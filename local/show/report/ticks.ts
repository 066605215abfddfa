/** The report's table of ticks: when, woken by what, what was done and why. */
import type { MachineSummary, Summary } from '../../../lambdas/reconcile/summary.ts';
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
            <th>why, as its last round saw it</th>
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

/** Phases that a reason explains best: a machine that is ready or stopped is explained by its type's. */
const CHANGING = new Set(['requested', 'booting', 'draining', 'stopping', 'terminating', 'failed']);

/** Why, as the tick's last round had it: a line a machine type with demand or machines, then the machines in change. */
export function reasonsOf(summary: Summary | undefined): readonly string[] {
  if (summary === undefined) return [];
  const types = summary.types
    .filter(({ wanted, allowed, machines }) => wanted > 0 || allowed > 0 || Object.keys(machines).length > 0)
    .map(({ type, reason }) => `${type}: ${reason}`);
  return [...types, ...grouped(summary.machines.filter(({ phase }) => CHANGING.has(phase)))];
}

/** Machines of one type, in the same phase for the same reason, as one line. Paid time, which differs, is left out. */
function grouped(machines: readonly MachineSummary[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { type, phase, reason } of machines) {
    const line = `${type} ${phase}: ${reason.replace(/, paid for \d+ s more$/, '')}`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return [...counts].map(([line, count]) => `${count} × ${line}`);
}
