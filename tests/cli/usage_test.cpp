// An invalid request gets one line that names the flag, the value and what would be right.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "cli/process.hpp"
#include "scratch_directory.hpp"

namespace bench::testing {
namespace {

struct Mistake {
  std::vector<std::string> arguments;
  std::vector<std::string> named;  ///< what the message must contain
};

/// CTest names each test by these arguments.
std::ostream& operator<<(std::ostream& out, const Mistake& mistake) {
  for (const std::string& argument : mistake.arguments) out << argument << ' ';
  return out;
}

class Mistakes : public ::testing::TestWithParam<Mistake> {};

TEST_P(Mistakes, AreNamedInOneLineAndEndWithExitCodeTwo) {
  const Outcome outcome = bench(GetParam().arguments);
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << outcome.err;
  for (const std::string& part : GetParam().named) {
    EXPECT_NE(outcome.err.find(part), std::string::npos) << part << " not in: " << outcome.err;
  }
}

std::vector<Mistake> every_mistake() {
  return {
      {{"--ring-bits", "25"}, {"--ring-bits 25", "between 1 and 20", "1,048,576"}},
      {{"--ring-bits", "0"}, {"--ring-bits 0", "between 1 and 20"}},
      {{"--producers", "0"}, {"--producers 0", "between 1 and 128"}},
      {{"--producers", "129"}, {"--producers 129", "between 1 and 128"}},
      {{"--producers", "-1"}, {"--producers -1", "between 1 and 128"}},
      {{"--producers", "99999999999999999999999"}, {"--producers 9999", "between 1 and 128"}},
      {{"--producers", "two"}, {"--producers two", "not a whole number"}},
      {{"--producers", "1.5"}, {"--producers 1.5", "not a whole number"}},
      {{"--producers", ""}, {"--producers ''"}},
      {{"--producers"}, {"--producers", "needs a value"}},
      {{"--producers=0"}, {"--producers 0"}},
      {{"--payload", "7"}, {"--payload 7", "4, 8, 16"}},
      {{"--batch", "0"}, {"--batch 0", "between 1 and"}},
      {{"--batch", "18446744073709551615G"}, {"--batch", "between 1 and"}},
      {{"--consume", "verfy"}, {"--consume verfy", "verify, read, count", "did you mean verify?"}},
      {{"--wait", "spin"}, {"--wait spin", "busy-spin"}},
      {{"--wait", "yeilding"}, {"did you mean yielding?"}},
      {{"--placement", "neer"}, {"--placement neer", "did you mean near?"}},
      {{"--preset", "low"}, {"--preset low", "did you mean low-latency?"}},
      {{"--duration", "300"}, {"--duration 300", "unit"}},
      {{"--duration", "0ms"}, {"--duration 0ms", "between"}},
      {{"--duration", "nan"}, {"--duration nan"}},
      {{"--duration", "1e999s"}, {"--duration 1e999s"}},
      {{"--messages", "0"}, {"--messages 0"}},
      {{"--messages", "10", "--duration", "1s"}, {"--duration", "--messages", "exclude"}},
      {{"--trials", "0"}, {"--trials 0"}},
      {{"--cpus", "0,,1"}, {"--cpus 0,,1"}},
      {{"--cpus", "99999"}, {"--cpus", "99999"}},
      {{"--cpus", "0,0,0", "--producers", "1"}, {"--cpus", "3 CPUs", "--producers 2"}},
      {{"--cpus", "0", "--placement", "far"}, {"--cpus", "--placement", "exclude"}},
      {{"--color", "sometimes"}, {"--color sometimes", "auto, always, never"}},
      {{"--log-level", "loud"}, {"--log-level loud"}},
      {{"--seed", "9007199254740992"}, {"--seed", "9,007,199,254,740,991"}},
      {{"--seed", "x"}, {"--seed x"}},
      {{"--producer", "8"}, {"--producer", "did you mean --producers?"}},
      {{"--ringbits", "8"}, {"did you mean --ring-bits?"}},
      {{"--ring-bit=8"}, {"did you mean --ring-bits?"}},
      {{"--frobnicate"}, {"--frobnicate", "no such flag"}},
      {{"--quiet=maybe"}, {"--quiet=maybe", "takes no value", "give --quiet alone"}},
      {{"--quiet=3"}, {"--quiet=3", "takes no value", "give --quiet alone"}},
      {{"--quiet=false"}, {"--quiet=false", "takes no value"}},
      {{"--metrics="}, {"--metrics=", "takes no value"}},
      {{"-q=3"}, {"-q=3", "takes no value", "give -q alone"}},
      {{"--help=3"}, {"--help=3", "takes no value"}},
      {{"sweep", "--list=0"}, {"--list=0", "takes no value"}},
      {{"--duration", "20ms", "--duration", "30ms"},
       {"--duration: given twice (20ms, 30ms); give it once\n"}},
      {{"--seed=1", "--seed", "2", "--seed=3"}, {"--seed: given 3 times (1, 2, 3)"}},
      {{"--wait", "backoff", "--wait", "backoff"}, {"--wait: given twice (backoff, backoff)"}},
      {{"--queue", "ringmpsc", "--queue", "mutex-ring"},
       {"--queue: given twice (ringmpsc, mutex-ring); give it once: ringmpsc,mutex-ring"}},
      {{"--cpus", "0", "--cpus", "1"}, {"--cpus: given twice (0, 1); give it once: 0,1"}},
      {{"--color", "never", "--color", "auto"}, {"--color: given twice (never, auto)"}},
      {{"--log-level", "off", "--log-level", "info"}, {"--log-level: given twice (off, info)"}},
      {{"latency", "--rate", "1k", "--rate", "2k"}, {"--rate: given twice", "give it once: 1k,2k"}},
      {{"topology", "--producers", "1", "--producers", "2"}, {"--producers: given twice (1, 2)"}},
      {{"sweep", "--resume", "a", "--resume", "b"}, {"--resume: given twice (a, b)"}},
      {{"sweep", "quick", "--only", "batch=1", "--only", "batch=256"},
       {"--only: given twice", "give it once: batch=1,batch=256"}},
      {{"sweep", "quick", "--only", "batch=2"}, {"quick.json: --only batch 2", "only 1, 256"}},
      {{"sweep", "quick", "--producers", "300"}, {"error: --producers 300", "between 1 and 128"}},
      {{"sweep", "--print"}, {"--print", "--list"}},
      {{"sweep", "--print", "quik"}, {"quik", "did you mean quick?"}},
      {{"sweep", "--print", "ci", "--trials", "3"}, {"--print", "leave out --trials"}},
      {{"sweep", "--print", "ci", "--only", "batch=1"}, {"--print", "leave out --only"}},
      {{"sweep", "--print", "ci", "--output", "x.json"},
       {"--print", "no result for --output x.json"}},
      {{"sweep", "--list", "--print", "ci"}, {"--list", "leave out ci"}},
      {{"sweep", "--list", "--print"}, {"--list", "leave out --print"}},
      {{"sweep", "--list", "--output", "x.json"}, {"--list", "leave out --output"}},
      {{"sweep", "--list", "--trials", "3"}, {"--list", "leave out --trials"}},
      {{"sweep", "quick", "quick"}, {"quick: not expected here", "only one argument"}},
      {{"sweep", "--print", "ci", "--label", "x"}, {"--print", "leave out --label"}},
      {{"sweep", "--list", "--note", "a=b"}, {"--list", "leave out --note"}},
      {{"--label", " "}, {"--label ' '", "like 'old server'"}},
      {{"--label", std::string(61, 'x')},
       {"--label 'xxx", "x...': the label has 61", "60 at most"}},
      {{"--label", "a", "--label", "b"}, {"--label: given twice (a, b)"}},
      {{"topology", "--note", "price"}, {"--note 'price'", "like 'price=120 EUR a month'"}},
      {{"latency", "--note", "=120"}, {"--note '=120'", "no key before the ="}},
      {{"--note", std::string(300, 'x')}, {"xxx...': needs a key and a value"}},
      {{"--note", "price="}, {"--note 'price='", "no value after the ="}},
      {{"--note", "price=1", "--note", "price=2"}, {"--note 'price=2': price is already '1'"}},
      {{"--note", "k=" + std::string(201, 'x')}, {"the value has 201 characters; give 200"}},
      {{"--note", std::string(41, 'k') + "=x"}, {"the key has 41 characters; give 40 at most"}},
      {{"--output", "{host}.json"},
       {"--output {host}.json", "no placeholder {host}", "{hostname}"}},
      {{"--output", "{label}.json"}, {"{label} has no value", "--label"}},
      {{"duel", "--base-args", "--batch 1", "--junit", "{dat}"}, {"--junit {dat}", "mean {date}?"}},
      {{"--output", "x.hgrm"}, {"--output x.hgrm", "no message is timed", "the command latency"}},
      {{"latency", "--rate", "1k,2k", "--output", "x.hgrm"},
       {"several are timed", "'{series}.hgrm'"}},
      {{"latency", "--rate", "auto", "--output", "x.hgrm"},
       {"several are timed", "'{series}.hgrm'"}},
      {{"latency", "--queue", "all", "--format", "hgrm", "--output", "-"},
       {"--output -: a file of hgrm has one series"}},
      {{"latency", "--output", "{series}.json"}, {"{series} has no value", "format hgrm"}},
      {{"topology", "--time", "10"}, {"--time 10", "unit"}},
      {{"topology", "--time", "0s"}, {"--time 0s", "between"}},
      {{"compare", "--label", "x"}, {"--label: no such flag"}},
      {{"rnu"}, {"rnu", "did you mean run?"}},
      {{"queues", "x"}, {"x", "no arguments"}},
      {{"--queue", "bost-spsc"}, {"did you mean boost-spsc?"}},
      {{"--queue", "ringmpsc,all"}, {"all includes the others"}},
      {{"--queue", "ringmpsc,ringmpsc"}, {"twice"}},
      {{"--queue", ""}, {"--queue ''"}},
      {{"--pattern", "round-trip", "--producers", "2"}, {"--producers 2", "must be 1"}},
      {{"--pattern", "round-trip", "--consume", "count"}, {"--consume must be verify"}},
      {{"--limit", "--producers", "2"}, {"--limit", "--producers 2"}},
      {{"--producers", "100", "--idle-producers", "29"}, {"--idle-producers 29", "128"}},
      {{"--write", "deferred"}, {"--write deferred", "--batch 256 must be 1"}},
      {{"--write", "deferred", "--batch", "1", "--layout", "celled"},
       {"--write deferred", "--layout dense"}},
      {{"--layout", "dens"}, {"--layout dens", "did you mean dense?"}},
      {{"--write", "copy", "--batch", "1"}, {"--write copy", "--batch 1"}},
      {{"--queue", "hand-off", "--producers", "2"}, {"--queue hand-off", "one producer"}},
      {{"--queue", "bounce"}, {"--queue bounce", "another --pattern"}},
      {{"--write", "inplace"}, {"did you mean in-place?"}},
      {{"--require", ""}, {"--require ''", "throughput, bandwidth", "p99<2us"}},
      {{"--require", "throughput=500M"}, {"the relation =: must be one of >=, >, <=, <"}},
      {{"--require", "troughput>500M"}, {"the metric troughput", "did you mean throughput?"}},
      {{"--require", "throughput>"}, {"--require throughput>: the limit ''", "1.5G"}},
      {{"--require", "throughput>fast"}, {"the limit fast", "k, M or G"}},
      {{"--require", "throughput>1", "--require", "p99<2"}, {"p99<2: the limit 2", "ns, us, ms"}},
      {{"--require", "p99>2us"}, {"--require p99>2us: no message is timed", "latency", "--rate"}},
      {{"--require", "round-trip<1us"}, {"no series makes round trips", "--pattern round-trip"}},
      {{"latency", "--rate", "auto", "--require", "round-trip<1us"}, {"makes round trips"}},
      {{"sweep", "quick", "--require", "max<1ms"}, {"--require max<1ms: no message is timed"}},
      {{"sweep", "--list", "--require", "max<1ms"}, {"--list", "leave out --require"}},
      {{"sweep", "--print", "ci", "--strict", "all"}, {"--print", "leave out --strict"}},
      {{"--strict", "few_sample"}, {"--strict few_sample", "did you mean few_samples?"}},
      {{"--strict", "all,steal"}, {"--strict all,steal: all includes the others"}},
      {{"--strict", "steal", "--strict", "regimes"}, {"--strict: given twice", "steal,regimes"}},
      {{"run", "8"}, {"8", "not expected"}},
      {{"--output", ""}, {"--output ''"}},
      {{"--output", "/proc/none/x.json"}, {"--output /proc/none/x.json: cannot create"}},
      {{"--output", "/"}, {"--output", "directory"}},
  };
}
INSTANTIATE_TEST_SUITE_P(Every, Mistakes, ::testing::ValuesIn(every_mistake()));

TEST(Help, NamesEveryFlagWithinEightyColumns) {
  const std::vector<std::string> common = {"--output", "--quiet", "--color", "--log-level",
                                           "--help"};
  const std::vector<std::string> settings = {
      "--queue",    "--producers", "--ring-bits", "--preset",    "--layout", "--payload",
      "--batch",    "--consume",   "--wait",      "--placement", "--cpus",   "--duration",
      "--messages", "--trials",    "--warmup",    "--metrics",   "--seed"};
  for (const std::string command : {"run", "sweep", "latency", "topology"}) {
    SCOPED_TRACE(command);
    const Outcome outcome = bench({command, "--help"});
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.err, "");
    std::vector<std::string> flags = common;
    if (command == "run") flags.emplace_back("--version");
    if (command == "sweep") flags.insert(flags.end(), {"--only", "--print", "--resume", "--list"});
    if (command == "run" || command == "sweep") {
      flags.insert(flags.end(), settings.begin(), settings.end());
    }
    if (command != "topology") flags.insert(flags.end(), {"--require", "--strict", "p99.99"});
    for (const std::string& flag : flags) {
      EXPECT_NE(outcome.out.find(flag), std::string::npos) << flag;
    }
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = outcome.out.find('\n', begin)) != std::string::npos;
         begin = end + 1) {
      EXPECT_LE(end - begin, 80U) << outcome.out.substr(begin, end - begin);
    }
  }
}

TEST(Switches, MayBeGivenTwice) {
  const Outcome outcome = bench({"-q", "--quiet", "--metrics", "--metrics", "--duration", "5ms",
                                 "--trials", "1", "--warmup", "0"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "");
}

TEST(Help, IsTheSameWithAndWithoutTheNameOfTheDefaultCommand) {
  EXPECT_EQ(bench({"run", "--help"}).out, bench({"--help"}).out);
}

TEST(Version, NamesCommitCompilerAndFlags) {
  const Outcome outcome = bench({"--version"});
  EXPECT_EQ(outcome.exit_code, 0);
  for (const char* const part : {"ringmpsc-bench ", "commit ", "flags: "}) {
    EXPECT_NE(outcome.out.find(part), std::string::npos) << part;
  }
}

TEST(Errors, KeepTheirExitCodeWhateverBecomesOfStderr) {
  for (const char* const place : {"/dev/full", "closed"}) {
    SCOPED_TRACE(place);
    const auto exit_code = [place](std::vector<std::string> arguments) {
      return run({.arguments = std::move(arguments), .stderr_file = place}).exit_code;
    };
    EXPECT_EQ(exit_code({"--producers", "0"}), 2);
    EXPECT_EQ(exit_code({"--output", "/proc/none/x"}), 2);
    EXPECT_EQ(exit_code({"sweep", "no-such-sweep"}), 2);
    // What is announced is not needed for the measurement.
    EXPECT_EQ(exit_code({"--trials", "1", "--warmup", "0", "--duration", "5ms"}), 0);
  }
}

class FileLimit : public InScratchDirectory {};

TEST_F(FileLimit, ThatIsTooSmallForTheResultIsAnErrorAndLeavesNoFile) {
  const Outcome outcome = run({.arguments = {"--trials", "1", "--warmup", "0", "--duration", "5ms",
                                             "--output", path("result.json")},
                               .file_size = 1024});
  EXPECT_EQ(outcome.exit_code, 3) << outcome.err;
  EXPECT_NE(outcome.err.find("result.json"), std::string::npos) << outcome.err;
  EXPECT_TRUE(std::filesystem::is_empty(directory_));
}

TEST(Version, ThatCannotBeWrittenIsAnError) {
  const Outcome outcome = run({.arguments = {"--version"}, .stdout_file = "/dev/full"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_NE(outcome.err, "");
}

}  // namespace
}  // namespace bench::testing
