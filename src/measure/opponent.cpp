#include "measure/opponent.hpp"

#include <fmt/format.h>

#include <optional>
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

}  // namespace

Opponent::Opponent(std::string side, std::string program)
    : side_(std::move(side)), program_(std::move(program)), child_(program_, {"worker"}) {
  const std::string line = next_line(kHello, nullptr).value_or("");
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

void Opponent::fail_at_end(std::string_view awaited) {
  std::string half = child_.line();
  const std::string how = child_.end_within(kEnding);
  const std::string words = child_.last_words();
  fail(
      fmt::format("{}{} before it {}{}", how,
                  half.empty() ? "" : fmt::format(" in the middle of a line, {},", in_quotes(half)),
                  awaited, words.empty() ? "" : fmt::format(" (it said {})", in_quotes(words))));
}

std::optional<std::string> Opponent::next_line(std::string_view awaited, Interrupt* interrupt) {
  // Counts its own waits and not the time, in which the machine may have been stopped.
  constexpr milliseconds kWait = 100ms;
  for (milliseconds waited = 0ms; waited < kPatience; waited += kWait) {
    switch (child_.hear(kWait)) {
      case Child::Heard::line:
        return child_.line();
      case Child::Heard::end:
        fail_at_end(awaited);
      case Child::Heard::too_much:
        fail(fmt::format("said a line without end before it {}", awaited));
      case Child::Heard::nothing:
        break;
    }
    if (interrupt != nullptr && interrupt->requested()) return std::nullopt;
  }
  const std::string words = child_.last_words();
  fail(fmt::format("hung: it said nothing for {:.0f} s before it {}{}",
                   std::chrono::duration<double>(kPatience).count(), awaited,
                   words.empty() ? "" : fmt::format(" (it said {})", in_quotes(words))));
}

std::optional<results::WorkerAnswer> Opponent::answer_to(const results::WorkerRequest& request,
                                                         std::string_view awaited,
                                                         Interrupt* interrupt) {
  if (!child_.write(to_line(request))) fail_at_end(awaited);
  while (true) {
    const auto line = next_line(awaited, interrupt);
    if (!line) return std::nullopt;
    auto answer = results::answer_from_line(*line);
    if (!answer) {
      fail(fmt::format("said {} before it {}: {}", in_quotes(*line), awaited, answer.error()));
    }
    if (answer->id != request.id) {
      fail(fmt::format("answered request {} before it {}", answer->id, awaited));
    }
    if (!answer->running) return *std::move(answer);
  }
}

std::string Opponent::unknown(const workload::Spec& spec, const machine::Placement& placement,
                              bool& keeps_order) {
  const results::WorkerRequest request{
      .id = ++requests_, .task = results::WorkerTask::check, .spec = spec, .placement = placement};
  constexpr std::string_view kAnswer = "answered whether it knows a series";
  const auto answer = answer_to(request, kAnswer, nullptr);
  keeps_order = answer->keeps_order;
  if (answer->unknown) return *answer->unknown;
  if (!answer->spec) fail(fmt::format("said neither that it knows a series nor that it does not"));
  const auto other = results::difference(*answer->spec, spec);
  return other ? fmt::format("it would be another one there: {}", *other) : "";
}

TrialOutcome Opponent::trial(const workload::Spec& spec, const machine::Placement& placement,
                             const std::string& series, Interrupt& interrupt) {
  const results::WorkerRequest request{
      .id = ++requests_, .task = results::WorkerTask::trial, .spec = spec, .placement = placement};
  const std::string awaited = fmt::format("gave the sample of a trial of {}", series);
  auto answer = answer_to(request, awaited, &interrupt);
  if (!answer) return {};
  if (answer->unknown) fail(fmt::format("no longer knows {}: {}", series, *answer->unknown));
  if (!answer->sample && !answer->failure) {
    fail(fmt::format("gave neither a sample nor a failure of a trial of {}", series));
  }
  return {.sample = std::move(answer->sample),
          .failure = std::move(answer->failure),
          .verification = std::move(answer->verification)};
}

}  // namespace bench::measure
