import fc from 'fast-check';
import { expect, test } from 'vitest';
import { machineAddress } from '../../../lambdas/hydra/cpp/machine-address.ts';

test.each([
  ['10.0.0.5', '10.0.0.5'],
  ['root@10.0.0.5', '10.0.0.5'],
  ['ssh://root@10.0.0.5', '10.0.0.5'],
  ['ssh://root@10.0.0.5?x=1', '10.0.0.5'],
  ['ssh://root@10.0.0.5?remote-store=a@b/c', '10.0.0.5'],
  ['ssh-ng://root@10.0.0.5', '10.0.0.5'],
  ['SSH://root@Builder-1.Example.ORG', 'builder-1.example.org'],
  ['ssh://root@h:2222', 'h'],
  ['h:22', 'h'],
  ['build@h:2222', 'h'],
  ['ssh://a:b@c@h:2222/', 'h'],
  ['ssh://root@[fd00::1]:22', 'fd00::1'],
  ['ssh://root@[FD00::1]', 'fd00::1'],
  ['root@fd00::1', 'fd00::1'],
  ['ssh://localhost', 'localhost'],
  ['unix:///run/nix.sock', 'unix:///run/nix.sock'],
  ['', ''],
])('%s is %s', (key, address) => {
  expect(machineAddress(key)).toBe(address);
});

test('an address is its own address, whatever user and port stand beside it', () => {
  fc.assert(
    fc.property(fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6()), (host) => {
      const address = machineAddress(`ssh://root@${host.includes(':') ? `[${host}]` : host}?compress=true`);
      expect(address).toBe(host.toLowerCase());
      expect(machineAddress(address)).toBe(address);
      const bracketed = host.includes(':') ? `[${host}]` : host;
      expect(machineAddress(`ssh://nix@${bracketed}:2222`)).toBe(address);
    }),
  );
});
