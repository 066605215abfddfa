/** Every request, in the order people are told of them. */
import { doctor } from './doctor.ts';
import type { Diagnosis } from './doctor.ts';
import { drain } from './drain.ts';
import { explain } from './explain.ts';
import type { Explained } from './explain.ts';
import { pause } from './pause.ts';
import { plan } from './plan.ts';
import type { DryRun } from './plan.ts';
import { protect } from './protect.ts';
import { release } from './release.ts';
import type { Mistaken, Recorded, Request, Understood } from './request.ts';
import { resume } from './resume.ts';
import { retry } from './retry.ts';
import { scaleIn } from './scale-in.ts';
import { scaleOut } from './scale-out.ts';
import { status } from './status.ts';
import type { FarmStatus } from './status.ts';

/** Whatever a request is answered with. */
export type Reply = Recorded | Mistaken | FarmStatus | Explained | DryRun | Diagnosis;

/** A request whose body was understood, whichever it is. */
export type AnyRequest = Understood<Reply>;

export const REQUESTS: readonly Request<Reply>[] = [
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
