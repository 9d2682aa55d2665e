#!/usr/bin/env bash
# Runs the server under load for a while, and keeps what the JVM learned:
#
#   train.sh JAVA CACHE SERVER_CLASS_PATH BENCH_CLASS_PATH FLAGS…
#
# Needs nothing but Java and bash: it also runs inside the image.
set -euo pipefail
java=$1 cache=$2 server_classes=$3 bench_classes=$4
shift 4
work=$(mktemp -d)
endpoint="" server=""
trap 'kill $endpoint $server 2>/dev/null || true; rm -rf "$work"' EXIT

bench() { "$java" -Xmx256m -cp "$bench_classes" dev.reprise.bench.Main "$@"; }

"$java" -Xmx256m -cp "$bench_classes" dev.reprise.bench.Main endpoint --port 0 >"$work/endpoint.out" &
endpoint=$!
"$java" "$@" -XX:AOTCacheOutput="$cache.new" -cp "$server_classes" dev.reprise.server.node.Main server \
  --base-dir "$work/data" --bind-host 127.0.0.1 --ingress-port 0 --admin-port 0 --grpc-port 0 --node-port 0 >"$work/server.out" &
server=$!

# Waits for a line of a file, for two minutes: a machine may be busy.
await() {
  for _ in $(seq 1200); do
    grep -q "$1" "$2" && return 0
    sleep 0.1
  done
  echo "expected '$1' in $2, but it holds:" && cat "$2" && return 1
}
await ready "$work/server.out"
await '[0-9]' "$work/endpoint.out"
port=$(grep -o '[0-9]*$' "$work/endpoint.out" | head -1)
ingress=$(sed -n 's/.*ingress=\([^ ]*\).*/\1/p' "$work/server.out")
admin=$(sed -n 's/.*admin=[^ ]*:\([0-9]*\).*/\1/p' "$work/server.out")
request="{\"uri\":\"http://127.0.0.1:$port/b\"}"
exec 3<>"/dev/tcp/127.0.0.1/$admin"
printf 'POST /deployments HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%s' \
  "${#request}" "$request" >&3
read -r -t 30 answer <&3
case $answer in *" 201 "* | *" 200 "*) ;; *) echo "expected to register the endpoint, but got $answer" && exit 1 ;; esac
for path in Echo/echo 'Counter/{key}/add' Steps/run Fan/call; do
  body='"hello"'
  [ "$path" = Steps/run ] && body=10
  bench load -c 32 --warm 0 -d 4 -b "$body" "$ingress/$path" || true
done
kill $server
wait $server || true
mv "$cache.new" "$cache"
