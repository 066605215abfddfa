/** Where hydra-provisioner left its machines file, and what people have to do about it. */
import { describe, expect, it } from 'vitest';
import { machinesFileOf, machinesFileSetting } from '../../../local/programs/import/machines-file.ts';

const DEFAULT = '/var/lib/hydra/provisioner/machines';

describe('the machines file of an update command', () => {
  it.each([
    ['ssh hydra "cat > /var/lib/hydra/machines"', '/var/lib/hydra/machines'],
    [['ssh', 'hydra', 'tee /etc/nix/machines.dynamic'], '/etc/nix/machines.dynamic'],
    ['cat > /a/b.new && mv /a/b.new /a/b', '/a/b'],
    ['cat > /a/b.new && mv -f /a/b.new /a/b', '/a/b'],
    ['tee /a/b > /dev/null', '/a/b'],
  ])('%j is on the host', (written, path) => {
    expect(machinesFileOf(written)).toEqual({ is: 'on-the-host', path });
  });

  it.each([['cat > /a; cat > /b'], [['my-script']], ['tee > /dev/null']])('%j cannot be told', (written) => {
    expect(machinesFileOf(written)).toEqual({ is: 'unknown' });
  });

  it.each([
    [['docker', 'exec', '-i', 'hydra', 'sh', '-c', 'cat > /h/m.tmp && mv /h/m.tmp /h/m'], '/h/m'],
    ['ssh host docker exec -i hydra tee /h/m', '/h/m'],
    ['kubectl exec -i hydra-0 -- tee /h/m', '/h/m'],
    ['nixos-container run hydra -- tee /h/m', '/h/m'],
    ['docker cp machines hydra:/h/m', '/h/m'],
    ['podman exec -i hydra update-machines', undefined],
  ])('%j is inside a container', (written, path) => {
    expect(machinesFileOf(written)).toEqual({ is: 'in-a-container', ...(path !== undefined && { path }) });
  });

  it('may be the static one', () => {
    expect(machinesFileOf(['sudo', 'tee', '/etc/nix/machines'])).toEqual({
      is: 'static',
      path: '/etc/nix/machines',
    });
  });
});

describe('what becomes of it', () => {
  const said = (...given: Parameters<typeof machinesFileSetting>): string =>
    machinesFileSetting(...given)
      .notes.map(({ path, message }) => `${path} ${message}`)
      .join('\n');

  it('is the same path where there is one, and the leftover has to be moved away', () => {
    const file = { is: 'on-the-host', path: '/a/b' } as const;
    expect(machinesFileSetting(file, undefined).setting).toEqual({ machinesFile: '/a/b' });
    expect(said(file, undefined)).toContain('mv /a/b /a/b.old');
    expect(said(undefined, undefined)).toContain(`mv ${DEFAULT} ${DEFAULT}.old`);
  });

  it('is asked for where the path is one inside a container, and taken from whoever knows', () => {
    const file = { is: 'in-a-container', path: '/h/m' } as const;
    expect(machinesFileSetting(file, undefined).setting).toEqual({});
    expect(said(file, undefined)).toMatch(/\/h\/m is a path inside: give .* --machines-file/);
    expect(machinesFileSetting(file, '/srv/hydra/m').setting).toEqual({ machinesFile: '/srv/hydra/m' });
    expect(said(file, '/srv/hydra/m')).toContain('mv /srv/hydra/m /srv/hydra/m.old');
  });

  it('is never the static file, which is not ours to write', () => {
    const file = { is: 'static', path: '/etc/nix/machines' } as const;
    expect(machinesFileSetting(file, undefined).setting).toEqual({});
    expect(said(file, undefined)).toMatch(/never overwritten.*NIX_REMOTE_SYSTEMS/);
    expect(said(file, undefined)).not.toContain('mv ');
  });
});
