// Writes and reads the result document as JSON; configs/schema/result.schema.json describes it.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <variant>

#include "results/document.hpp"
#include "results/stress_report.hpp"
#include "results/topology_report.hpp"
#include "results/verdict_report.hpp"

namespace bench::results {

/// The text is indented by two spaces for each level, has its keys in the document's order, and
/// ends in a newline. Numbers are finite, and reading them gives exactly the same value. Bytes that
/// are not UTF-8 (in a host name or a command line) become U+FFFD.
[[nodiscard]] std::string to_json(const Document& document);
/// The same for the report on the machine; configs/schema/topology.schema.json describes it.
[[nodiscard]] std::string to_json(const TopologyReport& report);
/// The same for verdicts; configs/schema/verdict.schema.json describes it.
[[nodiscard]] std::string to_json(const VerdictReport& report);
/// The same for a stress; configs/schema/stress.schema.json describes it.
[[nodiscard]] std::string to_json(const StressReport& report);

/// Reads what to_json writes. The document is the same but for two things: a fault that the
/// verification's mode does not look for is null in the JSON and is read as 0, and bytes that were
/// not UTF-8 are lost. Unknown keys are ignored, because a later minor version may write them.
/// Fields that came later within the schema version (fields.hpp marks them) may be missing, because
/// an earlier program did not write them: they have their defaults then.
///
/// Any other text is refused, whatever it holds, and so is an object that has a key twice. Of what
/// the program itself reads or writes, the error names the kind. The error is one line; the caller
/// puts the file's name before it. It gives the line and column where text is not JSON, or the
/// number of a newer schema_version, or else the JSON pointer (RFC 6901) of the first value that is
/// missing or wrong, that value, and what it must be.
[[nodiscard]] std::expected<Document, std::string> from_json(std::string_view text);

/// Any document that to_json writes.
using AnyDocument = std::variant<Document, TopologyReport, VerdictReport, StressReport>;

/// The same for a document of any kind.
[[nodiscard]] std::expected<AnyDocument, std::string> any_from_json(std::string_view text);

}  // namespace bench::results
