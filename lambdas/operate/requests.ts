/** Every request, in the order people are told of them. */
import { doctor } from './doctor.ts';
import { drain } from './drain.ts';
import { explain } from './explain.ts';
import { pause } from './pause.ts';
import { plan } from './plan.ts';
import { protect } from './protect.ts';
import { release } from './release.ts';
import type { Request } from './request.ts';
import { resume } from './resume.ts';
import { retry } from './retry.ts';
import { scaleIn } from './scale-in.ts';
import { scaleOut } from './scale-out.ts';
import { status } from './status.ts';

export const REQUESTS: readonly Request[] = [
  status,
  explain,
  plan,
  doctor,
  scaleOut,
  scaleIn,
  retry,
  drain,
  protect,
  release,
  pause,
  resume,
];
