/* global uPlot, document, matchMedia, getComputedStyle, ResizeObserver, AbortController */
/**
 * Draws plots into the places that the page has for them. Runs in the browser, after uPlot: inlined into a report, whose
 * data is in the page, or called by the console with what it was told.
 * @returns a function that takes the drawings away.
 */
globalThis.drawPlots = ({ plots, marks }) => {
  const HEIGHT = 210;
  /** As opaque as areas are. */
  const FILL = 'c8';
  const AXIS_WIDTH = 56;
  const gone = new AbortController();
  const { signal } = gone;
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const DAY_SECONDS = 86400;
  const inUtc = (options) => {
    const format = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...options });
    return (seconds) => format.format(seconds * 1000);
  };
  const timeOfDay = inUtc({ hour: '2-digit', minute: '2-digit' });
  const dayOf = inUtc({ weekday: 'short', day: 'numeric', month: 'short' });
  const times = plots.flatMap((plot) => [plot.times[0], plot.times.at(-1)]);
  /** The day stands beside the time only where there are several. */
  const hasDays = new Set(times.map(dayOf)).size > 1;
  const moment = (seconds) => (hasDays ? `${dayOf(seconds)} ${timeOfDay(seconds)}` : timeOfDay(seconds));

  /** A day is named where it begins, below its first time; whole days have no times. */
  function axisTexts(_plot, splits) {
    const isByDay = splits.length > 1 && splits[1] - splits[0] >= DAY_SECONDS;
    return splits.map((split, index) => {
      if (isByDay) return dayOf(split);
      const isNewDay = hasDays && (index === 0 || dayOf(splits[index - 1]) !== dayOf(split));
      return isNewDay ? `${timeOfDay(split)}\n${dayOf(split)}` : timeOfDay(split);
    });
  }

  /** What the legend says of a series: its value under the cursor; without one, its highest. */
  function legendValue(values, index) {
    if (index !== null) return values[index] ?? '–';
    const top = values.reduce((highest, value) => (value > highest ? value : highest), 0);
    return `≤ ${top}`;
  }

  function seriesOptions({ label, colour: stroke, shape, values }) {
    const common = {
      label,
      stroke,
      width: shape === 'stack' ? 0 : 2,
      points: { show: false },
      value: (_plot, _raw, _series, index) => legendValue(values, index),
      paths: uPlot.paths.stepped({ align: 1 }),
    };
    if (shape === 'points') {
      return {
        ...common,
        paths: () => null,
        points: { show: true, size: 4, width: 0, fill: `${stroke}${FILL}` },
      };
    }
    if (shape === 'area') return { ...common, fill: `${stroke}70` };
    return shape === 'stack' ? { ...common, fill: `${stroke}${FILL}` } : common;
  }

  /** Each stacked area is filled only down to the one below it. */
  const bandsOf = (series) =>
    series.flatMap(({ shape }, index) =>
      shape === 'stack' && index > 0
        ? [{ series: [index + 1, index], fill: `${series[index].colour}${FILL}` }]
        : [],
    );

  const axis = (more) => ({
    stroke: () => colour('--quiet'),
    grid: { stroke: () => colour('--line'), width: 1 },
    ticks: { stroke: () => colour('--line'), width: 1 },
    ...more,
  });

  /** The colour of a mark, and whether its line is dashed. */
  const MARKS = {
    rule: { colour: '--bad', width: 2, dashes: [] },
    fault: { colour: '--fault', width: 1, dashes: [4, 4] },
    order: { colour: '--focus', width: 1, dashes: [2, 3] },
    setback: { colour: '--bad', width: 1, dashes: [4, 4] },
  };

  /** A red line at every broken rule, a dashed one at every fault on purpose, order and setback. */
  function drawMarks(plot) {
    const { ctx, bbox } = plot;
    ctx.save();
    for (const { kind, at } of marks) {
      const x = plot.valToPos(at, 'x', true);
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      ctx.strokeStyle = colour(MARKS[kind].colour);
      ctx.lineWidth = MARKS[kind].width;
      ctx.setLineDash(MARKS[kind].dashes);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.restore();
  }

  const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];
  const FRACTIONS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5];

  function optionsFor({ unit, series, hasFractions }, width) {
    return {
      width,
      height: HEIGHT,
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'UTC'),
      cursor: { y: false, sync: { key: 'time', scales: ['x', null] }, points: { show: false } },
      scales: { y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.08 : 1] } },
      axes: [
        axis({ values: axisTexts, space: 70, size: hasDays ? 46 : 30 }),
        axis({
          size: AXIS_WIDTH,
          label: unit,
          labelSize: 20,
          incrs: hasFractions ? [...FRACTIONS, ...WHOLE] : WHOLE,
        }),
      ],
      series: [
        { label: 'UTC', value: (_plot, time) => (time === null ? 'highest' : moment(time)) },
        ...series.map(seriesOptions),
      ],
      bands: bandsOf(series),
      hooks: { draw: [drawMarks] },
    };
  }

  /** Where the arrow keys lead from `from`; undefined for every other key. */
  function ledTo({ key, shiftKey }, from, last) {
    const step = shiftKey ? 10 : 1;
    const places = {
      ArrowLeft: (from ?? last + 1) - step,
      ArrowRight: (from ?? -1) + step,
      Home: 0,
      End: last,
    };
    return Object.hasOwn(places, key) ? Math.min(last, Math.max(0, places[key])) : undefined;
  }

  /** Half of what is seen, about `centre`; or everything again. */
  function zoom(drawing, key, centre) {
    const { min, max } = drawing.scales.x;
    const [all] = drawing.data;
    const half = (max - min) / 4;
    drawing.setScale(
      'x',
      key === '+' ? { min: centre - half, max: centre + half } : { min: all[0], max: all.at(-1) },
    );
  }

  /** For whoever uses no mouse: the cursor goes from value to value, and what it stands on is said. */
  function listenToKeys(place, drawing, { id, times: instants, series }) {
    const status = document.getElementById(`told-${id}`);
    let at;
    place.addEventListener('keydown', (event) => {
      const to = ledTo(event, at, instants.length - 1);
      if (to !== undefined) {
        at = to;
        drawing.setCursor({ left: drawing.valToPos(instants[at], 'x'), top: 0 });
        const told = series.map(({ label, values }) => `${label} ${values[at] ?? '–'}`);
        status.textContent = `${moment(instants[at])}: ${told.join(', ')}`;
      } else if (event.key === '+' || event.key === '-') {
        const { min, max } = drawing.scales.x;
        zoom(drawing, event.key, at === undefined ? (min + max) / 2 : instants[at]);
      } else if (event.key === 'Escape') {
        at = undefined;
        drawing.setCursor({ left: -10, top: -10 });
      } else return;
      event.preventDefault();
    });
  }

  const drawings = plots.map((plot) => {
    const place = document.getElementById(`plot-${plot.id}`);
    place.textContent = '';
    const drawing = new uPlot(
      optionsFor(plot, place.clientWidth),
      [plot.times, ...plot.series.map(({ values, tops }) => tops ?? values)],
      place,
    );
    listenToKeys(place, drawing, plot);
    const fit = new ResizeObserver(() => drawing.setSize({ width: place.clientWidth, height: HEIGHT }));
    fit.observe(place);
    signal.addEventListener('abort', () => {
      fit.disconnect();
      drawing.destroy();
    });
    return drawing;
  });
  const recolour = () => {
    for (const drawing of drawings) drawing.redraw(false, true);
  };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', recolour, { signal });
  return () => gone.abort();
};
if (document.getElementById('data') !== null)
  globalThis.drawPlots(JSON.parse(document.getElementById('data').textContent));
