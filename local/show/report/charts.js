/* global uPlot, document, matchMedia, getComputedStyle, ResizeObserver */
/** Draws the report's plots. Runs in the browser, inlined into the page after uPlot and the data. */
(() => {
  const HEIGHT = 210;
  /** As opaque as areas are. */
  const FILL = 'c8';
  const AXIS_WIDTH = 56;
  const { plots, marks } = JSON.parse(document.getElementById('data').textContent);
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', hour: '2-digit', minute: '2-digit' });
  const timeOfDay = (seconds) => clock.format(seconds * 1000);

  function seriesOptions({ label, colour: stroke, shape, values }) {
    const common = {
      label,
      stroke,
      width: shape === 'stack' ? 0 : 2,
      points: { show: false },
      value: (_plot, _raw, _series, index) => (index === null ? '–' : (values[index] ?? '–')),
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

  /** A red line at every broken rule. */
  function drawMarks(plot) {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.strokeStyle = colour('--bad');
    ctx.lineWidth = 2;
    for (const mark of marks) {
      const x = plot.valToPos(mark, 'x', true);
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.restore();
  }

  function optionsFor({ unit, series }, width) {
    return {
      width,
      height: HEIGHT,
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'UTC'),
      cursor: { y: false, sync: { key: 'time', scales: ['x', null] }, points: { show: false } },
      scales: { y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.08 : 1] } },
      axes: [
        axis({ values: (_plot, splits) => splits.map(timeOfDay), space: 70, size: 30 }),
        axis({
          size: AXIS_WIDTH,
          label: unit,
          labelSize: 20,
          incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000],
        }),
      ],
      series: [
        { label: 'UTC', value: (_plot, time) => (time === null ? '–' : timeOfDay(time)) },
        ...series.map(seriesOptions),
      ],
      bands: bandsOf(series),
      hooks: { draw: [drawMarks] },
    };
  }

  const drawings = plots.map((plot) => {
    const place = document.getElementById(`plot-${plot.id}`);
    place.textContent = '';
    const drawing = new uPlot(
      optionsFor(plot, place.clientWidth),
      [plot.times, ...plot.series.map(({ values, tops }) => tops ?? values)],
      place,
    );
    new ResizeObserver(() => drawing.setSize({ width: place.clientWidth, height: HEIGHT })).observe(place);
    return drawing;
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    for (const drawing of drawings) drawing.redraw(false, true);
  });
})();
