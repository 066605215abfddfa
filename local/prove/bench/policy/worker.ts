/** A thread that does one run of the bench of policies after another, as it is told. */
import { serveTasks } from '../../threads.ts';
import { perform } from './task.ts';

serveTasks(perform);
