# Finds a JDK 25 or newer; sourced by ./nightshift and ./dev. Sets and exports JAVA_HOME, or says what to install.

jdk_version() {
  # The major version of the JDK in folder $1, or nothing.
  [ -x "$1/bin/javac" ] && [ -f "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

jdk_find() {
  local candidate version
  for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -n "$candidate" ] || continue
    version=$(jdk_version "$candidate")
    if [ -n "$version" ] && [ "$version" -ge 25 ]; then
      JAVA_HOME=$candidate
      export JAVA_HOME
      return 0
    fi
  done
  echo "nightshift: no JDK 25 or newer found; looked in JAVA_HOME (${JAVA_HOME:-not set}), /usr/lib/jvm, /opt," >&2
  echo "  ~/.sdkman, ~/.jdks and /Library/Java/JavaVirtualMachines." >&2
  echo "  Install one (Eclipse Temurin 25, or your system's package such as temurin-25-jdk), or set JAVA_HOME to it." >&2
  return 1
}
