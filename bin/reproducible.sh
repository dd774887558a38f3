#!/usr/bin/env bash
# Builds this tree twice, in two folders and as two different users would, and compares what comes
# of it byte by byte: `./dev reproducible`. Works in bash 3.2 (macOS).
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=bin/jdk.sh
. bin/jdk.sh
use_jdk dev
need_maven dev

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
one=$work/one
other=$work/quite/another/folder

# What git has or would take, as it is now.
copy() {
  mkdir -p "$1"
  git ls-files -z --cached --others --exclude-standard |
    while IFS= read -r -d '' file; do
      if [ -e "$file" ]; then printf '%s\0' "$file"; fi
    done |
    tar -cf - --null -T - | tar -xf - -C "$1"
}

build() {
  (cd "$1" && shift && mvn -q -B -Dmaven.test.skip=true -Dspotless.check.skip=true "$@" package)
}

# Our own JARs and bills of materials; libraries that are copied beside them are others'.
products() {
  (cd "$1" && find . \( -path '*/target/*.jar' -o -path '*/target/*.cdx.json' \) \
    ! -path '*/target/lib/*' | sort)
}

explain() {
  local file=$1
  echo "differs: $file"
  case $file in
    *.jar)
      mkdir -p "$work/in-one" "$work/in-other"
      (cd "$work/in-one" && "$JAVA_HOME/bin/jar" xf "$one/$file")
      (cd "$work/in-other" && "$JAVA_HOME/bin/jar" xf "$other/$file")
      if (cd "$work" && diff -rq in-one in-other); then
        echo "  its files are the same; their order, times or permissions are not"
      fi
      rm -rf "$work/in-one" "$work/in-other"
      ;;
    *) diff "$one/$file" "$other/$file" | head -n 10 || true ;;
  esac
}

copy "$one"
copy "$other"
(umask 022 && TZ=UTC LC_ALL=C build "$one" -Duser.name=one)
(umask 002 && TZ=Asia/Tokyo LC_ALL=C.UTF-8 build "$other" -Duser.name=other)

if ! diff <(products "$one") <(products "$other") >&2; then
  echo "dev: the two builds did not make the same files; see above." >&2
  exit 1
fi
count=0
differ=0
while IFS= read -r file; do
  count=$((count + 1))
  cmp -s "$one/$file" "$other/$file" && continue
  differ=$((differ + 1))
  explain "$file" >&2
done < <(products "$one")
if [ "$count" -eq 0 ]; then
  echo "dev: the builds made nothing that could be compared." >&2
  exit 1
fi
if [ "$differ" -gt 0 ]; then
  echo "dev: $differ of $count files differ between two builds of the same tree; see above." >&2
  exit 1
fi
echo "$count files are the same, byte by byte, in both builds."
