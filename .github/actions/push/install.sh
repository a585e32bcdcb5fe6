#!/usr/bin/env bash
# Installs a release of the command, unless the runner has one.
set -euo pipefail

if type restow > /dev/null 2>&1; then
  exit 0
fi
case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) target=x86_64-unknown-linux-gnu ;;
  Linux-aarch64) target=aarch64-unknown-linux-gnu ;;
  Darwin-arm64) target=aarch64-apple-darwin ;;
  Darwin-x86_64) target=x86_64-apple-darwin ;;
  *)
    echo "::error::there is no release of restow for $(uname -s) on $(uname -m)"
    exit 1
    ;;
esac
name="restow-$VERSION-$target"
directory="${RUNNER_TEMP:?}/restow"
mkdir -p "$directory"
cd "$directory"
release="https://github.com/restow/restow/releases/download/$VERSION"
for file in "$name.tar.gz" "$name.tar.gz.sha256"; do
  curl --fail --silent --show-error --location --retry 3 --output "$file" "$release/$file"
done
shasum -a 256 --check "$name.tar.gz.sha256"
tar -xzf "$name.tar.gz"
echo "$directory/$name" >> "${GITHUB_PATH:?}"
