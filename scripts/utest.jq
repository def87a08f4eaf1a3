# Google Benchmark's U test (tools/compare.py benchmarks) on the samples of two result documents:
#   jq -n -f scripts/utest.jq --slurpfile base a.json --slurpfile candidate b.json
# The files have our JSON or Google Benchmark's. The output is an object: for each series that both
# have, its name, the number of samples a side, the two-sided p, and whether p is below 0.05, at which
# compare.py colours it as different; and how many are. It is the test of Mann and Whitney by the normal approximation
# with correction for ties and for continuity, as scipy.stats.mannwhitneyu(method="asymptotic")
# computes it: p of [1,2,3,4,5] and [6,7,8,9,10] is 0.01219. (compare.py lets scipy choose, which takes
# the exact distribution for up to 8 samples without ties.)

# The area of the standard normal distribution beyond z, which is at least 0: a Taylor series about 0,
# and the continued fraction of Laplace (DLMF 7.9.2) from 3 on.
def tail: . as $z |
  ((-$z * $z / 2 | exp) / 2.5066282746310002) as $density |
  if $z < 3 then
    0.5 - $density * ({term: $z, sum: $z, k: 1} |
      until(.term < 1e-17; .k += 2 | .term *= $z * $z / .k | .sum += .term) | .sum)
  else $density / (reduce range(100; 0; -1) as $k ($z; $z + $k / .)) end;

# [[values], [values]] -> two-sided p; null without values on a side.
def p: map(length) as [$n, $m] | if $n == 0 or $m == 0 then null else
  ([.[0][] | {value: ., base: true}] + [.[1][] | {value: ., base: false}] | group_by(.value)) as $ties |
  # Equal values share the mean of their ranks.
  (reduce $ties[] as $tie ({before: 0, ranks: 0};
     .ranks += ($tie | map(select(.base)) | length) * (.before + (($tie | length) + 1) / 2) |
     .before += ($tie | length)) | .ranks) as $ranks |
  ($ranks - $n * ($n + 1) / 2) as $u |
  ($n + $m) as $all |
  ($n * $m / 12 * ($all + 1 - ($ties | map(length | . * . * . - .) | add) / ($all * ($all - 1))) |
    if . > 0 then sqrt else 0 end) as $deviation |
  (([$u, $n * $m - $u] | max) - $n * $m / 2 - 0.5) as $difference |
  if $deviation == 0 then 1 else ([2 * ([$difference / $deviation, 0] | max | tail), 1] | min) end end;

# {series: [seconds of each sample]}. A message's time is what Google Benchmark compares.
def samples:
  if has("benchmarks") then
    [.benchmarks[] | select(.run_type == "iteration")] | group_by(.run_name) |
      map({key: .[0].run_name, value: map(.real_time)}) | from_entries
  else [.series[] | {key: .name, value: [.samples[].messages_per_second | select(. > 0) | 1 / .]}] |
    from_entries end;

($base[0] | samples) as $a | ($candidate[0] | samples) as $b |
[$a | keys_unsorted[] | select($b[.]) | {series: ., p: ([$a[.], $b[.]] | p),
  base: ($a[.] | length), candidate: ($b[.] | length)}] |
{series: map(. + {different: (.p != null and .p < 0.05)}),
 different: map(select(.p != null and .p < 0.05)) | length, compared: length}
