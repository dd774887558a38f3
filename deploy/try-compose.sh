#!/usr/bin/env bash
# usage: try-compose.sh [EVENTS]
# Starts docker-compose.yml's three brokers, a scheduler, a worker and Prometheus; emits EVENTS (3,000) events;
# scales to three workers, kills one of them and one broker on the way; and ends with 0 if each event that
# was acknowledged has ended as completed. The images must be there or be had; Grafana is left out.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
events=${1:-3000}
work=$(mktemp -d)
if docker compose version >/dev/null 2>&1; then
  compose=(docker compose)
else
  compose=(docker-compose)
fi
export COMPOSE_PROFILES=cluster COMPOSE_PROJECT_NAME=nightshift-try
begun=$SECONDS

compose() { "${compose[@]}" "$@" 2>>"$work/compose.log"; }
say() { printf '%4d s  %s\n' $((SECONDS - begun)) "$*"; }
nightshift() { compose exec -T scheduler nightshift "$@"; }

end() {
  local status=$?
  if [ "$status" -ne 0 ]; then
    say "failed; the last that was said:"
    tail -n 5 "$work"/* || true
    compose logs --tail=15 worker scheduler || true
  fi
  compose down -v --timeout 40 || true
  rm -rf "$work"
}
trap end EXIT

await() { # waits until the command after $1, which says for what, ends with 0; 180 s at most
  local what=$1 until=$((SECONDS + 180))
  shift
  until "$@" >/dev/null 2>>"$work/await.log"; do
    if [ $SECONDS -ge $until ]; then
      say "waited in vain until $what"
      return 1
    fi
    sleep 0.2
  done
  say "$what"
}

healthy() { # $2 containers of service $1 are
  [ "$(compose ps -q "$1" | xargs docker inspect -f '{{.State.Health.Status}}' | grep -cx healthy)" -eq "$2" ]
}

all_completed() {
  [ "$(grep '"outcome":"completed"' "$work/ended" | grep -oE '"event":"[^"]*"' | sort -u | wc -l)" -ge "$acknowledged" ]
}

metrics() { # Nightshift's, as Prometheus has them
  compose exec -T scheduler bash -c 'exec 3<>/dev/tcp/prometheus/9090
    printf "GET /api/v1/label/__name__/values HTTP/1.0\r\n\r\n" >&3; cat <&3' | grep -oE 'nightshift_[a-z_]+'
}

lines() { # the payloads, a hundred a second
  for number in $(seq "$events"); do
    printf '{"id":"%d","mag":2.5,"place":"here"}\n' "$number"
    if [ $((number % 10)) -eq 0 ]; then
      sleep 0.1
    fi
  done
}

compose up -d kafka-1 kafka-2 kafka-3 scheduler worker prometheus
await "a worker and a scheduler are ready" eval 'healthy worker 1 && healthy scheduler 1'
await "there is a canvas" nightshift canvas create quakes
nightshift event tail quakes/assess --since 1h --outcome completed,lost -o jsonl >"$work/ended" &
lines | nightshift event emit quakes/assess --file - -o name >"$work/acknowledged" &
emitting=$!
await "events are emitted" test -s "$work/acknowledged"
compose up -d --no-recreate --scale worker=3 kafka-1 kafka-2 kafka-3 scheduler worker prometheus
await "three workers are ready" healthy worker 3
docker kill "$(compose ps -q worker | head -n 1)" >/dev/null
say "a worker was killed"
docker kill "$(compose ps -q kafka-2)" >/dev/null
say "a broker was killed"
wait "$emitting"
acknowledged=$(wc -l <"$work/acknowledged")
say "$acknowledged events are acknowledged"
await "all of them have completed" all_completed
docker start "$(compose ps -q kafka-2)" >/dev/null
say "$(nightshift dead list -o name | wc -l) dead letters"
say "$(grep -c '"outcome":"lost"' "$work/ended" || true) attempts were lost with the worker and made again"
say "the metrics that Prometheus knows: $(metrics | wc -w)"
