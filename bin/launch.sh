# What the launchers share. Sourced, with $home set.

# Sets $java to the newest JDK of 21 or more: JAVA_HOME, then PATH, then /usr/lib/jvm.
find_java() {
  local candidate version best=0
  java=""
  for candidate in "${JAVA_HOME:-}/bin/java" "$(command -v java || true)" /usr/lib/jvm/*/bin/java; do
    [ -x "$candidate" ] || continue
    version=$(java_version "$candidate")
    if [ "${version:-0}" -ge 21 ] && [ "$version" -gt "$best" ]; then
      java=$candidate
      best=$version
    fi
  done
  if [ -z "$java" ]; then
    echo "reprise: expected a JDK of 21 or more in JAVA_HOME, on the PATH or in /usr/lib/jvm, but found none" >&2
    exit 1
  fi
  set_flags "$best"
}

java_version() {
  local release
  release=$(dirname "$(dirname "$(readlink -f "$1")")")/release
  if [ -f "$release" ]; then
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$release"
  else
    "$1" -version 2>&1 | sed -n '1s/.*"\([0-9]*\).*/\1/p'
  fi
}

# Flags of a JVM of the version $1.
set_flags() {
  # Without the last two, C2 computes wrong results now and then (docs/decisions/0007).
  base_flags=(--enable-native-access=ALL-UNNAMED -XX:+UnlockDiagnosticVMOptions -XX:EliminateAllocationArraySizeLimit=0)
  # Netty and protobuf still use Unsafe; from 24 on the JVM would say so at every start.
  if [ "$1" -ge 24 ]; then
    base_flags+=(--sun-misc-unsafe-memory-access=allow -XX:+UseCompactObjectHeaders)
  fi
  # Two cores and a small live set: the parallel collector costs the fewest barriers on the hot path.
  aot_supported=$([ "$1" -ge 25 ] && echo yes || true)
  server_flags=("${base_flags[@]}" -XX:+UseParallelGC -Xms64m -Xmx"${REPRISE_HEAP:-1g}" -XX:MaxDirectMemorySize=512m
    -XX:+ExitOnOutOfMemoryError -Dio.netty.noUnsafe=false ${REPRISE_JAVA_OPTS:-})
  small_flags=("${base_flags[@]}" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto)
}

# Builds the modules $1 unless they are there and newer than their sources.
build() {
  local module missing=""
  for module in ${1//,/ }; do
    if [ ! -d "$home/$module/target/lib" ] || [ -n "$(newer_sources "$home/$module/target/lib")" ]; then
      missing=1
    fi
  done
  [ -z "$missing" ] && return 0
  command -v mvn >/dev/null || {
    echo "reprise: expected Maven (mvn) on the PATH to build with, but there is none" >&2
    exit 1
  }
  echo "reprise: building $1 (once; a minute or two)" >&2
  (cd "$home" && mvn -q -B -Dquick -DskipTests -pl "$1" -am package >&2) || {
    echo "reprise: the build failed; its messages are above" >&2
    exit 1
  }
  for module in ${1//,/ }; do touch "$home/$module/target/lib"; done
}

newer_sources() {
  find "$home"/*/src/main "$home"/*/pom.xml "$home/pom.xml" -newer "$1" -type f -print -quit 2>/dev/null
}

# Lets the server keep what a first run learned about its classes and hot methods, so that later ones
# start and warm up faster. Made once per build, on a directory and ports of its own.
train() {
  [ -n "$aot_supported" ] || return 0
  local cache=$home/server/target/reprise.aot
  if [ ! -f "$cache" ] || [ "$home/server/target/lib" -nt "$cache" ]; then
    echo "reprise: training the server's start (once; half a minute)" >&2
    "$home/bin/train.sh" "$java" "$cache" "$home/server/target/lib/*" "$home/bench/target/lib/*" "${server_flags[@]}" >"$home/server/target/train.log" 2>&1 || {
      # Without it the server is slower to start, and that is all.
      echo "reprise: no training; $home/server/target/train.log says why" >&2
      return 0
    }
  fi
  use_cache "$cache"
}

# Starts the server from what it learned, if there is such a thing; one of another JVM is passed over in silence.
use_cache() {
  [ -f "$1" ] || return 0
  server_flags+=("-XX:AOTCache=$1" -Xlog:aot=off -Xlog:aot*=off -Xlog:cds=off -Xlog:cds*=off)
}

# The class path of the program $1 of a distribution.
class_path() {
  local jar path=""
  while read -r jar; do path+=${path:+:}$home/lib/jars/$jar; done <"$home/lib/$1.jars"
  echo "$path"
}
