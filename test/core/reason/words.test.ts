import { describe, expect, it } from 'vitest';
import { problemInWords as told } from '../../../lambdas/core/reason/problem.ts';
import * as words from '../../../lambdas/core/reason/words/index.ts';

/** Every sentence, once and as people read it. No other test repeats one. */
const tells = (subject: string, sentences: readonly (readonly [said: string, sentence: string])[]): void => {
  describe(`of ${subject}`, () => {
    it.each(sentences)('%s', (said, sentence) => {
      expect(said).toBe(sentence);
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

tells('what a type is asked for', [
  [
    words.demand({ runnable: 12, ignored: 2, perMachine: 5, wanted: 2 }),
    '12 runnable (2 ignored) at 5 per machine want 2',
  ],
  [
    words.demand({ runnable: 10, ignored: 0, perMachine: 5, wanted: 2 }),
    '10 runnable at 5 per machine want 2',
  ],
  [words.unknownDemand, 'the queue is not known'],
  [words.manualFloor(4), 'scaled out by hand to 4'],
  [words.minimum(1), 'minMachines 1'],
  [words.capped(3), 'capped at maxMachines 3'],
]);

const REST = { type: 'x86_64-linux', failures: 1, until: 160.5, reason: 'no capacity', at: 0 };

tells('what keeps a type from more machines', [
  [words.atTypeCap(3), 'at maxMachines 3, counting machines that drain, stop or boot'],
  [words.atTotalCap(9), 'at maxTotalMachines 9, counting what other types lack to their floors'],
  [
    words.atDollarCap(2, 0.357),
    'at maxDollarsPerHour 2, where one more may cost $0.36 an hour, counting what other types lack to their floors',
  ],
  [
    words.unknownPrice('AWS is silent'),
    'cannot be held under maxDollarsPerHour: what one costs is not known: AWS is silent',
  ],
  [words.triesOne('no key'), 'tries one machine until it gets ready: no key'],
  [words.rests(REST, 100), 'rests for 61 s more: no capacity'],
  [words.noPool, 'it has no pool to launch in'],
]);

tells('machines that are needed, or not', [
  [words.startedAgain('2 wanted'), 'started again: 2 wanted'],
  [words.neededAgain, 'needed again'],
  [words.notNeeded('x86_64-linux'), 'not needed: x86_64-linux has enough'],
  [words.notNeededAtBoot, 'not needed any more before it was ready'],
  [words.notNeededBut('unseen'), 'not needed, but EC2 does not show what it does now'],
  [words.notNeededBut('unshown'), 'not needed, but the queue runner has to show it before it can be drained'],
  [words.notNeededBut('paid'), 'not needed, but its hour is paid'],
  [words.notNeededBut('grace'), 'not needed, but its grace period lasts'],
]);

tells('stopped machines that go', [
  [words.startsUndone(2, 'stopped'), 'started 2 times, and stopped again before it was ready: stopped'],
  [words.typeUnconfigured, 'its type is not configured'],
  [words.typeKeepsNone, 'stopped, and its type keeps no stopped machines'],
  [
    words.excessStopped('x86_64-linux', 3),
    'x86_64-linux has more machines than maxMachines, 3, and the longest stopped go first',
  ],
  [words.stoppedUnneeded(30), 'stopped for 30 days without being needed'],
]);

const REFUSAL = { kind: 'denied', code: 'Denied', says: 'no' } as const;

tells('setbacks', [
  [words.startRefused({ says: 'no' }), 'could not be started: no'],
  [words.refusedInAllPools('Denied', 4), 'Denied in all 4 pools that were asked'],
  [words.refused(REFUSAL), 'Denied: no'],
  [words.poolsRest(2, 'no'), '2 pools rest, the last one for: no'],
  [words.fell('i-1', 'never-ready', 'no key'), 'i-1 never got ready: no key'],
  [words.fell('i-1', 'stuck-pending', 'no key'), 'i-1 stayed pending: no key'],
  [words.fell('i-1', 'ended', 'gone'), 'i-1 ended by itself: gone'],
  [words.fell('i-1', 'taken', 'gone'), 'i-1 is taken by AWS: gone'],
  [words.fell('i-1', 'taken-again', 'gone'), 'i-1 is taken by AWS, as one before it: gone'],
]);

tells('decisions', [
  [words.phases(['ready', 'draining', 'ready']), '2 ready, 1 draining'],
  [words.phases([]), 'no machine'],
  [
    words.uncovered(1, 'x:kvm'),
    '1 runnable step, but no machine type covers x:kvm: add one, or its features to a type',
  ],
  [words.untrusted({ says: 'it is old' }), 'status not trusted: it is old'],
  [words.stalled('it is woken'), 'steps wait beside free slots: it is woken'],
  [words.paidFor(60), 'paid for 60 s more'],
  [words.withPaid('drained', 60), 'drained, paid for 60 s more'],
  [words.withPaid('drained', 0), 'drained'],
  [words.drained, 'drained'],
  [words.notOffered('its key'), 'not offered: it lacks its key'],
  [words.slotsBusy(1, 4), '1 of 4 slots busy'],
  [words.notShownYet, 'the queue runner does not show it yet'],
  [words.toBe('drained by hand'), 'to be drained by hand'],
  [words.untyped, 'it carries our tag but no machine type'],
  [words.typeGone('x86_64-linux'), 'type x86_64-linux is not configured'],
  [words.drainedBecause('not needed'), 'drained; not needed'],
]);

tells('calls', [
  [words.sentAgain, 'its first answer never came'],
  [words.allowed, 'allowed by its demand'],
  [words.launchCall(2, 'x86_64-linux', 'CreateFleet'), 'launch 2 x86_64-linux (CreateFleet)'],
  [words.machineCall('stop', 'i-1', 'StopInstances'), 'stop i-1 (StopInstances)'],
  [words.noAnswer('timed out'), 'timed out; it will be sent again'],
]);

const WHY = { says: 'it is down', remedy: 'start it' };

tells('what keeps everything from being launched', [
  [
    told(words.unofferable('the host cannot be asked', WHY)),
    'nothing is launched while the host cannot be asked: it is down. Remedy: start it',
  ],
  [
    told(words.offersFail('the host cannot be asked', 3, WHY)),
    'nothing is launched while the host cannot be asked, 3 times in a row or more: it is down. Remedy: start it',
  ],
  [told(words.nothingLaunched(WHY)), 'nothing is launched meanwhile: it is down. Remedy: start it'],
]);

tells('what people have to know', [
  [told(words.notAsked(WHY)), 'not everything could be asked: it is down. Remedy: start it'],
  [told(words.more(2)), 'and 2 more machines of which the same is true'],
  [
    told(words.stuck('i-1', 'stopping', 1800)),
    'i-1 has been stopping for over 30 min, which is not normal, though AWS does not bill it: it holds no place for work any more. Remedy: stop it with force in the EC2 console, or ask AWS support',
  ],
  [
    told(words.lostTag('i-1')),
    'i-1 bears our tag no more, so it is drained and ended, unless somebody protects it. Remedy: keep whoever took the tag off from doing so; where the function may not end it any more, it powers itself off when it is idle',
  ],
  [
    told(words.objectionable('i-1', 'its key')),
    'i-1 is not offered to the queue runner, and is ended when its time to boot is over: it lacks its key. Remedy: read its console in EC2 before it is gone',
  ],
  [
    told(words.missing('i-1', 300)),
    'EC2 has not shown i-1 for over 5 min; it counts as there until EC2 denies it for good',
  ],
  [
    told(words.stranger('i-1', 'farm')),
    'i-1 bears our tag "farm", but EC2 does not say that a fleet launched it from one of our launch templates: it counts against the caps, and nothing else is done with it. Remedy: take the tag hydra-autoscaler:farm off it, and find out who may write it',
  ],
]);
