#!/usr/bin/env bash
# The README's section "Your own queue", word for word in a copy of the tree:
#   own_queue.sh SOURCE_DIRECTORY
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/tree"
tar -C "$1" --exclude=./build --exclude=./.git -cf - . | tar -C "$scratch/tree" -xf -
cd "$scratch/tree"

failed() { printf 'own_queue.sh: %s\n' "$*"; exit 1; }

# The first block of commands in the section.
command=$(awk '/^## Your own queue/ { section = 1 }
               section && /^```sh/ { block = 1; next }
               block && /^```/ { exit }
               block' README.md)
[[ "$command" == "scripts/bench --with "* ]] || failed "the section has no such command: $command"
printf '%s\n' "$command"
eval "$command" >page || failed "exit code $?"
grep -q '^  mine ' page || failed "the page has no row for the queue mine: $(cat page)"
grep -q 'messages sent and received' page || failed "nothing was verified: $(cat page)"

# A file in the folder of the queues needs no flag to be found, and what an edit breaks is seen.
mv tests/examples/queues/mine.cpp tests/examples/queues/my_queue.hpp src/queues/
short=(--queue mine --trials 1 --warmup 0 --duration 20ms)
scripts/bench "${short[@]}" >page || failed "in src/queues: exit code $?"
sed -i 's/    message = slots_\[head % slots_.size()\];/    message = slots_[(head | 64) % slots_.size()];/' src/queues/my_queue.hpp
status=0
scripts/bench "${short[@]}" >page 2>said || status=$?
[ "$status" -eq 1 ] || failed "a queue that reads the wrong slot: exit code $status: $(cat page said)"
grep -q '^  FAILED' page || failed "a queue that reads the wrong slot passed: $(cat page)"
