/** Properties are tried on the same cases every time, so that a change is judged and not luck. SEED=n asks for others. */
import * as fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env['SEED'] ?? 20_260_302) });
