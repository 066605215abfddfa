/** Every EC2 action the endpoint answers. */
import type { Action } from '../action.ts';
import { describeInstanceActions } from './describe-instances.ts';
import { imageActions } from './images.ts';
import { instanceDetailActions } from './instance-details.ts';
import { instanceTypeActions } from './instance-types.ts';
import { launchActions } from './launches.ts';
import { placeActions } from './places.ts';
import { powerActions } from './power.ts';
import { spotActions } from './spot.ts';
import { tagActions } from './tags.ts';
import { templateActions } from './templates.ts';

export const ec2Actions: Readonly<Record<string, Action>> = {
  ...describeInstanceActions,
  ...imageActions,
  ...instanceDetailActions,
  ...instanceTypeActions,
  ...launchActions,
  ...placeActions,
  ...powerActions,
  ...spotActions,
  ...tagActions,
  ...templateActions,
};
