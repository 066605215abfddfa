import { describe, expect, it } from 'vitest';
import { farmSchema, machineSchema, observationSchema } from '../../../lambdas/core/model/index.ts';
import { aMachine, anObservation, aStatus, lacking, sightingAt, NOW } from '../given.ts';

const SEEN = sightingAt(NOW);

describe('a record that the version before this one stored', () => {
  it('is read with the evidence of its drain', () => {
    const { identity, ...same } = lacking(aMachine(), 'offered');
    const stored = {
      ...same,
      hostKey: identity,
      listed: SEEN,
      seenListed: SEEN,
      drain: {
        since: NOW,
        reason: 'surplus',
        unlisted: SEEN,
        acknowledged: SEEN,
        quiet: SEEN,
        uncopied: SEEN,
        copiedBack: SEEN,
      },
    };
    expect(machineSchema.parse(stored)).toEqual({
      ...same,
      identity,
      offered: SEEN,
      seenOffered: SEEN,
      drain: {
        since: NOW,
        reason: 'surplus',
        withdrawn: SEEN,
        knownWithdrawn: SEEN,
        quiet: SEEN,
        noneFinishing: SEEN,
        clear: SEEN,
      },
    });
  });

  it('is read with what the farm had offered', () => {
    const failures = { times: 2, since: NOW };
    const stored = {
      backOffs: [],
      publishedSha256: 'ab',
      unpublished: { ...failures, reason: 'no space left' },
      wroteFile: true,
      lastRepublishedAt: NOW,
    };
    expect(farmSchema.parse(stored)).toEqual({
      backOffs: [],
      offeredDigest: 'ab',
      offerFailures: { ...failures, says: 'no space left' },
      hasOffered: true,
      lastNudgedAt: NOW,
    });
  });

  it('is read with what a look had shown, so that a journal can be replayed', () => {
    const { readiness, identities, ...same } = anObservation();
    const machine = { address: '10.0.0.1', listed: true, currentJobs: 0, consecutiveFailures: 0 };
    const status = aStatus();
    const stored = {
      ...same,
      probes: readiness,
      hostKeys: identities,
      file: { sha256: 'ab', seen: SEEN },
      queue: { ...status, machines: new Map([['10.0.0.1', machine]]), stepsCopyingBack: 1 },
    };
    const shown = new Map([
      ['10.0.0.1', { key: '10.0.0.1', offered: true, currentJobs: 0, consecutiveFailures: 0 }],
    ]);
    expect(observationSchema.parse(stored)).toMatchObject({
      readiness,
      identities,
      offer: { digest: 'ab', seen: SEEN },
      queue: { stepsFinishing: 1, machines: shown },
    });
  });
});
