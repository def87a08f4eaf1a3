// The result document as JSON, as configs/schema/result.schema.json describes it.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "results/document.hpp"
#include "results/topology_report.hpp"

namespace bench::results {

/// Two spaces a level, keys in the document's order, ends in a newline. Numbers are written so that
/// reading them gives exactly the same value; they are finite. Bytes that are not UTF-8 (in a host
/// name, a command line) become U+FFFD.
[[nodiscard]] std::string to_json(const Document& document);
/// The same for the machine, as configs/schema/topology.schema.json describes it.
[[nodiscard]] std::string to_json(const TopologyReport& report);

/// Reads what to_json writes and gives the same document, but for two things: a fault that the
/// verification's mode does not look for is null, and reads as 0; bytes that were not UTF-8 are
/// lost. Keys that it does not know are ignored, since a later minor version may write them.
///
/// Anything else is refused, whatever `text` holds: what is not JSON with its line and column, a
/// newer schema_version by its number, and any other with the JSON pointer (RFC 6901) of the first
/// value that is missing or wrong, that value, and what it must be. The error is one line, which
/// wants the file's name before it.
[[nodiscard]] std::expected<Document, std::string> from_json(std::string_view text);

}  // namespace bench::results
