/** What happens to the Hydra host and its queue runner. */
import type { Disturbance, Heal } from './disturbance.ts';
import { done } from './disturbance.ts';
import { CLOCK_SECONDS_MAX } from '../faulty-stage.ts';
import type { FaultyStage } from '../faulty-stage.ts';

const MINUTE = 60;

/** The runner starts again unless somebody else has started it already. */
const startAgain =
  ({ world }: FaultyStage): Heal =>
  () => {
    if (!world.runner.running) world.runner.start();
  };

export const hydraDisturbances: readonly Disturbance[] = [
  {
    name: 'runner-hangs',
    lasts: [MINUTE, 30 * MINUTE],
    begin: ({ stage: { world } }) => {
      world.runner.hang();
      return () => {
        world.runner.resume();
      };
    },
  },
  {
    name: 'runner-killed',
    lasts: [5, 20 * MINUTE],
    begin: ({ stage }) => {
      if (!stage.world.runner.running) return false;
      stage.world.runner.kill();
      return startAgain(stage);
    },
  },
  {
    name: 'runner-down',
    lasts: [MINUTE, 40 * MINUTE],
    begin: ({ stage }) => {
      if (!stage.world.runner.running) return false;
      stage.world.runner.stop();
      return startAgain(stage);
    },
  },
  {
    name: 'runner-restarts',
    lasts: [1, 20],
    begin: ({ stage }) => {
      if (!stage.world.runner.running) return false;
      stage.world.runner.stop();
      return startAgain(stage);
    },
  },
  {
    name: 'database-down',
    lasts: [MINUTE, 20 * MINUTE],
    begin: ({ stage: { world } }) => {
      world.runner.setDatabaseReachable(false);
      return () => {
        world.runner.setDatabaseReachable(true);
      };
    },
  },
  {
    name: 'disk-full',
    lasts: [MINUTE, 30 * MINUTE],
    begin: ({ stage }) => {
      stage.host.isDiskFull = true;
      return () => {
        stage.host.isDiskFull = false;
      };
    },
  },
  {
    name: 'file-edited',
    begin: ({ stage: { file, world }, luck }) => {
      const how = luck.pick(['remove', 'empty', 'cut'] as const);
      if (how === 'remove' || file.stat() === undefined) file.remove();
      else file.replace(how === 'empty' ? '' : file.read().split('\n').slice(0, 2).join('\n'));
      world.judge.lookAtOffers(false);
      return done;
    },
  },
  {
    name: 'static-file-broken',
    lasts: [2 * MINUTE, 60 * MINUTE],
    begin: ({ stage: { world } }) => {
      world.staticMachines.replace('root@bad.example x86_64-linux - four 1 - - -\n');
      return () => {
        world.staticMachines.replace('');
      };
    },
  },
  {
    name: 'host-reboots',
    lasts: [MINUTE, 5 * MINUTE],
    begin: ({ stage }) => {
      if (!stage.host.isUp) return false;
      stage.host.isUp = false;
      if (stage.world.runner.running) stage.world.runner.stop();
      return () => {
        stage.host.isUp = true;
        startAgain(stage)();
      };
    },
  },
  {
    name: 'clock-function',
    lasts: [5 * MINUTE, 60 * MINUTE],
    begin: ({ stage, luck }) => {
      stage.skews.function = luck.between(-CLOCK_SECONDS_MAX, CLOCK_SECONDS_MAX);
      return () => {
        stage.skews.function = 0;
      };
    },
  },
  {
    name: 'clock-host',
    lasts: [5 * MINUTE, 60 * MINUTE],
    begin: ({ stage, luck }) => {
      stage.skews.host = luck.between(-CLOCK_SECONDS_MAX, CLOCK_SECONDS_MAX);
      return () => {
        stage.skews.host = 0;
      };
    },
  },
];
