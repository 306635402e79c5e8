#!/bin/sh
# Stands in for clang and ar where the compiler only checks types: nothing is linked, so every object and archive may be
# an empty file. It must not be named cc on the PATH, or programs of the host would be linked with it.
for argument; do
  case $argument in
    # The cc crate finds out which compiler this is: its test file expands to the name, and only MSVC knows `-?`.
    -E) echo '"clang"'; exit ;;
    '-?') exit 1 ;;
    *.a) : > "$argument" ;;
  esac
done
while [ $# -gt 0 ]; do
  case $1 in
    -o) : > "$2" ;;
    -o*) : > "${1#-o}" ;;
  esac
  shift
done
