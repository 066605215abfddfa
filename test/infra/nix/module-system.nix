# Modules as NixOS knows them: options with types, definitions with priorities and an order, conditions, imports.
{ lib }:

let
  inherit (builtins) attrNames concatMap filter foldl' head isAttrs isFunction isList isString map tail;
  is = type: value: isAttrs value && (value._type or "") == type;
  show = builtins.concatStringsSep ".";

  # One module, whatever form it has: a path, a function, with or without `config`.
  load =
    args: parent: module:
    let
      file = if isAttrs module || isFunction module then parent else toString module;
      value = if isAttrs module || isFunction module then module else import module;
      set = if isFunction value then value args else value;
      isLong = set ? config || set ? options;
    in
    [
      {
        inherit file;
        key = if file == parent then null else file;
        options = set.options or { };
        config = if isLong then set.config or { } else removeAttrs set [ "imports" ];
        freeformType = set.freeformType or null;
      }
    ]
    ++ concatMap (load args file) (set.imports or [ ]);

  # A file that several modules import counts once.
  once = foldl' (seen: module: if module.key != null && builtins.elem module.key (map (m: m.key) seen) then seen else seen ++ [ module ]) [ ];

  mergeOptions =
    path: sets:
    lib.genAttrs (lib.unique (concatMap attrNames sets)) (
      name:
      let
        values = map (set: set.${name}) (filter (set: set ? ${name}) sets);
      in
      if !builtins.any (is "option") values then
        mergeOptions (path ++ [ name ]) values
      else if tail values == [ ] then
        head values
      else
        throw "The option `${show (path ++ [ name ])}' is already declared."
    );

  # Definitions of a set, with what was said of the whole said of each of its parts.
  pushDown =
    value:
    if is "merge" value then
      concatMap pushDown value.contents
    else if is "if" value || is "override" value || is "order" value then
      map (builtins.mapAttrs (_: content: value // { inherit content; })) (pushDown value.content)
    else
      [ value ];
  definitionsOf =
    name: definitions:
    concatMap (definition: map (value: { inherit (definition) file; value = value.${name}; }) (filter (value: value ? ${name}) (pushDown definition.value))) definitions;
  namesOf = definitions: lib.unique (concatMap (definition: concatMap attrNames (pushDown definition.value)) definitions);

  # Those that count: conditions hold, of the highest priority, in order.
  discharge =
    definition:
    let
      inherit (definition) value;
      continue = changes: discharge (definition // { value = value.content; } // changes);
    in
    if is "merge" value then
      concatMap (content: discharge (definition // { value = content; })) value.contents
    else if is "if" value then
      if value.condition then continue { } else [ ]
    else if is "override" value then
      continue { inherit (value) priority; }
    else if is "order" value then
      continue { order = value.priority; }
    else
      [ ({ priority = 100; order = 1000; } // definition) ];
  counting =
    definitions:
    let
      all = concatMap discharge definitions;
      highest = foldl' (least: definition: if definition.priority < least then definition.priority else least) 10000 all;
    in
    builtins.sort (a: b: a.order < b.order) (filter (definition: definition.priority == highest) all);

  mergeDefinitions =
    path: type: definitions:
    let
      counted = counting definitions;
      wrong = filter (definition: !type.check definition.value) counted;
    in
    if wrong != [ ] then
      throw "A definition for option `${show path}' is not of type `${type.name}'. Definition in ${(head wrong).file}"
    else
      type.merge path counted;

  evaluateOption =
    path: option: definitions:
    let
      default = lib.optional (option ? default) { file = "the default"; value = mkOverride 1500 option.default; };
      all = definitions ++ default;
      value =
        if counting all == [ ] && !(option.type.emptyValue or { } ? value) then
          throw "The option `${show path}' was accessed but has no value defined."
        else if counting all == [ ] then
          option.type.emptyValue.value
        else
          mergeDefinitions path option.type all;
    in
    (option.apply or (given: given)) value;

  evaluateSet =
    path: options: freeformType: definitions:
    let
      unknown = filter (name: !options ? ${name}) (namesOf definitions);
      free = map (definition: definition // { value = { _type = "merge"; contents = map (value: removeAttrs value (attrNames options)) (pushDown definition.value); }; }) definitions;
      known = builtins.mapAttrs (
        name: option:
        let
          own = definitionsOf name definitions;
        in
        if is "option" option then evaluateOption (path ++ [ name ]) option own else evaluateSet (path ++ [ name ]) option null own
      ) options;
    in
    if freeformType != null then
      mergeDefinitions path freeformType free // known
    else if unknown != [ ] then
      throw "The option `${show (path ++ [ (head unknown) ])}' does not exist."
    else
      known;

  # What modules see of options: how they are declared, and whether somebody defined them.
  describe =
    options: definitions:
    builtins.mapAttrs (
      name: option:
      let
        own = definitionsOf name definitions;
      in
      if is "option" option then option // { isDefined = counting own != [ ]; } else describe option own
    ) options;

  evalModules =
    { modules, specialArgs ? { }, prefix ? [ ] }:
    let
      args = specialArgs // { inherit config; options = describe options definitions; };
      loaded = once (concatMap (load args "a module") modules);
      definitions = map (module: { inherit (module) file; value = module.config; }) loaded;
      options = mergeOptions prefix (map (module: module.options) loaded);
      freeforms = filter (type: type != null) (map (module: module.freeformType) loaded);
      config = evaluateSet prefix options (if freeforms == [ ] then null else head freeforms) definitions;
    in
    { inherit config options; };

  # Types: what one definition has to be, and how several become one value.
  equal =
    path: definitions:
    if builtins.all (definition: definition.value == (head definitions).value) definitions then
      (head definitions).value
    else
      throw "The option `${show path}' has conflicting definition values: ${show (map (d: d.file) definitions)}";
  plain = name: check: { inherit name check; merge = equal; };
  isText = value: isString value || isAttrs value && value ? outPath;
  types = rec {
    bool = plain "boolean" builtins.isBool;
    int = plain "integer" builtins.isInt;
    float = plain "float" builtins.isFloat;
    str = plain "string" isString;
    singleLineStr = plain "string of one line" (value: isString value && !lib.hasInfix "\n" value);
    path = plain "path" (value: builtins.isPath value || isText value && lib.hasPrefix "/" "${value}");
    package = plain "package" isText;
    port = ints.between 0 65535 // { name = "port"; };
    unspecified = plain "anything" (_: true);
    ints = {
      unsigned = plain "integer of at least 0" (value: builtins.isInt value && value >= 0);
      between = low: high: plain "integer between ${toString low} and ${toString high}" (value: builtins.isInt value && low <= value && value <= high);
    };
    lines = {
      name = "lines";
      check = isString;
      merge = _: definitions: builtins.concatStringsSep "\n" (map (definition: definition.value) definitions);
    };
    enum = values: plain "one of the known" (value: builtins.elem value values);
    either = one: other: {
      name = "${one.name} or ${other.name}";
      check = value: one.check value || other.check value;
      merge = path: definitions: (if builtins.all (definition: one.check definition.value) definitions then one else other).merge path definitions;
    };
    oneOf = list: foldl' either (head list) (tail list);
    nullOr = type: either (plain "null" (value: value == null)) type // { getSubOptions = type.getSubOptions or (_: { }); };
    listOf = type: {
      name = "list of ${type.name}";
      getSubOptions = type.getSubOptions or (_: { });
      check = isList;
      emptyValue.value = [ ];
      merge = path: definitions: concatMap (definition: map (value: mergeDefinitions path type [ (definition // { inherit value; }) ]) definition.value) definitions;
    };
    attrsOf = type: {
      name = "set of ${type.name}";
      check = isAttrs;
      emptyValue.value = { };
      merge =
        path: definitions:
        let
          plainly = map (definition: { inherit (definition) file value; }) definitions;
          named = lib.genAttrs (namesOf plainly) (name: definitionsOf name plainly);
          counted = filter (name: counting named.${name} != [ ]) (attrNames named);
        in
        lib.genAttrs counted (name: mergeDefinitions (path ++ [ name ]) type named.${name});
    };
    anything = {
      name = "anything";
      check = _: true;
      merge = path: definitions: if builtins.all (definition: isAttrs definition.value) definitions then (attrsOf anything).merge path definitions else equal path definitions;
    };
    submodule = module: {
      name = "object";
      getSubOptions = prefix: (evalModules { modules = [ module ]; inherit prefix; specialArgs = { inherit lib; }; }).options;
      check = value: isAttrs value || isFunction value;
      emptyValue.value = { };
      merge =
        path: definitions:
        (evalModules {
          modules = [ module ] ++ map (definition: { config = definition.value; }) definitions;
          prefix = path;
          specialArgs = { inherit lib; name = foldl' (_: part: part) "" path; };
        }).config;
    };
  };

  mkOverride = priority: content: { _type = "override"; inherit priority content; };
  mkOrder = priority: content: { _type = "order"; inherit priority content; };
in
{
  inherit evalModules types mkOverride mkOrder;
  mkOption = option: option // { _type = "option"; };
  mkEnableOption = what: { _type = "option"; type = types.bool; default = false; description = "Whether to enable ${what}."; };
  literalMD = text: { _type = "literalMD"; inherit text; };
  mkIf = condition: content: { _type = "if"; inherit condition content; };
  mkMerge = contents: { _type = "merge"; inherit contents; };
  mkDefault = mkOverride 1000;
  mkForce = mkOverride 50;
  mkBefore = mkOrder 500;
  mkAfter = mkOrder 1500;

  mkRenamedOptionModule =
    from: to:
    { config, options, ... }:
    let
      at = foldl' (set: name: set.${name});
      under = path: value: if path == [ ] then value else { ${head path} = under (tail path) value; };
    in
    {
      options = under from {
        _type = "option";
        visible = false;
        inherit (at options to) type;
      };
      config = {
        _type = "if";
        condition = (at options from).isDefined;
        content = under to (at config from) // {
          warnings = [ "The option `${show from}' has been renamed to `${show to}'." ];
        };
      };
    };
}
