// The settings of a measurement. Each is a flag on the command line, like --ring-bits, and a key in
// a sweep file, like ring_bits.
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
  std::optional<unsigned> ring_bits;  ///< from --ring-bits, which wins over a preset's
  bool producers_given = false;
  bool pattern_given = false;
  bool placement_given = false;
  bool duration_given = false;

  /// Decides what can be decided only once every setting has been read, and returns the request.
  /// Throws measure::BadRequest.
  [[nodiscard]] measure::Request finish() &&;
};

struct Setting {
  const char* group;  ///< the headline that it stands under in the help
  std::string_view flag;
  const char* value_name;
  const char* description;
  /// Reads `value` into the draft. Throws measure::BadRequest; its message begins with `name`,
  /// which is the flag or the key.
  void (*read)(RequestDraft& draft, std::string_view name, std::string_view value);
  bool axis = true;   ///< a sweep may vary it from series to series
  bool list = false;  ///< its value may be several, separated by commas

  /// The key in a sweep file: the flag without its leading dashes and with _ for -, like ring_bits.
  [[nodiscard]] std::string key() const;
};

/// All settings in the order of the help.
[[nodiscard]] std::span<const Setting> request_settings() noexcept;

/// Adds all settings as flags of a command; their values are read into the draft.
void add_request_flags(Flags& flags, RequestDraft& draft);

}  // namespace bench::cli
