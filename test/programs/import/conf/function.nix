{ pkgs ? import <nixpkgs> {} }: { tag = pkgs.hello.name; }
