/** What every worker does before its first test. */
import * as fc from 'fast-check';
import { holdChildren } from './leash.ts';

holdChildren();

// Properties are tried on the same cases every time, so that a change is judged and not luck. SEED=n asks for others.
fc.configureGlobal({ seed: Number(process.env['SEED'] ?? 20_260_302) });
