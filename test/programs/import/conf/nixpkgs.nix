let pkgs = import <nixpkgs> {}; in { tag = "x"; systemTypes.x86_64-linux.maxMachines = pkgs.lib.max 1 2; }
