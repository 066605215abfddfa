import { mkdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ScratchHost, SHELLS } from '../../fakes/scratch-host.ts';

describe.each(SHELLS)('ask-builder, run by %s', (shell) => {
  let machine: ScratchHost;
  beforeEach(() => {
    machine = new ScratchHost({ shell });
    mkdirSync(machine.path('run/hydra-drain'), { recursive: true });
  });
  afterEach(() => machine.remove());

  function gateHas(free: number): void {
    machine.program('df', `echo head; echo "gate 64 0 ${free} 0% ${machine.path('run/hydra-drain')}"`);
  }

  function unitIs(state: string, status: string): void {
    machine.program(
      'systemctl',
      `[ "$4" = hydra-builder.service ] || exit 1
       case $2 in *=ActiveState) echo '${state}' ;; *=ExecMainStatus) echo '${status}' ;; esac`,
    );
  }

  async function ask(): Promise<readonly string[]> {
    const { exitCode, stdout, stderr } = await machine.run('askBuilder');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^v1 builder [a-z-]+ (\d+|-) (open|closed|-) ([A-Za-z0-9+/]+={0,2}|-)\n$/);
    return stdout.trim().split(' ').slice(2);
  }

  it('tells state, exit status, gate and what the unit said last', async () => {
    unitIs('activating', '65');
    gateHas(0);
    machine.program('journalctl', `printf '%s\\n' "$*" "API version mismatch: client has 1, server has 2"`);
    const [state, status, gate, journal = ''] = await ask();
    expect([state, status, gate]).toEqual(['activating', '65', 'closed']);
    expect(Buffer.from(journal, 'base64').toString('utf8')).toBe(
      '_SYSTEMD_UNIT=hydra-builder.service --lines=60 --output=cat --no-pager\nAPI version mismatch: client has 1, server has 2\n',
    );
  });

  it.each([
    [64, 'open'],
    [60, 'open'],
    [40, '-'],
    [0, 'closed'],
  ])('with %s of 64 KiB free calls the gate %s', async (free, gate) => {
    gateHas(free);
    expect((await ask())[2]).toBe(gate);
  });

  it('knows nothing where there is nothing to know, and says so', async () => {
    expect(await ask()).toEqual(['-', '-', '-', '-']);
  });

  it('takes the beginnings of long lines, the end of a long journal, and no odd word for a state', async () => {
    unitIs('$(reboot) x', '1; 2');
    const long = 'x'.repeat(2000);
    machine.program('journalctl', `n=0; while [ $n -lt 60 ]; do echo ${long}; n=$((n + 1)); done; echo end`);
    const [state, status, , journal = ''] = await ask();
    expect([state, status]).toEqual(['-', '-']);
    const said = Buffer.from(journal, 'base64').toString('utf8');
    expect(said).toMatch(/^x*\n(x{300}\n)+end\n$/);
    expect(said).toHaveLength(8000);
  });
});
