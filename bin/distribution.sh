#!/usr/bin/env bash
# Puts what has been built into one directory that runs wherever a JDK is: distribution.sh DIR
#
#   bin/      reprise, restatectl; healthy and train for the image
#   lib/      jars, each once, and the class path of each program
#
# Class paths are lists in a fixed order: a cache of one class path is of no use to another.
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
mark=reprise-distribution
mkdir -p "$1"
to=$(cd "$1" && pwd)
if [ -n "$(ls -A "$to")" ] && [ ! -f "$to/$mark" ]; then
  echo "reprise: expected $to to be empty or an earlier distribution, but it is neither" >&2
  exit 1
fi
rm -rf "$to/bin" "$to/lib"
mkdir -p "$to/bin" "$to/lib/jars"
touch "$to/$mark"
cp "$home"/image/bin/* "$to/bin/"
cp "$home/bin/launch.sh" "$home/bin/train.sh" "$to/lib/"

# The program $1 runs with the jars of the module $2.
program() {
  local jar names=()
  for jar in "$home/$2"/target/lib/*.jar; do
    names+=("$(basename "$jar")")
    cp -p "$jar" "$to/lib/jars/"
  done
  printf '%s\n' "${names[@]}" | LC_ALL=C sort >"$to/lib/$1.jars"
}
program server server
program restatectl cli
program bench bench
