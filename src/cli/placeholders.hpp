// Placeholders in the names of files, like results/{hostname}-{date}.json.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bench::cli {

/// What the placeholders stand for. One without a value cannot be used.
struct PlaceholderValues {
  std::optional<std::string> hostname;
  std::optional<std::string> date;  ///< 2026-01-31, in UTC
  std::optional<std::string> time;  ///< 120000, in UTC
  std::optional<std::string> label;
  std::optional<std::string> series;  ///< where a file has one series
};

/// The values for a document that was `created_utc` (ISO 8601) on this host. An empty text is no
/// value.
[[nodiscard]] PlaceholderValues placeholder_values(std::string_view created_utc,
                                                   std::string_view hostname,
                                                   std::string_view label);

/// The name with a value for each placeholder, and with { for {{ and } for }}. What a value has and
/// the name of a file should not (a slash, control characters, dots at its beginning) becomes a
/// hyphen. Throws measure::BadRequest for an unknown placeholder, and for one without a value; the
/// message begins with `flag`.
[[nodiscard]] std::string filled_in(std::string_view flag, std::string_view name,
                                    const PlaceholderValues& values);

}  // namespace bench::cli
