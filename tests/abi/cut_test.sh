#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# cut_test.sh SOURCE: `make baseline` in a repository of its own, before and after its minor is released.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
mkdir "$work/tests"
cp -r "$1/sdk" "$work/"
cp -r "$1/tests/abi" "$work/tests/"
cd "$work"
git init -q
git -c user.name=test -c user.email=test@example.com commit -q --allow-empty -m "something to tag"
number() { sed -n "s/^#define HW_ABI_$1 \([0-9]*\).*/\1/p" sdk/include/headwind/base.h; }
release="$(number MAJOR).$(number MINOR)"

echo "int stale;" >>"tests/abi/frozen/$release/headwind/headwind.h"
rm "sdk/abi/$release/layout.txt"
tests/abi/cut
cmp sdk/include/headwind/headwind.h "tests/abi/frozen/$release/headwind/headwind.h"
tests/abi/abi.py compare "sdk/abi/$release" sdk/include

git tag "v$release.0"
rm "sdk/abi/$release/layout.txt"
if said="$(tests/abi/cut 2>&1)"; then
  echo "it cut $release, though v$release.0 is tagged" >&2
  exit 1
fi
grep -q "raise HW_ABI_MINOR" <<<"$said" || { echo "it does not say what to do: $said" >&2; exit 1; }
[ ! -e "sdk/abi/$release/layout.txt" ] || { echo "it wrote the description of a release again" >&2; exit 1; }
