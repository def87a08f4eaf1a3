#include "present/blocks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "present/quantity.hpp"

namespace bench::present {

using results::Series;
using results::verified;

std::string_view plural(std::uint64_t count) noexcept { return count == 1 ? "" : "s"; }

const results::ThroughputSummary& leading(const results::Summary& summary) noexcept {
  return summary.regimes.size() > 1 ? summary.regimes.front().messages_per_second
                                    : summary.messages_per_second;
}

void show_verification(Page& page, workload::Consume mode, const workload::Verification& seen,
                       bool passed) {
  if (!passed) {
    page.line(
        "FAILED",
        fmt::format("{} sent, {} received: {} lost, {} duplicated, {} reordered, {} corrupted",
                    grouped(seen.sent), grouped(seen.received), grouped(seen.lost),
                    grouped(seen.duplicated), grouped(seen.reordered), grouped(seen.corrupted)),
        Page::kRed);
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
      page.line("", series.name + ":", Page::kRed);
      show_verification(page, mode, series.verification, false);
    }
  }
  for (const auto& [mode, sum] : sums) show_verification(page, mode, sum, true);
}

std::string machine_text(const machine::HostFacts& host) {
  const auto allowed = host.topology.allowed_pus;
  const auto all = host.topology.pus;
  std::string cpus;
  if (allowed) cpus = fmt::format(", {} CPU{}", *allowed, plural(*allowed));
  if (allowed && all && *allowed != *all) cpus += fmt::format(" of its {} allowed", *all);
  return host.cpu_model.value_or("unknown processor") + cpus;
}

}  // namespace bench::present
