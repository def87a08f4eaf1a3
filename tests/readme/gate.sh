#!/usr/bin/env bash
# The README's section "Gate a pull request", word for word, in a history of two commits of which the
# second is slower:
#   gate.sh SOURCE_DIRECTORY
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/tree"
tar -C "$1" --exclude=./build --exclude=./.git -cf - . | tar -C "$scratch/tree" -xf -
cd "$scratch/tree"

failed() { printf 'gate.sh: %s\n' "$*"; exit 1; }
committed() {
  git add --all
  git -c user.name=tester -c user.email=tester@localhost commit --quiet --message "$1"
}

git init --quiet
committed "as it is"
git update-ref refs/remotes/origin/main HEAD

# The first block of commands in the section.
command=$(awk '/^## Gate a pull request/ { section = 1 }
               section && /^```sh/ { block = 1; next }
               block && /^```/ { exit }
               block' README.md)
[[ "$command" == "scripts/duel origin/main "* ]] || failed "the section has no such command: $command"
printf '%s\n' "$command"

# gate EXIT_CODE VERDICT [FLAG...]: runs the command and looks at all that it gives.
gate() {
  local wanted=$1 verdict=$2 status=0
  shift 2
  eval "$command \"\$@\"" >page 2>said || status=$?
  [ "$status" -eq "$wanted" ] || failed "exit code $status, not $wanted: $(cat page said)"
  [[ "$(tail -n 1 page)" == "verdict: $verdict "* ]] || failed "the last line is: $(tail -n 1 page)"
  grep -q "$verdict" duel.md || failed "duel.md does not say $verdict: $(cat duel.md)"
  grep -q '<testsuite' duel.xml || failed "duel.xml has no test suite: $(cat duel.xml)"
  grep -q '"evidence": "duel"' duel.json || failed "duel.json is none: $(head -c 300 duel.json)"
}

# Each single push of the second commit takes some hundred nanoseconds more.
grep -q 'bool push(const M& message)' src/queues/ringmpsc.hpp || failed "the adapter has no push to slow"
sed -i '0,/bool push(const M& message)[^{]*{/s//&\n      for (int i = 0; i < 300; ++i) asm volatile("");\n/' \
  src/queues/ringmpsc.hpp
committed "slower"
gate 1 regressed --only producers=1,batch=1,payload=8

# The same against itself: no alarm.
git update-ref refs/remotes/origin/main HEAD
status=0
eval "$command --only producers=1,batch=1,payload=8 --budget 2s" >page 2>said || status=$?
[ "$status" -eq 0 ] || failed "against itself: exit code $status: $(cat page said)"
