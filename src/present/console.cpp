#include "present/console.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "present/quantity.hpp"

namespace bench::present {
namespace {

using results::Series;

constexpr std::size_t kLabelColumns = 12;

/// Text that may be coloured; its width is that of the plain text.
class Page {
 public:
  explicit Page(const Style& style)
      : color_(style.color), width_(std::max<std::size_t>(style.width, 40)) {}

  static constexpr std::string_view kBold = "1";
  static constexpr std::string_view kRed = "1;31";
  static constexpr std::string_view kGreen = "32";
  static constexpr std::string_view kYellow = "33";

  void headline(std::string_view text) { text_ += painted(text, kBold) + "\n"; }
  void gap() { text_ += "\n"; }

  /// A label and what it says, wrapped beside it.
  void line(std::string_view label, std::string_view text, std::string_view paint = {}) {
    std::string_view first = label;
    for (const std::string_view row : wrapped(text, width_ - kLabelColumns - 2)) {
      text_ += fmt::format("  {:<{}}{}\n", first, kLabelColumns, painted(row, paint));
      first = {};
    }
  }

  /// Columns that a line has beside its label.
  [[nodiscard]] std::size_t room() const noexcept { return width_ - kLabelColumns - 2; }

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  [[nodiscard]] std::string painted(std::string_view text, std::string_view paint) const {
    if (!color_ || paint.empty()) return std::string(text);
    return fmt::format("\x1b[{}m{}\x1b[0m", paint, text);
  }

  /// Broken between words; a word longer than a row has one to itself.
  static std::vector<std::string_view> wrapped(std::string_view text, std::size_t columns) {
    std::vector<std::string_view> rows;
    while (text.size() > columns) {
      std::size_t end = text.rfind(' ', columns);
      if (end == std::string_view::npos) end = std::min(text.find(' '), text.size());
      rows.push_back(text.substr(0, end));
      text.remove_prefix(std::min(text.size(), end + 1));
    }
    if (!text.empty() || rows.empty()) rows.push_back(text);
    return rows;
  }

  bool color_;
  std::size_t width_;
  std::string text_;
};

std::string_view plural(std::uint64_t count) noexcept { return count == 1 ? "" : "s"; }

std::string cpu_text(const std::optional<unsigned>& cpu) {
  return cpu ? std::to_string(*cpu) : "?";
}

/// CPUs in order: "0, 1, 2", or "0, 1 in turn" where threads go around them again.
std::string cpu_list(const std::vector<std::optional<unsigned>>& cpus) {
  const auto repeats_after = [&](std::size_t period) {
    return std::equal(cpus.begin() + static_cast<std::ptrdiff_t>(period), cpus.end(), cpus.begin());
  };
  std::size_t period = 1;
  while (period * 2 <= cpus.size() && !repeats_after(period)) ++period;
  if (period * 2 > cpus.size()) {
    constexpr std::size_t kMostListed = 16;
    const std::set<std::optional<unsigned>> distinct(cpus.begin(), cpus.end());
    if (cpus.size() > kMostListed && distinct.size() < cpus.size()) {
      return cpu_list({distinct.begin(), distinct.end()}) + ", several on each";
    }
    period = cpus.size();
  }
  std::vector<std::string> names(period);
  std::ranges::transform(cpus.begin(), cpus.begin() + static_cast<std::ptrdiff_t>(period),
                         names.begin(), cpu_text);
  const bool in_turn = period > 1 && period < cpus.size();
  return fmt::format("{}{}", fmt::join(names, ", "), in_turn ? " in turn" : "");
}

std::string where(const Series& series) {
  const results::ObservedPlacement& placement = series.placement;
  if (series.samples.empty()) return fmt::format("placement {}", name(placement.policy));
  const std::string seen =
      fmt::format("consumer on CPU {}, producer{} on {}", cpu_text(placement.consumer_cpu),
                  plural(series.spec.producers), cpu_list(placement.producer_cpus));
  if (placement.pinned) return fmt::format("{} ({})", seen, name(placement.policy));
  return fmt::format("{} when last seen, not pinned", seen);
}

std::string how(const workload::Spec& spec) {
  const std::string batch = spec.batch == 1 ? std::string("one push at a time")
                                            : fmt::format("batches of {}", grouped(spec.batch));
  return fmt::format("rings of 2^{} = {} slots, {}, {} wait", spec.ring_bits,
                     grouped(std::uint64_t{1} << spec.ring_bits), batch, name(spec.wait));
}

std::string trials(const Series& series) {
  const std::string length =
      series.spec.duration_s
          ? duration(*series.spec.duration_s)
          : fmt::format("{} messages a producer", grouped(*series.spec.messages_per_producer));
  const bool cut_short = std::ranges::any_of(series.samples, &workload::Sample::cut_short);
  return fmt::format(
      "{} of {}{}", series.samples.size(), length,
      cut_short ? fmt::format(", cut short after {}", duration(series.samples.front().seconds))
                : "");
}

/// The samples on a line from the smallest to the largest: a dot for one, a colon for more, the
/// interval in brackets, the median as a bar.
std::string strip(const Series& series, std::size_t cells) {
  const results::ThroughputSummary& rate = series.summary->messages_per_second;
  const auto cell = [&](double value) {
    const double part = std::clamp((value - rate.min) / (rate.max - rate.min), 0.0, 1.0);
    return static_cast<std::size_t>(std::lround(part * static_cast<double>(cells - 1)));
  };
  std::string line(cells, ' ');
  for (const workload::Sample& sample : series.samples) {
    char& mark = line[cell(sample.messages_per_second())];
    mark = mark == ' ' ? '.' : ':';
  }
  if (rate.ci95) {
    line[cell(rate.ci95->lo)] = '[';
    line[cell(rate.ci95->hi)] = ']';
  }
  line[cell(rate.median)] = '|';
  return line;
}

void show_throughput(Page& page, const Series& series) {
  const results::ThroughputSummary& rate = series.summary->messages_per_second;
  const bool end_to_end = series.spec.consume != workload::Consume::count;
  page.line("throughput",
            fmt::format("{} messages/s{}", si(rate.median), end_to_end ? "" : ", not end to end"),
            Page::kBold);
  page.line("", fmt::format("{} at the median", si(series.summary->bytes_per_second, "B/s")));
  if (rate.ci95) {
    page.line("95 % CI", fmt::format("{} to {}", si(rate.ci95->lo), si(rate.ci95->hi)));
  }
  if (rate.max > rate.min) {
    const std::string low = si(rate.min);
    const std::string high = si(rate.max);
    const std::size_t ends = low.size() + high.size() + 2;
    page.line("spread",
              fmt::format("{} {} {}", low,
                          strip(series, std::min<std::size_t>(40, page.room() - ends)), high));
    if (rate.median > 0) {
      page.line("", fmt::format("half the trials within {:.1f} % of the median",
                                100 * rate.mad / rate.median));
    }
  }
}

void show_producers(Page& page, const Series& series) {
  constexpr std::size_t kMostListed = 16;
  const std::vector<std::uint64_t>& sent = series.summary->per_producer_messages;
  if (sent.size() < 2) return;
  std::string counts;
  if (sent.size() <= kMostListed) {
    std::vector<std::string> each(sent.size());
    std::ranges::transform(sent, each.begin(),
                           [](std::uint64_t n) { return si(static_cast<double>(n)); });
    counts = fmt::format("{} messages", fmt::join(each, ", "));
  } else {
    const auto [least, most] = std::ranges::minmax(sent);
    counts = fmt::format("{} to {} messages each", si(static_cast<double>(least)),
                         si(static_cast<double>(most)));
  }
  page.line("fairness", fmt::format("{:.2f}: a trial's smallest share over its largest",
                                    series.summary->fairness));
  page.line("producers", counts);
}

void show_metrics(Page& page, const Series& series) {
  ringmpsc::Metrics sum;
  bool any = false;
  for (const workload::Sample& sample : series.samples) {
    if (!sample.metrics) continue;
    sum += *sample.metrics;
    any = true;
  }
  if (!any) return;
  const auto mean = [](std::uint64_t messages, std::uint64_t times) {
    return times == 0 ? 0.0 : static_cast<double>(messages) / static_cast<double>(times);
  };
  page.line("metrics",
            fmt::format("{} commits of {:.1f} messages, {} refused because full; {} "
                        "batches read of {:.1f} messages, {} empty polls",
                        grouped(sum.commits), mean(sum.messages_sent, sum.commits),
                        grouped(sum.refused_full), grouped(sum.batches),
                        mean(sum.messages_received, sum.batches), grouped(sum.empty_polls)));
}

void show_verification(Page& page, const Series& series) {
  const workload::Verification& seen = series.verification;
  if (!seen.passed()) {
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
  switch (series.spec.consume) {
    case workload::Consume::verify:
      page.line("verified",
                equal + ", every word of them; none lost, duplicated, reordered, corrupted",
                Page::kGreen);
      return;
    case workload::Consume::read:
      page.line("read", equal + ", with the producers' checksum", Page::kGreen);
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

void show(Page& page, const Series& series) {
  page.headline(fmt::format("{}: {} producer{}, 1 consumer, messages of {} bytes",
                            series.spec.queue, series.spec.producers, plural(series.spec.producers),
                            grouped(series.spec.payload_bytes)));
  if (series.summary) show_throughput(page, series);
  if (series.summary) show_producers(page, series);
  show_verification(page, series);
  show_metrics(page, series);
  page.line("trials", trials(series));
  page.line("how", how(series.spec));
  page.line("where", where(series));
  show_caveats(page, series.caveats);
}

std::string machine_text(const machine::HostFacts& host) {
  const auto allowed = host.topology.allowed_pus;
  const auto all = host.topology.pus;
  std::string cpus;
  if (allowed) cpus = fmt::format(", {} CPU{}", *allowed, plural(*allowed));
  if (allowed && all && *allowed != *all) cpus += fmt::format(" of its {} allowed", *all);
  return host.cpu_model.value_or("unknown processor") + cpus;
}

}  // namespace

std::string render(const results::Document& document, const Style& style) {
  Page page(style);
  for (const Series& series : document.series) show(page, series);
  page.line("machine", machine_text(document.host));
  show_caveats(page, document.caveats);
  return page.take();
}

}  // namespace bench::present
