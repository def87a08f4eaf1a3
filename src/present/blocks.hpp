// The parts of a page that are the same for one series and for many.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "present/page.hpp"
#include "results/document.hpp"

namespace bench::present {

/// "s", or nothing if `count` is 1.
[[nodiscard]] std::string_view plural(std::uint64_t count) noexcept;

/// The throughput of the whole series or, if there are several regimes, of the regime with the most
/// trials. Use it to scale bars, and to fill cells where the page says that they show one regime.
[[nodiscard]] const results::ThroughputSummary& leading(const results::Summary& summary) noexcept;

/// Which message went wrong, like "first lost: message 7 of producer 0; next came 8 (trial 1 of
/// 10)".
[[nodiscard]] std::string words(const workload::FaultyMessage& message);

/// What the threads of a failed trial were doing: a line for each group of threads that did the
/// same. Where there are few, they did the same only at the same message.
[[nodiscard]] std::vector<std::string> thread_lines(const results::Failure& failure);

/// How many messages went wrong in which way.
[[nodiscard]] std::string fault_text(const workload::Verification& seen);

/// Shows why the measurement ended early, and what each thread was doing.
void show_failure(Page& page, const results::Failure& failure);

/// Shows what was verified in one series; `passed` if every message came as its queue promises.
void show_verification(Page& page, workload::Consume mode, const workload::Verification& seen,
                       bool passed);

/// Shows each series that has a fault and, for each --consume mode, the sum of the others.
void show_verification(Page& page, const std::vector<results::Series>& all);

/// Explains the ratios of a table, which compare with the series of this name.
void show_meaning_of_ratios(Page& page, std::string_view reference);

void show_caveats(Page& page, const std::vector<results::Caveat>& caveats);

/// What the machine is; its label comes first, if people gave it one.
[[nodiscard]] std::string machine_text(const machine::HostFacts& host, std::string_view label = {});

/// A line for each note, like "price: 120 EUR a month".
[[nodiscard]] std::vector<std::string> note_lines(const std::vector<results::Note>& notes);

}  // namespace bench::present
