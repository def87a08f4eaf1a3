// Matches the series of documents that were measured at different times.
#pragma once

#include <string>
#include <vector>

#include "results/document.hpp"
#include "results/verdict_report.hpp"

namespace bench::analysis {

/// A document of one side.
struct NamedDocument {
  std::string file;  ///< what people call it
  results::Document document;
};

using DocumentsOfSide = std::vector<NamedDocument>;

/// A series as one document has it.
struct SeriesOfRun {
  std::size_t file = 0;  ///< which of its side's documents, from 0
  const results::Series* series = nullptr;
};

/// One series in all documents that have it; at least one on each side.
struct MatchedSeries {
  std::string name;
  std::vector<SeriesOfRun> base;
  std::vector<SeriesOfRun> candidate;
};

struct Matched {
  std::vector<MatchedSeries> series;  ///< in the order of the base's documents
  std::vector<results::Unmatched> unmatched;
  std::vector<const results::Series*> unmatched_series;  ///< one of each of these, in their order
};

/// Two series are the same if their specs are, but for how long they were measured (duration and
/// number of messages), and if their placements have the same policy. Where a document has several
/// such series, the length of the measurement distinguishes them. Series that find no other are
/// then matched without regard to how the consumer treats messages, to metrics and to the layout of
/// rings: those are differences of method, which a reader is told. The machine's limits are no
/// queues: they are in neither list unless their messages went wrong. The documents must outlive
/// the result.
[[nodiscard]] Matched match(const DocumentsOfSide& base, const DocumentsOfSide& candidate);

}  // namespace bench::analysis
