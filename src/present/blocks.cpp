#include "present/blocks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "present/quantity.hpp"
#include "present/spec_words.hpp"

namespace bench::present {

using results::Series;
using results::verified;

std::string_view plural(std::uint64_t count) noexcept { return count == 1 ? "" : "s"; }

const results::ThroughputSummary& leading(const results::Summary& summary) noexcept {
  return summary.regimes.size() > 1 ? summary.regimes.front().messages_per_second
                                    : summary.messages_per_second;
}

std::string words(const workload::FaultyMessage& message) {
  const auto number = [](const std::optional<std::uint64_t>& sequence) {
    return sequence ? grouped(*sequence) : std::string("nothing");
  };
  std::string text = fmt::format("first {}: ", name(message.kind));
  if (!message.producer) {
    text += "a message that does not say whose it is";
  } else if (message.kind == workload::FaultKind::lost) {
    text += fmt::format("message {} of producer {}; next came {}", number(message.expected),
                        *message.producer, number(message.seen));
  } else if (!message.seen) {
    text += fmt::format("a damaged message, where message {} of producer {} was expected",
                        number(message.expected), *message.producer);
  } else {
    text += fmt::format("message {} of producer {}, where {} was expected", number(message.seen),
                        *message.producer, number(message.expected));
  }
  return message.trial.empty() ? text : fmt::format("{} ({})", text, message.trial);
}

std::vector<std::string> thread_lines(const results::Failure& failure) {
  constexpr std::string_view kProducer = "producer ";
  constexpr std::size_t kMostApart = 16;
  std::vector<std::string> lines;
  const std::vector<results::ThreadReport>& all = failure.threads;
  // Threads that are at different messages are apart, unless they would fill the page.
  const bool apart = all.size() <= kMostApart;
  for (auto first = all.begin(); first != all.end();) {
    const auto last = std::find_if(first, all.end(), [&](const results::ThreadReport& report) {
      return report.doing != first->doing || (apart && report.at != first->at) ||
             (report.thread != first->thread &&
              !(first->thread.starts_with(kProducer) && report.thread.starts_with(kProducer)));
    });
    const auto [least, most] = std::ranges::minmax(std::ranges::subrange(first, last), {},
                                                   &results::ThreadReport::messages);
    const std::string threads =
        last - first == 1
            ? first->thread
            : fmt::format("producers {} to {}", first->thread.substr(kProducer.size()),
                          std::prev(last)->thread.substr(kProducer.size()));
    const std::string messages =
        least.messages == most.messages
            ? grouped(most.messages)
            : fmt::format("{} to {}", grouped(least.messages), grouped(most.messages));
    const bool has_place = !first->at.empty() && (apart || last - first == 1);
    lines.push_back(fmt::format("{}: {}{}, after {} message{}", threads, first->doing,
                                has_place ? " at " + first->at : "", messages,
                                plural(most.messages)));
    first = last;
  }
  return lines;
}

std::string fault_text(const workload::Verification& seen) {
  return fmt::format("{} sent, {} received: {} lost, {} duplicated, {} reordered, {} corrupted",
                     grouped(seen.sent), grouped(seen.received), grouped(seen.lost),
                     grouped(seen.duplicated), grouped(seen.reordered), grouped(seen.corrupted));
}

void show_failure(Page& page, const results::Failure& failure) {
  page.line("FAILED", fmt::format("{} of {}: {}", failure.trial, failure.series, failure.reason),
            Page::kRed);
  for (const std::string& line : thread_lines(failure)) page.line("", line);
}

void show_verification(Page& page, workload::Consume mode, const workload::Verification& seen,
                       bool passed) {
  if (!passed) {
    page.line("FAILED", fault_text(seen), Page::kRed);
    for (const workload::FaultyMessage& message : seen.first) page.line("", words(message));
    return;
  }
  if (seen.sent == 0) {
    page.line("verified", "nothing: no message was sent");
    return;
  }
  const std::string equal = grouped(seen.sent) + " messages sent and received";
  switch (mode) {
    case workload::Consume::verify:
      if (seen.reordered > 0) {
        page.line(
            "verified",
            fmt::format("{}, every word of them; {} came late, from queues that keep no order",
                        equal, grouped(seen.reordered)));
        return;
      }
      page.line("verified",
                equal + ", every word of them; none lost, duplicated, reordered or corrupted",
                Page::kGreen);
      return;
    case workload::Consume::read:
      page.line("read", equal + "; their checksum equals the producers'", Page::kGreen);
      return;
    case workload::Consume::count:
      page.line("counted", equal + ", none of them read");
      return;
  }
}

void show_meaning_of_ratios(Page& page, std::string_view reference) {
  page.line("x",
            fmt::format("times as fast as {} (above 1 is faster): the median of the rounds' "
                        "quotients, which can differ from the quotient of the medians; trust it, "
                        "because a round's trials met the same machine",
                        reference));
}

void show_caveats(Page& page, const std::vector<results::Caveat>& caveats) {
  for (const results::Caveat& caveat : caveats) {
    std::string label(name(caveat.code));
    std::ranges::replace(label, '_', ' ');
    page.line("caveat", fmt::format("{}: {}", label, caveat.text), Page::kYellow);
  }
}

void show_verification(Page& page, const std::vector<Series>& all) {
  std::map<workload::Consume, workload::Verification> sums;
  for (const Series& series : all) {
    const workload::Consume mode = series.spec.consume;
    if (verified(series)) {
      sums[mode] += series.verification;
    } else {
      page.line("", title(series) + ":", Page::kRed);
      show_verification(page, mode, series.verification, false);
    }
  }
  for (const auto& [mode, sum] : sums) show_verification(page, mode, sum, true);
}

std::string machine_text(const machine::HostFacts& host, std::string_view label) {
  const auto allowed = host.topology.allowed_pus;
  const auto all = host.topology.pus;
  std::string cpus;
  if (allowed) cpus = fmt::format(", {} CPU{}", *allowed, plural(*allowed));
  if (allowed && all && *allowed != *all) cpus += fmt::format(" of its {} allowed", *all);
  return fmt::format("{}{}{}{}", label, label.empty() ? "" : ": ",
                     host.cpu_model.value_or("unknown processor"), cpus);
}

std::vector<std::string> note_lines(const std::vector<results::Note>& notes) {
  std::vector<std::string> lines;
  lines.reserve(notes.size());
  for (const auto& [key, value] : notes) lines.push_back(fmt::format("{}: {}", key, value));
  return lines;
}

}  // namespace bench::present
