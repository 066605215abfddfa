/** Ticks that let machines go: drains, stops, terminations, and demand that comes back in between. */
import { farmWith, plainFarm, scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const HOURLY = plainFarm({ billing: 'hourly' });
const STOPPING = plainFarm({ stopOnIdle: true });

export const endingScenarios: readonly Scenario[] = [
  scenario('machines are at work and nothing changes', 900),
  scenario('builds have ended and machines are let go', 3300, {
    builds: [{ at: 240, count: 4, seconds: 1290 }],
  }),
  scenario('some machines are let go and others work on', 3600, {
    builds: [
      { at: 240, count: 2, seconds: 800 },
      { at: 241, count: 4, seconds: 3000 },
    ],
  }),
  scenario('outputs are still copied back from machines without jobs', 1800, {
    builds: [{ at: 240, count: 2, seconds: 1200, outputMiB: 30_000 }],
  }),
  scenario('demand returns while machines drain', 3300, {
    builds: [
      { at: 240, count: 4, seconds: 1290 },
      { at: 3345, count: 4, seconds: 600 },
    ],
  }),
  scenario('the grace period ends', 3900, { farm: plainFarm({ gracePeriod: 900 }) }),
  scenario('a paid hour has still long to go', 1800, { farm: HOURLY }),
  scenario('a paid hour nears its end', 3600, { farm: HOURLY }),
  scenario('a paid hour nears its end while builds still run', 3600, {
    farm: HOURLY,
    builds: [
      { at: 240, count: 2, seconds: 600 },
      { at: 241, count: 1, seconds: 5000 },
    ],
  }),
  scenario('idle machines are stopped', 3300, {
    farm: STOPPING,
    builds: [{ at: 240, count: 4, seconds: 1290 }],
  }),
  scenario('idle machines are stopped before their hour turns', 3600, {
    farm: plainFarm({ stopOnIdle: true, billing: 'hourly' }),
  }),
  scenario('machines boot that nobody needs any more', 300, {
    builds: [{ at: 240, count: 6, seconds: 1200 }],
    happenings: [
      {
        at: 0,
        happen: ({ world }) => {
          world.region.adjust({ sshSeconds: [300, 400] });
        },
      },
      {
        at: 500,
        happen: ({ world }) => {
          world.runner.cancel([...world.runner.unfinishedBuilds]);
        },
      },
    ],
  }),
  scenario('a scale-out by hand ends', 3000, {
    builds: [],
    happenings: [
      {
        at: 500,
        happen: (stage) => {
          stage.floors.push({ type: 'x86_64-linux', count: 2, until: stage.world.timeline.now + 2400 });
          void stage.lambda.invoke({ scaleOut: { type: 'x86_64-linux', count: 2, minutes: 40 } });
        },
      },
    ],
  }),
  scenario('one type drains while another grows', 3300, {
    farm: farmWith({ 'x86_64-linux': {}, 'aarch64-linux': { instanceTypes: ['c7g.2xlarge'] } }),
    builds: [
      { at: 240, count: 4, seconds: 1290 },
      { at: 3290, count: 4, seconds: 600, system: 'aarch64-linux' },
    ],
  }),
];
