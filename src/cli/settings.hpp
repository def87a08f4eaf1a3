// What a measurement can be told, one setting each: a flag of the command line and, without its
// dashes, a key of a sweep file.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "cli/flags.hpp"
#include "measure/plan.hpp"

namespace bench::cli {

/// A request while its settings are being read, in any order.
struct RequestDraft {
  measure::Request request;
  std::optional<unsigned> ring_bits;  ///< given by itself, it wins over a preset's
  bool producers_given = false;
  bool pattern_given = false;
  bool placement_given = false;
  bool duration_given = false;

  /// What can be decided only once every setting has been read. Throws measure::BadRequest.
  [[nodiscard]] measure::Request finish() &&;
};

struct Setting {
  const char* group;  ///< its headline in the help
  std::string_view flag;
  const char* value_name;
  const char* description;
  /// Throws measure::BadRequest whose message begins with `name`, the flag's or the key's.
  void (*read)(RequestDraft& draft, std::string_view name, std::string_view value);
  bool axis = true;  ///< a sweep may vary it from series to series

  /// The key of a sweep file: the flag without its dashes, like ring_bits.
  [[nodiscard]] std::string key() const;
};

/// In the order of the help.
[[nodiscard]] std::span<const Setting> request_settings() noexcept;

/// All of them as flags of a command, read into the draft.
void add_request_flags(Flags& flags, RequestDraft& draft);

}  // namespace bench::cli
