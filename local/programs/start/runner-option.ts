/** Which queue runner a simulated Hydra host has. */
import { Option } from 'commander';

export const runnerOption = (): Option =>
  new Option('--runner <kind>', 'the queue runner of the Hydra host').choices(['cpp', 'rust']).default('cpp');
