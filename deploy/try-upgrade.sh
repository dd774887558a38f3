#!/usr/bin/env bash
# usage: try-upgrade.sh OLD NEW [EVENTS]
# Rolls three workers from one build to another under load, as systemd does: TERM, wait for the end, start.
# OLD and NEW are folders with nightshift.jar and lib; handlers are those of examples/quakes; Kafka is that of
# NIGHTSHIFT_BOOTSTRAP_SERVER, with nothing in it. Ends with 0 if each event has run once and completed.
set -euo pipefail

old=$(cd "$1" && pwd)
new=$(cd "$2" && pwd)
events=${3:-2000}
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=bin/jdk.sh
. bin/jdk.sh
use_jdk try-upgrade
work=$(mktemp -d)
all=completed,errored,timed_out,no_handler,canvas_deleted,exhausted,undecodable,cancelled,lost
workers=()
begun=$SECONDS

say() { printf '%4d s  %s\n' $((SECONDS - begun)) "$*"; }
# What is done in the background ends with this script.
trap 'kill "${workers[@]}" 2>/dev/null || true; wait; rm -rf "$work"' EXIT

nightshift() { "$JAVA_HOME/bin/java" -Xmx128m -XX:TieredStopAtLevel=1 -Xlog:disable -jar "$new/nightshift.jar" "$@"; }

start() { # worker number $1, of the build in $2; returns when it is ready
  "$JAVA_HOME/bin/java" -Xmx256m -Xlog:disable -jar "$2/nightshift.jar" worker --name "worker-$1" \
    --handlers examples/quakes/target/handlers --admin-port $((29460 + $1)) >>"$work/worker-$1.log" 2>&1 &
  workers[$1]=$!
  until NIGHTSHIFT_ADMIN_PORT=$((29460 + $1)) deploy/docker/healthy >/dev/null 2>&1; do
    kill -0 "${workers[$1]}" || { cat "$work/worker-$1.log"; exit 1; }
    sleep 0.1
  done
  say "worker $1 of $2 is ready"
}

stop() { # worker number $1, which must drain cleanly
  kill -TERM "${workers[$1]}"
  local status=0
  wait "${workers[$1]}" || status=$?
  say "worker $1 has ended with $status"
  [ "$status" -eq 0 ]
}

lines() { # payloads, a hundred a second, until the workers are rolled
  local number=0
  while [ ! -e "$work/rolled" ] || [ $number -lt "$events" ]; do
    number=$((number + 1))
    printf '{"id":"%d","mag":2.5,"place":"here"}\n' "$number"
    if [ $((number % 10)) -eq 0 ]; then
      sleep 0.1
    fi
  done
}

ids() { # of the events that have completed, those that ran twice twice
  grep '"outcome":"completed"' "$work/ended" | grep -oE '"event":"[^"]*"'
}

for number in 1 2 3; do start "$number" "$old"; done
nightshift canvas create quakes
nightshift event tail quakes/assess --since 1h --outcome "$all" -o jsonl >"$work/ended" &
workers[0]=$!
lines | nightshift event emit quakes/assess --file - -o name >"$work/acknowledged" &
emitting=$!
until [ -s "$work/acknowledged" ]; do sleep 0.1; done
for number in 1 2 3; do
  stop "$number"
  start "$number" "$new"
done
touch "$work/rolled"
wait "$emitting"
acknowledged=$(wc -l <"$work/acknowledged")
say "$acknowledged events are acknowledged"
until [ "$(ids | sort -u | wc -l)" -ge "$acknowledged" ]; do
  [ $SECONDS -lt $((begun + 300)) ] || { say "only $(ids | sort -u | wc -l) have completed"; exit 1; }
  sleep 0.5
done
again=$(($(wc -l <"$work/ended") - acknowledged))
say "all have completed; $again attempts more than one each"
[ "$again" -eq 0 ]
