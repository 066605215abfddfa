/** What the SSM documents ask of a configuration. */
import { MAX_COMMAND_BYTES } from '../lambdas/hydra/documents.ts';
import type { RuleProblem } from '../lambdas/core/config/problem.ts';
import type { Deployment } from './deployment.ts';
import { DOCUMENT_KEYS, longestCommandBytes } from './documents/documents.ts';

/** Status command and environment are written into a document, which SSM takes only up to a length. */
export const documentsFit = ({ config }: Deployment): readonly RuleProblem[] =>
  DOCUMENT_KEYS.every((key) => longestCommandBytes(key, config) < MAX_COMMAND_BYTES)
    ? []
    : [
        {
          path: 'host',
          says: 'has more in statusCommand and environment than fits into an SSM document; put it into a script on the Hydra host and name that',
        },
      ];
