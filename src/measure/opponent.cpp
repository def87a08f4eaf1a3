#include "measure/opponent.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "machine/cannot_measure.hpp"
#include "results/difference.hpp"

namespace bench::measure {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

/// How long a program that has closed its output may take to end.
constexpr milliseconds kEnding = 300ms;

constexpr std::string_view kHello =
    "said hello; it must be a ringmpsc-bench that has the command worker";

/// The beginning of a line, without anything that would disturb a terminal.
std::string in_quotes(std::string_view line) {
  constexpr std::size_t kMost = 60;
  std::string text;
  for (const char c : line.substr(0, kMost)) {
    const auto byte = static_cast<unsigned char>(c);
    text += byte < 0x20 || byte >= 0x7f ? '?' : c;
  }
  return fmt::format("'{}'{}", text, line.size() > kMost ? "..." : "");
}

Child started(std::string_view side, const std::string& program) {
  try {
    return Child(program, {"worker"});
  } catch (const machine::CannotMeasure& error) {
    throw machine::CannotMeasure(fmt::format("{} {}: {}", side, program, error.what()));
  }
}

/// What is wrong with a sample that no trial of this spec can give; empty if it may be one.
std::string_view nonsense(const workload::Sample& sample, const workload::Spec& spec) {
  if (!std::isfinite(sample.messages_per_second()) || sample.seconds <= 0) return "no such time";
  if (sample.cut_short) return "cut short, and nobody interrupted it";
  if (sample.producers.size() != spec.producers ||
      sample.per_producer_messages.size() != spec.producers) {
    return "of another number of producers";
  }
  if (sample.messages != sample.verification.received) return "of other messages than it verified";
  return {};
}

}  // namespace

Opponent::Opponent(std::string side, std::string program, Interrupt& interrupt)
    : side_(std::move(side)),
      program_(std::move(program)),
      interrupt_(interrupt),
      child_(started(side_, program_)) {
  const std::string& line = next_line(kHello);
  const auto hello = results::hello_from_line(line);
  if (!hello) {
    fail(fmt::format("said {} before it {}", in_quotes(line), kHello));
  }
  if (hello->protocol != results::kWorkerProtocol) {
    fail(
        fmt::format("speaks version {} of the worker protocol, and this program version {}: build "
                    "both sides from commits with the same version",
                    hello->protocol, results::kWorkerProtocol));
  }
  if (hello->word_bits != results::WorkerHello().word_bits) {
    fail(fmt::format("is a program of {} bits, and this one has {}: compare builds of one kind",
                     hello->word_bits, results::WorkerHello().word_bits));
  }
  tool_ = hello->tool;
}

void Opponent::fail(const std::string& what) {
  throw machine::CannotMeasure(fmt::format("{} {}: {}", side_, program_, what));
}

void Opponent::fail_at_end(std::string_view awaited, Child::Heard heard) {
  // All that it has said is read, to see whether the last of it is half a line.
  while (heard == Child::Heard::line) heard = child_.hear(kEnding);
  const std::string half = heard == Child::Heard::end ? child_.line() : "";
  const std::string how = child_.end_within(kEnding);
  const std::string words = child_.last_words();
  fail(
      fmt::format("{}{} before it {}{}", how,
                  half.empty() ? "" : fmt::format(" in the middle of a line, {},", in_quotes(half)),
                  awaited, words.empty() ? "" : fmt::format(" (it said {})", in_quotes(words))));
}

const std::string& Opponent::next_line(std::string_view awaited) {
  // Counts its own waits and not the time, in which the machine may have been stopped.
  constexpr milliseconds kWait = 100ms;
  for (milliseconds waited = 0ms; waited < kPatience; waited += kWait) {
    const Child::Heard heard = child_.hear(kWait);
    if (interrupt_.requested()) throw Interrupted();
    switch (heard) {
      case Child::Heard::line:
        return child_.line();
      case Child::Heard::end:
        fail_at_end(awaited, heard);
      case Child::Heard::too_much:
        fail(fmt::format("said a line without end before it {}", awaited));
      case Child::Heard::nothing:
        break;
    }
  }
  const std::string words = child_.last_words();
  fail(fmt::format("hung: it said nothing for {:.0f} s before it {}{}",
                   std::chrono::duration<double>(kPatience).count(), awaited,
                   words.empty() ? "" : fmt::format(" (it said {})", in_quotes(words))));
}

results::WorkerAnswer Opponent::answer_to(const results::WorkerRequest& request,
                                          std::string_view awaited, double most_s) {
  if (!child_.write(to_line(request), kPatience)) fail_at_end(awaited, Child::Heard::line);
  const auto begin = std::chrono::steady_clock::now();
  while (true) {
    const std::string& line = next_line(awaited);
    auto answer = results::answer_from_line(line);
    if (!answer) {
      fail(fmt::format("said {} before it {}: {}", in_quotes(line), awaited, answer.error()));
    }
    if (answer->id != request.id) {
      fail(fmt::format("answered request {} before it {}", answer->id, awaited));
    }
    if (!answer->running) return *std::move(answer);
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
    if (taken.count() > most_s) {
      fail(fmt::format("said for {:.0f} s that it still runs, before it {}", taken.count(),
                       awaited));
    }
  }
}

std::string Opponent::unknown(workload::Spec& spec, const machine::Placement& placement,
                              bool& keeps_order) {
  const results::WorkerRequest request{
      .id = ++requests_, .task = results::WorkerTask::check, .spec = spec, .placement = placement};
  constexpr std::string_view kAnswer = "answered whether it knows a series";
  const results::WorkerAnswer answer = answer_to(request, kAnswer, 0);
  keeps_order = answer.keeps_order;
  if (answer.unknown) return *answer.unknown;
  if (!answer.spec) fail(fmt::format("said neither that it knows a series nor that it does not"));
  if (!spec.layout) spec.layout = answer.spec->layout;
  const auto other = results::difference(*answer.spec, spec);
  return other ? fmt::format("it would be another one there: {}", *other) : "";
}

TrialOutcome Opponent::trial(const workload::Spec& spec, const machine::Placement& placement,
                             const std::string& series) {
  const results::WorkerRequest request{
      .id = ++requests_, .task = results::WorkerTask::trial, .spec = spec, .placement = placement};
  const std::string awaited = fmt::format("gave the sample of a trial of {}", series);
  results::WorkerAnswer answer = answer_to(request, awaited, longest_trial_seconds(spec));
  if (answer.unknown) fail(fmt::format("no longer knows {}: {}", series, *answer.unknown));
  if (answer.sample.has_value() == answer.failure.has_value()) {
    fail(fmt::format("gave not one of a sample and a failure of a trial of {}", series));
  }
  if (answer.sample) {
    if (const std::string_view what = nonsense(*answer.sample, spec); !what.empty()) {
      fail(fmt::format("gave a sample of {} that is {}", series, what));
    }
  }
  return {.sample = std::move(answer.sample),
          .failure = std::move(answer.failure),
          .verification = std::move(answer.verification)};
}

}  // namespace bench::measure
