# The options that `path` leads to, each as { name, type, default, example, description }; default is { } where it is needed,
# as is example where there is none.
{ options, path }:

let
  inherit (builtins) attrNames concatMap filter foldl' isAttrs;
  is = type: value: isAttrs value && (value._type or "") == type;
  text = value: if isAttrs value && value ? _type then { inherit (value) text; } else { inherit value; };

  listed =
    prefix: name: set:
    let
      option = set.${name};
      full = prefix + name;
      isList = builtins.match "(.* )?list of .*" option.type.name != null;
    in
    if !is "option" option then
      all "${full}." option
    else
      [
        {
          name = full;
          type = option.type.name;
          inherit (option) description;
          default = if option ? defaultText then text option.defaultText else if option ? default then text option.default else { };
          example = if option ? example then text option.example else { };
        }
      ]
      ++ all (if isList then "${full}.*." else "${full}.") ((option.type.getSubOptions or (_: { })) [ ]);
  all = prefix: set: concatMap (name: listed prefix name set) (filter (name: name != "_module") (attrNames set));
in
all "" (foldl' (set: name: set.${name}) options path)
