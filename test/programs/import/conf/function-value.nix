{ systemTypes.x86_64-linux.nixopsExpr = args: args; }
