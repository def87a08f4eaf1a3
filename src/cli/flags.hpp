// The flags of one command, and what is said about mistakes in them. The only room and file that
// know CLI11.
#pragma once

#include <CLI/CLI.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bench::cli {

/// Reads one flag's value; throws measure::BadRequest.
using Read = std::function<void(std::string_view flag, std::string_view value)>;

/// What a flag means that is given more than once.
enum class Repeated : std::uint8_t {
  last,  ///< the last one holds, so that a wrapper's flags can be overridden
  all,   ///< each one is read
};

class Flags {
 public:
  /// `command` as a user types it, for the usage line.
  Flags(const std::string& command, const std::string& description, const std::string& footer = {});

  void add(const char* group, std::string_view flag, const char* value_name,
           const char* description, Read read, Repeated repeated = Repeated::last);
  void add_switch(const char* group, const std::string& flag, bool& set, const char* description);
  /// What follows the command without a flag; at most one.
  void add_word(const char* value_name, std::optional<std::string>& word, const char* description);

  /// Reads the arguments. Returns the help if that was asked for. Throws measure::BadRequest whose
  /// message names the flag, the value and what would be right.
  [[nodiscard]] std::optional<std::string> read(std::vector<std::string> arguments);

 private:
  void refuse_switch_with_value(const std::vector<std::string>& arguments);
  std::string unknown(const std::string& argument);
  std::string needs_value(const CLI::ParseError& error);

  CLI::App app_;
  std::string command_;
  bool takes_word_ = false;
  bool takes_values_ = false;
};

}  // namespace bench::cli
