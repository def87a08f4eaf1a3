# Turns what scripts/record-performance has measured into the record's Markdown.

def median: sort | if length % 2 == 1 then .[(length - 1) / 2]
                   else (.[length / 2 - 1] + .[length / 2]) / 2 end;

# The order statistics between which the median lies with 95 % confidence, by the normal
# approximation of the binomial (Conover, Practical Nonparametric Statistics); null below 6 values,
# whose range does not reach that far.
def interval: sort | length as $n |
  if $n < 6 then null
  else ((($n - 1.96 * ($n | sqrt)) / 2 | floor) | if . < 0 then 0 else . end) as $k |
    [.[$k], .[$n - 1 - $k]] end;

def digits($n): . * pow(10; $n) | round / pow(10; $n) + 0 | tostring |
  if $n == 0 then . else (if test("\\.") then . else . + "." end) |
    . + "0" * ($n - (split(".")[1] | length)) end;

# Beyond this, there and back, two cores of one machine are far (near: 30 to 130 ns, far: 280 to 920).
def far_ns: 200;

# row -> round -> "near" or "far"; a round in which that changed is not in it.
($bounces | group_by([.row, .round]) |
  map({row: .[0].row, round: .[0].round,
       ns: (map(.ns) | add / length), regimes: (map(if .ns < far_ns then "near" else "far" end) | unique)}) |
  map(select(.regimes | length == 1) | .regime = .regimes[0])) as $steady |
($steady | map({key: "\(.row) \(.round)", value: .regime}) | from_entries) as $regime |

# In one regime, the rates of a row by "call queue", each a map from round to rate.
def rates($row; $in):
  [$measured[] | select(.row == $row and $regime["\(.row) \(.round)"] == $in)] |
  group_by([.call, .queue]) |
  map({key: "\(.[0].call) \(.[0].queue)",
       value: (map({key: (.round | tostring), value: .rate}) | from_entries)}) | from_entries;

# Of those entries that pass the filter, the one with the highest median.
def best(filter): to_entries | map(select(.key | filter)) |
  if . == [] then null else max_by(.value | [.[]] | median) end;

def is($queue): endswith(" " + $queue);
def others: (is("ringmpsc") or is("hand-off") or is("bounce")) | not;

def name: .key | split(" ") | if .[1] == "ringmpsc" or .[1] == "bounce" then .[0] else "\(.[1]), \(.[0])" end;

def in_millions: [.value[]] | median / 1e6 | digits(if . < 10 then 2 elif . < 100 then 1 else 0 end);
def in_ns: 1e9 / ([.value[]] | median) | digits(0);

# {figure, interval, rounds} of what f makes of each round that both entries have.
def paired($a; $b; f):
  if $a == null or $b == null then null
  else [$a.value | to_entries[] | .key as $k | select($b.value[$k]) | [.value, $b.value[$k]] | f] |
    {figure: median, interval: interval, rounds: length} end;
def over($a; $b): paired($a; $b; .[0] / .[1]);

# The figure with what stands beside it: what ours did and what the other did.
def beside($ours; $other): if . != null then . + {ours: $ours, other: $other} else . end;

def rate_row($ours; $other): over($ours; $other) |
  if . == null then . else
    beside("\($ours | name): \($ours | in_millions) M/s"; "\($other | name): \($other | in_millions) M/s") end;
def ours_over_other(ours): rate_row(best(is("ringmpsc") and ours); best(others));
def ours_over_other: ours_over_other(true);

# A round trip takes as long as its rate is low: the bounce's rate over ours is our time over its.
def trip_row: best(is("ringmpsc")) as $ours | best(is("bounce")) as $bounce | over($bounce; $ours) |
  if . == null then . else
    beside("\($ours | name): \($ours | in_ns) ns"; "bounce, \($bounce | name): \($bounce | in_ns) ns") end;

def trip_over_other: best(is("ringmpsc")) as $ours | best(others) as $other | over($other; $ours) |
  if . == null then . else
    beside("\($ours | name): \($ours | in_ns) ns"; "\($other | name): \($other | in_ns) ns") end;

# Our queue in one call and in another.
def ours($call): {key: "\($call) ringmpsc", value: .["\($call) ringmpsc"]};
def call_over_call($a; $b): ours($a) as $a | ours($b) as $b | over($a; $b) |
  if . == null then . else
    beside("\($a | name): \($a | in_millions) M/s"; "\($b | name): \($b | in_millions) M/s") end;
def longer($a; $b): ours($a) as $a | ours($b) as $b | paired($a; $b; 1e9 / .[0] - 1e9 / .[1]) |
  if . == null then . else
    beside("\($a | name): \($a | in_ns) ns"; "\($b | name): \($b | in_ns) ns") end;

# A row of the table for cores that are near and one for cores that are far; none for cores that were
# not seen all the time.
def row($what; $row; $in; $target; $digits; f; met): if any($steady[]; .regime == $in) | not then empty else
  rates($row; $in) | if . == {} then null else f end |
  if . == null then "| \($what) | \($in) | \($target) | not seen | | | | | |" else
    "| \($what) | \($in) | \($target) | \(.figure | digits($digits)) | " +
    (if .interval then "\(.interval[0] | digits($digits)) to \(.interval[1] | digits($digits))" else "" end) +
    " | \(.rounds) | \(.ours) | \(.other) | \(if .figure | met then "met" else "**missed**" end) |" end end;
def line($what; $row; $near; $far; f):
  row($what; $row; "near"; "at least \($near)"; 2; f; . >= $near),
  row($what; $row; "far"; "at least \($far)"; 2; f; . >= $far);
def line_at_most($what; $row; $most; $digits; f):
  row($what; $row; ("near", "far"); "at most \($most)"; $digits; f; . <= $most);

$document[0] as $d |
"Recorded \($date) by `scripts/record-performance --minutes \($minutes)`: \($rounds) rounds on CPUs \($cpus) of",
"\($d.host.cpu_model // "an unknown CPU"), \($d.host.topology.allowed_pus) CPUs allowed, \($d.host.virtualization // "no hypervisor seen"), \($d.host.kernel), transparent huge pages \($d.host.transparent_hugepages // "unknown");",
"\($d.tool.compiler), `\($d.tool.flags)`, commit \($d.tool.commit).",
"",
"Bounce, there and back: " +
  ([("near", "far") as $r | [$steady[] | select(.regime == $r) | .ns] |
    if . == [] then "\($r) not seen" else "\($r) \(median | digits(0)) ns (\(min | digits(0)) to \(max | digits(0)), \(length) times)" end] | join("; ")) +
  "; left out since it changed: \(($bounces | length) / 2 - ($steady | length)) times a row's round.",
"",
"| what | cores | target | median ratio | 95 % interval | rounds | ours | the other | |",
"| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
line("single push, greedy (busy-spin), over the best other"; "single"; 3; 8;
     with_entries(select(.key | startswith("busy-spin"))) | ours_over_other),
((32, 64, 256) as $bytes |
 line("the same, messages of \($bytes) bytes"; "single-\($bytes)"; 1.5; 2; ours_over_other)),
line("single push, each queue at its own best wait, over the best other"; "single"; 1.2; 2;
     with_entries(select(.key | startswith("naive") | not)) | ours_over_other),
line("single push, naive loop, over the best other"; "single"; 3; 8;
     with_entries(select(.key | startswith("naive"))) | ours_over_other),
line("single push, ours, greedy over paced (adaptive)"; "single"; 0.9; 0.9;
     call_over_call("busy-spin"; "adaptive")),
((64, 256, 4096) as $b |
 line("batches of \($b), over the best other"; "batch-\($b)"; 1.1; 1.1; ours_over_other)),
((64, 256, 4096) as $b |
 line("batches of \($b), over the raw hand-off"; "batch-\($b)"; 0.95; 0.95;
      rate_row(best(is("ringmpsc")); best(is("hand-off"))))),
line("8 producers, single push, over the best other"; "producers"; 4; 4;
     rate_row(best(. == "8-producers ringmpsc"); best(others))),
line("8 producers over 1"; "producers"; 0.7; 0.7; call_over_call("8-producers"; "1-producer")),
line_at_most("round trip over the bounce, each at its best pace"; "round-trip"; 0.7; 2; trip_row),
line_at_most("round trip over the best other, each at its best pace"; "round-trip"; 0.7; 2;
             trip_over_other),
line("1 busy among 128 registered over 1 registered"; "idle"; 0.9; 0.9; call_over_call("128"; "1")),
line_at_most("the same, round trip: ns longer"; "idle-round-trip"; 60; 0; longer("128"; "1")),
line("`--metrics` on over off, single push"; "metrics"; 0.97; 0.97;
     call_over_call("single-metrics"; "single")),
line("`--metrics` on over off, batches of 256"; "metrics"; 0.97; 0.97;
     call_over_call("batch-metrics"; "batch")),
"",
"`ringmpsc-bench --version`, start to end: \($start_us / 1000 | digits(1)) ms, median of 21 (at most 30). Peak memory of",
"`--producers 8 --ring-bits 16`: \($memory_kib / 1024 | digits(1)) MiB (at most 48)."
