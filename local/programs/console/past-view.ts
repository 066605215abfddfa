/** The past as the page draws it. */
import type { Life } from '../past/lives.ts';
import type { Past, PastMark } from '../past/past.ts';
import { pastPlots } from '../show/report/farm-plots.ts';
import { figure } from '../show/report/figure.ts';
import { KIND_COLOURS, kindColours } from '../show/report/kind-colours.ts';
import type { Plot } from '../show/report/plot.ts';
import { timeTeller } from '../show/words.ts';

export interface PastView {
  /** Epoch seconds. */
  readonly startedAt: number;
  readonly end: number;
  readonly plots: readonly Plot[];
  readonly marks: readonly PastMark[];
  /** The plots' places and the same as tables: HTML in which every text is escaped. */
  readonly figures: string;
  /** Those that are there first, then those that left last. */
  readonly lives: readonly Life[];
  /** Lives that are left out. */
  readonly more: number;
  /** By machine type. */
  readonly colours: Readonly<Record<string, string>>;
  /** Why it cannot be read; absent while it can. */
  readonly trouble?: string;
}

/** Bars that a page shows. */
const LIVES_MAX = 300;
const OTHER_COLOUR = '#bbbbbb';

export function pastView(past: Past): PastView {
  const { startedAt, end, marks } = past;
  const plots = pastPlots(past);
  const tellTime = timeTeller(startedAt, end);
  const lives = past.lives.toSorted(
    (a, b) => (b.until ?? Infinity) - (a.until ?? Infinity) || beganAt(b) - beganAt(a),
  );
  return {
    startedAt,
    end,
    plots: plots.filter(({ series }) => series.length > 0),
    marks,
    figures: plots.map((plot) => figure(plot, tellTime).text).join('\n'),
    lives: lives.slice(0, LIVES_MAX),
    more: Math.max(0, lives.length - LIVES_MAX),
    colours: coloursOf(lives),
  };
}

const beganAt = ({ parts }: Life): number => parts[0]?.from ?? 0;

/** Types beyond the palette, by the alphabet, share one. */
function coloursOf(lives: readonly Life[]): Readonly<Record<string, string>> {
  const types = [...new Set(lives.map(({ type }) => type))].toSorted();
  const known = kindColours(types.slice(0, KIND_COLOURS.length));
  return Object.fromEntries(types.map((type) => [type, known.get(type) ?? OTHER_COLOUR]));
}
