#!/usr/bin/env bash
# Runs the server under load for a while, and keeps what the JVM learned: train.sh JAVA CACHE FLAGS…
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
java=$1 cache=$2
shift 2
work=$(mktemp -d)
endpoint="" server=""
trap 'kill $endpoint $server 2>/dev/null || true; rm -rf "$work"' EXIT

"$home/bench/run" endpoint --port 0 >"$work/endpoint.out" &
endpoint=$!
"$java" "$@" -XX:AOTCacheOutput="$cache.new" -cp "$home/server/target/lib/*" dev.reprise.server.node.Main server \
  --base-dir "$work/data" --bind-host 127.0.0.1 --ingress-port 0 --admin-port 0 --grpc-port 0 --node-port 0 >"$work/server.out" &
server=$!

# Waits for a line of a file, for half a minute.
await() {
  for _ in $(seq 300); do
    grep -q "$1" "$2" && return 0
    sleep 0.1
  done
  echo "expected '$1' in $2, but it holds:" && cat "$2" && return 1
}
await ready "$work/server.out"
await '[0-9]' "$work/endpoint.out"
port=$(grep -o '[0-9]*$' "$work/endpoint.out" | head -1)
ingress=$(sed -n 's/.*ingress=\([^ ]*\).*/\1/p' "$work/server.out")
admin=$(sed -n 's/.*admin=\([^ ]*\).*/\1/p' "$work/server.out")
curl -sf "$admin/deployments" -H 'content-type: application/json' -d "{\"uri\":\"http://127.0.0.1:$port/b\"}" >/dev/null
for path in Echo/echo 'Counter/{key}/add' Steps/run Fan/call; do
  body='"hello"'
  [ "$path" = Steps/run ] && body=10
  "$home/bench/run" load -c 32 --warm 0 -d 4 -b "$body" "$ingress/$path" || true
done
kill $server
wait $server || true
mv "$cache.new" "$cache"
