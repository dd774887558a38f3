#!/usr/bin/env bash
# Makes local images under the names that docker-compose.yml and the Dockerfile ask for, where no
# registry can be reached: from Debian's packages (debootstrap), the JDK of this machine and Maven
# Central's JARs as they lie in ~/.m2. They stand in for the real ones and are nothing more. Needs root,
# a running dockerd and debootstrap; nothing stands in for Grafana, which Debian does not have.
#
# usage: deploy/local-images.sh [KAFKA_VERSION…]   of apache/kafka these versions, too
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=bin/jdk.sh
. bin/jdk.sh
use_jdk local-images
export DOCKER_BUILDKIT=0

# Where this machine gets its own packages from.
mirror=${DEBIAN_MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | head -n 1)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

image() { # the name of an image in docker-compose.yml or the Dockerfile that begins with $1
  grep -ohE "(image: |=)$1[^ ]*" docker-compose.yml deploy/docker/Dockerfile | head -n 1 | sed 's/^[^ =]*[ =]*//'
}

debian() {
  docker image inspect nightshift-debian >/dev/null 2>&1 && return
  # Maven of Debian's comes without its dependencies: those are Java's, and the JDK is another.
  debootstrap --variant=minbase --include=ca-certificates,curl,prometheus bookworm "$work/root" "$mirror" \
    >"$work/debootstrap.log" || { tail -n 20 "$work/debootstrap.log" >&2; exit 1; }
  tar -C "$work/root" -c . | docker import - nightshift-debian >/dev/null
  rm -rf "$work/root"
}

build() { # builds $1 from the folder of the same name, whose Dockerfile is read from standard input
  mkdir -p "$work/context"
  cat >"$work/context/Dockerfile"
  docker build -q -t "$1" "$work/context" >/dev/null
  rm -rf "$work/context"
  echo "$1"
}

java_image() {
  mkdir -p "$work/context"
  cp -rL "$JAVA_HOME" "$work/context/java"
  build "$(image eclipse-temurin)" <<'DOCKERFILE'
FROM nightshift-debian
COPY java /opt/java/openjdk
ENV JAVA_HOME=/opt/java/openjdk PATH=/opt/java/openjdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8
DOCKERFILE
}

maven_image() {
  mkdir -p "$work/context/m2"
  cp -rL "$(dirname "$(dirname "$(readlink -f "$(command -v mvn)")")")" "$work/context/maven"
  cp -r ~/.m2/repository "$work/context/m2/repository"
  echo '<settings><offline>true</offline></settings>' >"$work/context/m2/settings.xml"
  build "$(image maven)" <<DOCKERFILE
FROM $(image eclipse-temurin)
COPY maven /opt/maven
COPY m2 /root/.m2
ENV PATH=/opt/maven/bin:/opt/java/openjdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
DOCKERFILE
}

# The JARs of another version than ours, with the logging that ours has: it comes first, so that its
# version of SLF4J counts.
kafka_jars() { # $1: the version
  cat >"$work/pom.xml" <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId><artifactId>kafka</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>ch.qos.logback</groupId><artifactId>logback-classic</artifactId>
      <version>$(sed -n 's|.*<logback.version>\(.*\)</logback.version>.*|\1|p' pom.xml)</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>$1</version>
      <exclusions><exclusion><groupId>org.apache.logging.log4j</groupId><artifactId>*</artifactId></exclusion></exclusions></dependency>
  </dependencies>
</project>
POM
  mvn -q -B -f "$work/pom.xml" dependency:copy-dependencies -DoutputDirectory="$work/context/libs"
}

kafka_image() { # $1: a version; ours if there is none
  mkdir -p "$work/context"
  local name
  name=$(image apache/kafka)
  if [ -n "${1:-}" ]; then
    name=apache/kafka:$1
    kafka_jars "$1"
  else
    [ -d cli/target/lib ] || ./nightshift --version >/dev/null
    cp -r cli/target/lib "$work/context/libs"
    rm "$work"/context/libs/nightshift-*.jar
  fi
  cat >"$work/context/logback.xml" <<'XML'
<configuration>
  <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%d %-5level %logger{0} - %msg%n</pattern></encoder>
  </appender>
  <root level="INFO"><appender-ref ref="out"/></root>
</configuration>
XML
  # The variables as in apache/kafka: KAFKA_A_B is a.b, but `__` is `_` and `___` is `-`. Testcontainers
  # waits for a line at INFO, and starts the file under /etc.
  cat >"$work/context/run" <<'RUN'
#!/bin/bash
set -eu
env | grep -E '^KAFKA_' | grep -vE '^KAFKA_(HEAP_OPTS|OPTS|JVM_PERFORMANCE_OPTS|LOG4J_OPTS|JMX_OPTS|GC_LOG_OPTS)=' |
  while IFS='=' read -r name value; do
    [ -n "$value" ] || continue
    key=$(echo "${name#KAFKA_}" | tr '[:upper:]' '[:lower:]' | sed 's/___/-/g; s/__/\x01/g; s/_/./g; s/\x01/_/g')
    echo "$key=$value"
  done >/tmp/server.properties
classes=/opt/kafka:/opt/kafka/libs/*
java -Xmx64m -XX:TieredStopAtLevel=1 -cp "$classes" kafka.tools.StorageTool format --ignore-formatted \
  -t "${CLUSTER_ID:-5L6g3nShT-eMCtK--X86sw}" -c /tmp/server.properties >/dev/null
exec java ${KAFKA_HEAP_OPTS:--Xmx1g} ${KAFKA_OPTS:-} -cp "$classes" kafka.Kafka /tmp/server.properties
RUN
  chmod +x "$work/context/run"
  build "$name" <<DOCKERFILE
FROM $(image eclipse-temurin)
RUN useradd --uid 1000 appuser && install -d -o appuser /var/lib/kafka/data /opt/kafka /etc/kafka/docker
COPY libs /opt/kafka/libs
COPY logback.xml run /opt/kafka/
RUN ln -s /opt/kafka/run /etc/kafka/docker/run
USER appuser
VOLUME /var/lib/kafka/data
CMD ["/opt/kafka/run"]
DOCKERFILE
}

prometheus_image() {
  mkdir -p "$work/context"
  build "$(image prom/prometheus)" <<'DOCKERFILE'
FROM nightshift-debian
RUN install -d -o nobody /prometheus
WORKDIR /prometheus
USER nobody
ENTRYPOINT ["/usr/bin/prometheus"]
CMD ["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"]
DOCKERFILE
}

debian
java_image
maven_image
kafka_image
for version in "$@"; do
  kafka_image "$version"
done
prometheus_image
