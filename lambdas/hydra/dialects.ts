/** Every kind of Hydra there is. */
import { cpp } from './cpp/dialect.ts';
import type { Dialects } from './dialect.ts';
import { rust } from './rust/dialect.ts';

export const dialects: Dialects = { cpp, rust };
