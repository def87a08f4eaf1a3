// The flags of one command, and the messages about mistakes in them. This file hides CLI11.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bench::cli {

/// Reads one flag's value; throws measure::BadRequest.
using Read = std::function<void(std::string_view flag, std::string_view value)>;

/// What it means to give a flag more than once. Where it has one value, that is a mistake. To let
/// the last one count would help a wrapper that puts its own flags first, but figures would then be
/// of other settings than a reader of the command line thinks. A wrapper leaves out what its user
/// gave.
enum class Repeated : std::uint8_t {
  never,  ///< a mistake
  comma,  ///< a mistake too: its value is a list, separated by commas
  all,    ///< every value is read
};

class Flags {
 public:
  /// `command` is the command as a user types it, for the usage line.
  Flags(const std::string& command, const std::string& description, const std::string& footer = {});
  Flags(const Flags&) = delete;
  Flags& operator=(const Flags&) = delete;
  ~Flags();

  /// The group of flags that are not in the help.
  static constexpr const char* kHidden = "";

  /// `flag` may have a short form before it: "-o,--output".
  void add(const char* group, std::string_view flag, const char* value_name,
           const std::string& description, Read read, Repeated repeated = Repeated::never);
  /// Adds a flag that takes all values up to the next flag, and that may be given again. `values`
  /// stays empty without it.
  void add_list(const char* group, std::string_view flag, const char* value_name,
                const std::string& description, std::vector<std::string>& values);
  void add_switch(const char* group, const std::string& flag, bool& set, const char* description);
  /// Adds an argument that stands without a flag. Several have the order in which they were added.
  void add_word(const char* value_name, std::optional<std::string>& word, const char* description);
  /// Adds any number of arguments that stand without a flag.
  void add_words(const char* value_name, std::vector<std::string>& words, const char* description);

  /// Reads the arguments. Returns the help if the user asked for it. Throws measure::BadRequest;
  /// its message names the flag, the value and what would be right.
  [[nodiscard]] std::optional<std::string> read(std::vector<std::string> arguments);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace bench::cli
