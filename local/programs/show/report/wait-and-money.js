/* global uPlot, document, matchMedia, getComputedStyle, ResizeObserver */
/** Draws cost against wait. Runs in the browser, inlined into the page after uPlot and the data. */
(() => {
  const HEIGHT = 280;
  const { plots } = JSON.parse(document.getElementById('data').textContent);
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const cost = (unit, value) => {
    if (value === null || value === undefined) return '–';
    return unit === 'hours' ? `${value} h` : `$${value}`;
  };

  const axis = (more) => ({
    stroke: () => colour('--quiet'),
    grid: { stroke: () => colour('--line'), width: 1 },
    ticks: { stroke: () => colour('--line'), width: 1 },
    ...more,
  });

  const dots = (unit, label, stroke, size) => ({
    label,
    stroke,
    paths: () => null,
    points: { show: true, size, width: 0, fill: stroke },
    value: (_plot, value) => cost(unit, value),
  });

  const optionsFor = ({ names, unit }, width) => ({
    width,
    height: HEIGHT,
    scales: {
      x: { time: false, range: (_plot, _min, max) => [0, max > 0 ? max * 1.04 : 1] },
      y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.08 : 1] },
    },
    axes: [
      axis({ label: 'minutes of wait', labelSize: 20 }),
      axis({ label: unit === 'hours' ? 'hours a month' : '$ a month', size: 64, labelSize: 20 }),
    ],
    series: [
      {
        label: 'wait',
        value: (_plot, wait, _series, index) => (wait === null ? '–' : `${wait} min (${names[index]})`),
      },
      dots(unit, 'tried', '#56b4e9', 8),
      {
        label: 'nothing beats it',
        stroke: '#0072b2',
        width: 2,
        spanGaps: true,
        points: { show: false },
        value: (_plot, value) => cost(unit, value),
      },
      dots(unit, 'today', '#d55e00', 13),
      dots(unit, 'knee', '#009e73', 13),
    ],
  });

  plots.forEach((plot, index) => {
    const place = document.getElementById(`plot-${index}`);
    place.textContent = '';
    const { waits, all, front, today, knee } = plot;
    const drawing = new uPlot(optionsFor(plot, place.clientWidth), [waits, all, front, today, knee], place);
    new ResizeObserver(() => drawing.setSize({ width: place.clientWidth, height: HEIGHT })).observe(place);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => drawing.redraw(false, true));
  });
})();
