import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asPackedScript, withoutOptionTexts } from '../../infra/user-data-text.ts';
import { ScratchRoot } from './scratch-root.ts';

let root: ScratchRoot;
beforeEach(() => {
  root = new ScratchRoot();
});
afterEach(() => {
  root.remove();
});

describe('a packed script', () => {
  const SCRIPT = `cat >"$HYDRA_AUTOSCALER_ROOT/out" <<'END'\n$(reboot) "'\\\n${'long line '.repeat(50)}\nEND\n`;

  it.each(['/bin/sh', '/bin/bash'])('does what it says, and the rest goes on: %s', async (shell) => {
    const { code, stdout } = await root.run(`#!/bin/sh\n${asPackedScript(SCRIPT)}echo after\n`, {}, shell);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'after\n' });
    expect(root.read('out')).toBe(`$(reboot) "'\\\n${'long line '.repeat(50)}\n`);
  });

  it('is the same bytes on every machine and every day', () => {
    expect(asPackedScript('echo packed\n')).toContain('H4sIAAAAAAACA0tNzshXKEhMzk5N4QIA1HqjCAwAAAA=');
  });

  it('ends everything where it cannot be unpacked', async () => {
    root.program('gzip', 'exit 1');
    expect(await root.run(`${asPackedScript(SCRIPT)}echo after\n`)).toMatchObject({ code: 74, stdout: '' });
    expect(root.has('out')).toBe(false);
  });
});

describe('the texts of NixOS options', () => {
  const unit = '  systemd.services.a = {\n    description = "A unit";\n  };\n';
  const option = (texts: string): string =>
    `  options.a = lib.mkOption {\n    type = types.listOf (submodule {\n      b = mkOption {\n        default = 1;\n${texts}      };\n    });\n  };\n`;

  it('are left out, and nothing else that has their names', () => {
    const texts = '        example = [ 1 ];\n        description = "What `b = 1;` is.";\n';
    expect(withoutOptionTexts(option(texts) + unit)).toBe(option('') + unit);
  });
});
