/** A thread that simulates one seed after another, as it is told. */
import { serveTasks } from '../threads.ts';
import { simulate } from './simulate.ts';

serveTasks(simulate);
