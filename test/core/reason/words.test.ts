import { describe, expect, it } from 'vitest';
import * as words from '../../../lambdas/core/reason/words/index.ts';

/** Every sentence, once and as people read it. No other test repeats one. */
const tells = (subject: string, sentences: readonly (readonly [told: string, sentence: string])[]): void => {
  describe(`of ${subject}`, () => {
    it.each(sentences)('%s', (told, sentence) => {
      expect(told).toBe(sentence);
    });
  });
};

const STATE_REASON = { code: 'Server.Odd', message: 'odd' };

tells('how a machine begins and boots', [
  [words.launched, 'launched'],
  [words.adopted('l-1'), 'adopted: from launch l-1'],
  [words.adopted(undefined), 'adopted: a fleet launched it from our launch template'],
  [words.adoptedAtWork, 'adopted: the queue runner uses it'],
  [words.waitsFor('its key'), 'waits for its key'],
  [words.neverReady(600, 'its key'), 'not ready after 600 s: it lacked its key'],
  [words.neverOffered(600, 'its key'), 'not offered after 600 s: it lacked its key'],
  [words.ec2ToRunIt, 'EC2 to run it'],
  [words.withDetail('SSH', 'timed out'), 'SSH (timed out)'],
  [words.withDetail('SSH', ''), 'SSH'],
]);

tells('what happens to a machine', [
  [words.interrupted, 'AWS has announced that it takes this spot instance'],
  [words.untagged, 'it bears our tag no more'],
  [words.addressChanged('10.0.0.1', '10.0.0.2'), 'its address changed from 10.0.0.1 to 10.0.0.2'],
  [words.cannotBeStopped({ says: 'no' }), 'it cannot be stopped: no'],
  [words.endedByOthers('stopping', undefined), 'AWS or a person is stopping it'],
  [words.endedByOthers('terminating', STATE_REASON), 'AWS or a person is terminating it (Server.Odd: odd)'],
  [words.stopped(undefined), 'stopped'],
  [words.stopped(STATE_REASON), 'stopped (Server.Odd: odd)'],
  [words.startedByOthers, 'AWS or a person started it'],
  [words.terminated('not needed'), 'terminated; not needed'],
  [words.terminatedByOthers(undefined), 'AWS or a person terminated it'],
  [words.unknownToEc2, 'EC2 does not know it any more'],
  [words.isHydraHost, 'it is the Hydra host itself, which bears our tag: take the tag off it'],
  [
    words.halfSeen(1, 3),
    'EC2 shows only 1 of 3 machines; until it shows or denies the others nothing is drained or ended',
  ],
]);

tells('what a draining machine waits for', [
  [words.runningSteps(1), '1 running step'],
  [words.runningSteps(2), '2 running steps'],
  [words.quietStatus, 'a status without jobs on it'],
  [words.copiesBack, 'outputs being copied back'],
  [words.secondQuietStatus, 'a second quiet status'],
]);

tells('instances that are left alone', [
  [
    words.leftAlone({ kind: 'stranger' }),
    'it bears our tag, but EC2 does not say that a fleet launched it from one of our launch templates: it counts against the caps, and nothing else is done with it',
  ],
  [
    words.leftAlone({ kind: 'unasked' }),
    'it has no record; it is adopted once EC2 can be asked whether its launch template is one of ours',
  ],
  [
    words.leftAlone({ kind: 'hidden' }),
    'it bore our tag and has no record, and EC2 does not show it now: it counts against the caps until EC2 denies it',
  ],
  [words.leftAlone({ kind: 'hydra-host' }), words.isHydraHost],
  [words.leftAlone({ kind: 'unknown-state' }), 'EC2 says it is in a state that this version does not know'],
  [
    words.leftAlone({ kind: 'unreadable', record: 'MACHINE#i-1', problem: 'no type' }),
    'its record MACHINE#i-1 cannot be read: no type',
  ],
  [
    words.leftAlone({ kind: 'untold' }),
    'it has no record; it is adopted once a trusted status tells whether it is at work',
  ],
  [
    words.leftAlone({ kind: 'unclear' }),
    'it has no record; it is adopted once nothing can be copied back from it any more',
  ],
]);
