# Finds a JDK for ./nightshift and ./dev, which source this file. Works in bash 3.2 (macOS).

JDK_NEEDED=25

# The feature version (25, 26, …) of the JDK in folder $1; nothing if it is not one.
jdk_version() {
  [ -n "$1" ] && [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 0
  if [ -r "$1/release" ]; then
    sed -n 's/^JAVA_VERSION="\([0-9][0-9]*\).*/\1/p' "$1/release"
  else
    "$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9][0-9]*\).*/\1/p'
  fi
}

# The folder of the `java` on the PATH; nothing if there is none.
jdk_on_path() {
  command -v java >/dev/null 2>&1 || return 0
  java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p'
}

# Prints the folder of a JDK that is new enough: JAVA_HOME if that is one, else of those installed
# the one nearest to what is needed, which is what Nightshift is tested with.
find_jdk() {
  local home version best='' best_version=''
  version=$(jdk_version "${JAVA_HOME:-}")
  if [ -n "${JAVA_HOME:-}" ] && [ "${version:-0}" -ge "$JDK_NEEDED" ]; then
    printf '%s\n' "$JAVA_HOME"
    return 0
  fi
  for home in \
    /usr/lib/jvm/* \
    /usr/java/* \
    /opt/* \
    /opt/*/libexec/openjdk.jdk/Contents/Home \
    "${HOME:-/}"/.sdkman/candidates/java/* \
    "${HOME:-/}"/.jdks/* \
    "${HOME:-/}"/.local/share/mise/installs/java/* \
    "${HOME:-/}"/.asdf/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME:-/}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    "$(jdk_on_path)"; do
    version=$(jdk_version "$home")
    [ "${version:-0}" -ge "$JDK_NEEDED" ] || continue
    if [ -z "$best" ] || [ "$version" -lt "$best_version" ]; then
      best=$home
      best_version=$version
    fi
  done
  [ -n "$best" ] && printf '%s\n' "$best"
}

# Sets JAVA_HOME for this process and its children, or says what to install and exits with 69.
use_jdk() {
  local home
  if home=$(find_jdk); then
    export JAVA_HOME="$home"
    return 0
  fi
  local on_path
  on_path=$(jdk_on_path)
  {
    echo "$1: no JDK $JDK_NEEDED or newer was found."
    echo
    echo "  JAVA_HOME is ${JAVA_HOME:-not set}; java on the PATH is in ${on_path:-no folder}."
    echo "  Looked in the usual folders as well: /usr/lib/jvm, /opt, ~/.sdkman, ~/.jdks,"
    echo "  /Library/Java/JavaVirtualMachines."
    echo
    echo "Install one, for example Eclipse Temurin $JDK_NEEDED from https://adoptium.net, or:"
    echo "  Debian, Ubuntu  apt install temurin-$JDK_NEEDED-jdk  (or openjdk-$JDK_NEEDED-jdk)"
    echo "  Fedora          dnf install java-$JDK_NEEDED-openjdk-devel"
    echo "  macOS           brew install --cask temurin@$JDK_NEEDED"
    echo "  SDKMAN          sdk install java $JDK_NEEDED-tem"
    echo "Then run $1 again, with JAVA_HOME set if it lies somewhere else."
  } >&2
  exit 69
}

# Says how to get Maven and exits with 69 if it is missing.
need_maven() {
  command -v mvn >/dev/null 2>&1 && return 0
  {
    echo "$1: Maven (mvn) is needed to build Nightshift and is not on the PATH."
    echo "Install it: apt install maven, dnf install maven, brew install maven or sdk install maven."
  } >&2
  exit 69
}
