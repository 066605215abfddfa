# Options that had another name before all were under services.hydra-autoscaler: understood as they were, with a warning.
#   from, to: paths, as lists of names; names: of the options below them
{ lib, from, to, names }:

map (name: lib.mkRenamedOptionModule (from ++ [ name ]) (to ++ [ name ])) names
