/** Every parser of something from outside, given anything at all: it answers or refuses, and never breaks. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostKeyIn } from '../../../../lambdas/hydra/cpp/host-keys.ts';
import { decodeAnswer, decodePublished } from '../../../../lambdas/hydra/cpp/host-answer.ts';
import { decodePart, unpackPayload } from '../../../../lambdas/hydra/payload.ts';
import { decodeInspection } from '../../../../lambdas/hydra/cpp/doctor/decode-inspection.ts';
import { parseMachinesFile } from '../../../../lambdas/hydra/cpp/doctor/machines-file-parser.ts';
import { MachinesFileError, renderMachinesFile } from '../../../../lambdas/hydra/cpp/machines-file.ts';
import { parseQueueStatus } from '../../../../lambdas/hydra/cpp/queue-status.ts';
import { decodeState } from '../../../../lambdas/aws/dynamo/state-items.ts';
import { parseConfig } from '../../../../lambdas/core/config/parse.ts';
import { parseEvent } from '../../../../lambdas/reconcile/event.ts';
import { hostile } from '../../../../local/prove/simulate/faulty/status-faults.ts';
import { parseMachinesConfig } from '../../../../local/world/queue-runner/machines-config.ts';
import { parseTrace, TraceError } from '../../../../local/world/trace.ts';
import { hostileJson, hostileText } from './hostile.ts';

const RUNS = { numRuns: 300 };
const NOW = 1_772_431_200;

const statusOf = (stdout: string, exitCode = 0): ReturnType<typeof parseQueueStatus> =>
  parseQueueStatus({ exitCode, stdout, hostNow: NOW });

/** A status that is believed, with anything in place of some parts. */
const upStatus = fc
  .record(
    {
      machines: hostileJson,
      machineTypes: hostileJson,
      jobsets: hostileJson,
      nrRunnableSteps: fc.oneof(fc.integer(), hostileJson),
      nrActiveSteps: fc.oneof(fc.integer(), hostileJson),
    },
    { requiredKeys: [] },
  )
  .map((parts) => ({ status: 'up', time: NOW, uptime: 3600, pid: 1, ...parts }));

describe('the queue status', () => {
  it('never throws, and is trusted only when it says up, now, with exit 0', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          hostileText,
          hostileJson.map((value) => JSON.stringify(value) ?? ''),
        ),
        fc.nat(255),
        (text, exit) => {
          expect(statusOf(text, exit).trusted).toBe(false);
        },
      ),
      RUNS,
    );
  });

  it('with anything in its parts gives whole, finite, non-negative demand or none', () => {
    fc.assert(
      fc.property(upStatus, (status) => {
        for (const { runnable, running, system } of statusOf(JSON.stringify(status)).demand ?? []) {
          expect(Number.isInteger(runnable) && runnable >= 0).toBe(true);
          expect(Number.isInteger(running) && running >= 0).toBe(true);
          expect(system).toMatch(/^[A-Za-z0-9_.+-]+$/);
        }
      }),
      RUNS,
    );
  });

  it('with hostile names keeps what is sound beside them', () => {
    const sound = { 'x86_64-linux': { runnable: 3, running: 1 } };
    const text = hostile(
      JSON.stringify({
        status: 'up',
        time: NOW,
        uptime: 3600,
        pid: 1,
        nrRunnableSteps: 99,
        machineTypes: sound,
      }),
    );
    const status = statusOf(text);

    expect(status.demand?.find(({ key }) => key === 'x86_64-linux')).toMatchObject({
      runnable: 3,
      running: 1,
    });
  });

  it('cut off anywhere is not trusted', () => {
    const whole = JSON.stringify({
      status: 'up',
      time: NOW,
      uptime: 3600,
      pid: 1,
      nrRunnableSteps: 0,
      machineTypes: {},
    });
    for (let length = 0; length < whole.length; length++)
      expect(statusOf(whole.slice(0, length)).trusted).toBe(false);
  });
});

describe('answers of the Hydra host', () => {
  it('that are not ours are refused, never thrown', () => {
    fc.assert(
      fc.property(hostileText, hostileText, fc.nat(), (text, sha256, offset) => {
        expect(decodeAnswer(text).ok).toBe(false);
        expect(decodePart(text, sha256, offset).ok).toBe(false);
        expect(decodePublished(text).ok).toBe(false);
        expect(decodeInspection(text).ok).toBe(false);
        expect(unpackPayload({ sha256, length: offset, text }).ok).toBe(false);
      }),
      RUNS,
    );
  });
});

describe('what else comes from outside', () => {
  it('events are understood or told what is right', () => {
    fc.assert(
      fc.property(hostileJson, (event) => {
        const parsed = parseEvent(event);
        if (!parsed.ok) expect(parsed.problem.problems.length).toBeGreaterThan(0);
      }),
      RUNS,
    );
  });

  it('configurations are taken or refused with problems', () => {
    fc.assert(
      fc.property(hostileJson, (written) => {
        expect(parseConfig(written, () => undefined)).toHaveProperty('config.machineTypes');
      }),
      RUNS,
    );
  });

  it('stored records that cannot be read are told and spoil nothing', () => {
    const key = fc.oneof(
      fc.constantFrom('farm', 'machine#i-0123456789abcdef0', 'launch#x', 'floor#y', 'lease'),
      hostileText,
    );
    fc.assert(
      fc.property(
        fc.array(fc.record({ key, fields: fc.dictionary(hostileText, hostileJson) }), { maxLength: 5 }),
        (items) => {
          const { machines, launches } = decodeState(items, NOW);
          expect(machines.length + launches.length).toBeLessThanOrEqual(items.length);
        },
      ),
      RUNS,
    );
  });

  it('a console’s host key is one harmless line', () => {
    const block = hostileText.map(
      (text) =>
        `-----BEGIN SSH HOST KEY KEYS-----\n${text}\nssh-ed25519 ${text}\n-----END SSH HOST KEY KEYS-----`,
    );
    fc.assert(
      fc.property(fc.oneof(hostileText, block), (text) => {
        expect(hostKeyIn(text) ?? 'ssh-ed25519 AAAA').toMatch(
          /^[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}( [ -~]*)?$/,
        );
      }),
      RUNS,
    );
  });

  it('traces are read or refused by line', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        try {
          parseTrace(`arrival_s,system,duration_s\n${text}`);
        } catch (error) {
          expect(error).toBeInstanceOf(TraceError);
        }
      }),
      RUNS,
    );
  });
});

describe('the machines file', () => {
  const listing = fc.record({
    address: fc.oneof(fc.ipV4(), hostileText),
    systems: fc.array(fc.oneof(fc.constant('x86_64-linux'), hostileText), { maxLength: 3 }),
    maxJobs: fc.oneof(fc.nat(100), fc.double()),
    speedFactor: fc.oneof(fc.constantFrom(1, 2), fc.double()),
    supportedFeatures: fc.array(fc.oneof(fc.constant('kvm'), hostileText), { maxLength: 3 }),
    mandatoryFeatures: fc.array(fc.oneof(fc.constant('kvm'), hostileText), { maxLength: 2 }),
    hostKey: fc.oneof(fc.constant('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5'), hostileText),
  });

  it('is written as the queue runner reads it, line for line, or not at all', () => {
    fc.assert(
      fc.property(fc.array(listing, { maxLength: 4 }), (listings) => {
        let text;
        try {
          text = renderMachinesFile('my-farm', listings);
        } catch (error) {
          expect(error).toBeInstanceOf(MachinesFileError);
          return;
        }
        expect([...parseMachinesConfig(text).values()].map(({ address }) => address).toSorted()).toEqual(
          listings.map(({ address }) => address.replace(/:22$/, '')).toSorted(),
        );
        expect(parseMachinesFile(text)).toHaveLength(listings.length);
        expect(text.split('\n')).toHaveLength(listings.length + 2);
      }),
      { ...RUNS, numRuns: 1000 },
    );
  });
});
