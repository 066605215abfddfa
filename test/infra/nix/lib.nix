# As much of nixpkgs' library as our modules use, so that they can be evaluated where nixpkgs is not to be had. Names and
# meanings are nixpkgs'; NIXPKGS_LIB evaluates the same tests with the real one.
let
  lib = strings // import ./module-system.nix { lib = strings; };

  strings = rec {
    inherit (builtins) attrNames attrValues concatStringsSep elem filter head isList mapAttrs;
    inherit (builtins) compareVersions concatLists concatMap isAttrs isString listToAttrs map toString any all;

    optional = condition: value: optionals condition [ value ];
    optionals = condition: list: if condition then list else [ ];
    optionalString = condition: text: if condition then text else "";
    optionalAttrs = condition: set: if condition then set else { };
    flip = function: first: second: function second first;
    findFirst = test: default: list: let found = filter test list; in if found == [ ] then default else head found;
    unique = builtins.foldl' (seen: value: if elem value seen then seen else seen ++ [ value ]) [ ];

    concatStrings = concatStringsSep "";
    concatMapStrings = function: list: concatStrings (map function list);
    mapAttrsToList = function: set: map (name: function name set.${name}) (attrNames set);
    nameValuePair = name: value: { inherit name value; };
    genAttrs = names: function: listToAttrs (map (name: nameValuePair name (function name)) names);
    mapAttrs' = function: set: listToAttrs (mapAttrsToList function set);

    hasPrefix = prefix: text: builtins.substring 0 (builtins.stringLength prefix) text == prefix;
    hasInfix = infix: text: builtins.length (builtins.split (escapeRegex infix) text) > 1;
    splitString = separator: text: filter isString (builtins.split (escapeRegex separator) text);
    escapeRegex = builtins.replaceStrings special (map (character: "\\" + character) special);
    special = [ "\\" "[" "{" "(" ")" "^" "$" "?" "*" "+" "|" "." ];
    escapeShellArg =
      value:
      if builtins.match "[[:alnum:],._+:@%/-]+" (toString value) != null then
        toString value
      else
        "'" + builtins.replaceStrings [ "'" ] [ "'\\''" ] (toString value) + "'";
    makeBinPath = packages: concatStringsSep ":" (map (package: "${package}/bin") packages);
  };
in
lib
