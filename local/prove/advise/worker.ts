/** A thread that plays one farm after another, as it is told. */
import { serveTasks } from '../threads.ts';
import { playFarm } from './run.ts';

serveTasks(playFarm);
