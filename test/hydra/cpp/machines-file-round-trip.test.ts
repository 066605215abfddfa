/** That the queue runner's parser reads from a machines file of ours what was meant. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMachinesFile } from '../../../lambdas/hydra/cpp/doctor/machines-file-parser.ts';
import {
  MachinesFileError,
  machinesFileProblems,
  renderMachinesFile,
} from '../../../lambdas/hydra/cpp/machines-file.ts';
import type { Listing } from '../../../lambdas/hydra/cpp/life/listing.ts';

describe('round trip', () => {
  const word = fc.stringMatching(/^[A-Za-z0-9_][!-~]*$/).filter((text) => !/[,;#]/.test(text));
  const words = fc.uniqueArray(word, { maxLength: 4 });
  const listing: fc.Arbitrary<Listing> = fc.record(
    {
      address: fc.oneof(
        fc.domain(),
        fc.ipV4(),
        fc.ipV6().filter((ip) => !ip.includes('%')),
      ),
      sshUser: fc.constantFrom('root', 'nix', 'build_er-2'),
      sshPort: fc.integer({ min: 1, max: 65_535 }),
      systems: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }),
      sshKey: word.map((text) => `/${text}`),
      maxJobs: fc.nat(4_294_967_295),
      speedFactor: fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
      supportedFeatures: words,
      mandatoryFeatures: words,
      hostKey: fc.base64String({ minLength: 4 }).map((key) => `ssh-ed25519 ${key} a # comment; here`),
    },
    {
      requiredKeys: [
        'address',
        'systems',
        'maxJobs',
        'speedFactor',
        'supportedFeatures',
        'mandatoryFeatures',
      ],
    },
  );

  const uriOf = (address: string, user: string, port: number): string =>
    `ssh://${user}@${address.includes(':') ? `[${address}]` : address}${port === 22 ? '' : `:${port}`}`;

  test('the queue runner reads what was meant', () => {
    const farm = fc.uniqueArray(listing, { maxLength: 6, selector: ({ address }) => address.toLowerCase() });
    fc.assert(
      fc.property(farm, (listings) => {
        const read = parseMachinesFile(renderMachinesFile('my-farm', listings));
        const meant = listings
          .toSorted((a, b) => (a.address < b.address ? -1 : 1))
          .map(({ sshUser = 'root', sshPort = 22, ...given }) => ({
            ...given,
            uri: uriOf(given.address, sshUser, sshPort),
            identity: uriOf(given.address, sshUser, sshPort),
            address: given.address.toLowerCase(),
            systems: given.systems.toSorted(),
            supportedFeatures: [
              ...new Set([...given.supportedFeatures, ...given.mandatoryFeatures]),
            ].toSorted(),
            mandatoryFeatures: given.mandatoryFeatures.toSorted(),
          }));
        expect(read).toEqual(meant);
      }),
    );
  });

  test('whatever is called fine, the parser takes as one line a listing', () => {
    const anything = fc.string({ unit: 'binary', maxLength: 5 });
    const wild = fc.tuple(
      listing,
      fc.record(
        {
          sshKey: anything,
          systems: fc.array(anything),
          supportedFeatures: fc.array(anything),
          address: anything,
          hostKey: anything,
        },
        { requiredKeys: [] },
      ),
    );
    fc.assert(
      fc.property(fc.array(wild, { maxLength: 3 }), (pairs) => {
        const listings = pairs.map(([good, change]) => ({ ...good, ...change }));
        if (machinesFileProblems(listings).length > 0)
          expect(() => renderMachinesFile('my-farm', listings)).toThrow(MachinesFileError);
        else expect(parseMachinesFile(renderMachinesFile('my-farm', listings))).toHaveLength(listings.length);
      }),
    );
  });
});
