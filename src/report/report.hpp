// Makes a report of documents: what a person who has never heard of this tool understands.
#pragma once

#include <string>

#include "analysis/machines.hpp"
#include "report/blocks.hpp"

namespace bench::report {

/// The sections of the report, without those that have nothing to show, and without enclosures.
/// Every figure of it is one of the documents', or follows from them. `created` is the time of the
/// report, like 2026-01-31T12:00:00Z.
[[nodiscard]] Report make_report(const analysis::Evidence& evidence, const std::string& created);

}  // namespace bench::report
