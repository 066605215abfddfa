/** Every SSM action the endpoint answers. */
import type { Action } from '../action.ts';
import { commandActions } from './commands.ts';
import { documentActions } from './documents.ts';
import { nodeActions } from './nodes.ts';

export const ssmActions: Readonly<Record<string, Action>> = {
  ...commandActions,
  ...documentActions,
  ...nodeActions,
};
