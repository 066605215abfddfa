{ tag = "x"; systemTypes.x86_64-linux.nixopsExpr = ./nobody-wrote-this.nix; }
