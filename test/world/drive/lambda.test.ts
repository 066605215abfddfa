/** Lambda as far as we use it: every invocation has an id of its own, unless one event is delivered again. */
import { expect, it } from 'vitest';
import { Activity } from '../../../local/world/drive/activity.ts';
import { Lambda } from '../../../local/world/drive/lambda.ts';
import { Timeline } from '../../../local/world/timeline.ts';

it('invokes under an id of its own, or under the one an event was delivered under before', async () => {
  const ids: string[] = [];
  const lambda = new Lambda({
    timeline: new Timeline(0),
    activity: new Activity(),
    periodSeconds: 300,
    invoke: (_event, requestId) => {
      ids.push(requestId);
      return Promise.resolve({ result: 'ignored', message: '' });
    },
  });
  await lambda.invoke({ tick: true });
  await lambda.invoke({ tick: true }, 'twice');
  await lambda.invoke({ tick: true }, 'twice');
  await lambda.invoke({ tick: true });
  expect(ids).toEqual(['invocation-1', 'twice', 'twice', 'invocation-4']);
});
