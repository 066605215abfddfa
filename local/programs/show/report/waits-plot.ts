/** The plot of waiting times: every build, and what was usual when it started. */
import { quantile } from '../../../world/ledger.ts';
import type { History } from '../history.ts';
import { spanOf } from './plot.ts';
import type { Plot, Series } from './plot.ts';

type Waits = History['waits'];

/** Median and 95th percentile are taken over the builds that started in this many seconds. */
const WINDOW_SECONDS = 1800;
/** They are worked out anew this often, in seconds. */
const STEP_SECONDS = 60;

export function waitsPlot(history: History): Plot {
  const waits = history.waits.toSorted((a, b) => a.at - b.at);
  const points: Series = {
    label: 'a build',
    colour: '#56b4e9',
    shape: 'points',
    values: [null, ...waits.map(({ seconds }) => minutes(seconds)), null],
  };
  const line = (label: string, colour: string, part: number): Series => ({
    label,
    colour,
    shape: 'step',
    values: [null, ...runningQuantiles(waits, part).map(minutes), null],
  });
  const { start, end } = spanOf(history);
  return {
    id: 'waits',
    title: 'Waiting time',
    unit: 'minutes',
    note: `How long each build had waited when it started. Median and 95th percentile are those of the last ${WINDOW_SECONDS / 60} minutes.`,
    times: [start, ...waits.map(({ at }) => history.startedAt + at), end],
    series: waits.length === 0 ? [] : [points, line('median', '#009e73', 0.5), line('95 %', '#d55e00', 0.95)],
  };
}

/**
 * For every build, the quantile over those that started in the window up to the end of its step.
 * @param waits in the order of their starts.
 */
function runningQuantiles(waits: Waits, part: number): readonly number[] {
  const steps = Map.groupBy(waits, ({ at }) => Math.floor(at / STEP_SECONDS));
  let window: Waits = [];
  return [...steps].flatMap(([step, started]) => {
    const since = (step + 1) * STEP_SECONDS - WINDOW_SECONDS;
    window = [...window, ...started].filter(({ at }) => at >= since);
    const value = quantile(
      window.map(({ seconds }) => seconds),
      part,
    );
    return started.map(() => value);
  });
}

/** To a hundredth, so that the page does not carry digits nobody sees. */
const minutes = (seconds: number): number => Math.round(seconds / 0.6) / 100;
