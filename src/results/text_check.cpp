#include "results/text_check.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace bench::results {
namespace {

using Text = nlohmann::json;

/// A document has some dozen levels, and a few million values if it has thousands of series. More
/// takes memory, up to a hundred bytes for each byte of the text, before anything could be refused.
constexpr std::size_t kMostLevels = 1'000;
constexpr std::size_t kMostValues = 20'000'000;

/// The key as JSON has it, cut if it is long.
std::string in_quotes(std::string key) {
  constexpr std::size_t kMostBytes = 60;
  if (key.size() > kMostBytes) key = key.substr(0, kMostBytes) + "...";
  return Text(std::move(key)).dump(-1, ' ', false, Text::error_handler_t::replace);
}

/// Takes the values of the text one by one, and keeps none but keys.
class Sentry {
 public:
  // The names and parameters are those of nlohmann::json_sax.
  bool null() { return value(); }
  bool boolean(bool /*val*/) { return value(); }
  bool number_integer(Text::number_integer_t /*val*/) { return value(); }
  bool number_unsigned(Text::number_unsigned_t /*val*/) { return value(); }
  bool number_float(Text::number_float_t /*val*/, const std::string& /*text*/) { return value(); }
  bool string(const std::string& /*val*/) { return value(); }
  bool binary(const Text::binary_t& /*val*/) { return value(); }
  bool start_object(std::size_t /*elements*/) {
    first_keys_.push_back(keys_.size());
    return start();
  }
  bool start_array(std::size_t /*elements*/) { return start(); }
  bool key(const std::string& name) {
    keys_.push_back(name);
    return true;
  }
  bool end_object() {
    const auto own = keys_.begin() + static_cast<std::ptrdiff_t>(first_keys_.back());
    std::sort(own, keys_.end());
    if (const auto twice = std::adjacent_find(own, keys_.end()); twice != keys_.end()) {
      return refuse(fmt::format("the key {} is there twice", in_quotes(*twice)));
    }
    keys_.erase(own, keys_.end());
    first_keys_.pop_back();
    return end_array();
  }
  bool end_array() {
    --levels_;
    return true;
  }
  /// Leaves the message to the parser that follows.
  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const Text::exception& /*error*/) {
    return false;
  }

  [[nodiscard]] const std::string& refusal() const { return refusal_; }

 private:
  /// Ends the parsing.
  bool refuse(std::string reason) {
    refusal_ = std::move(reason);
    return false;
  }
  bool value() {
    if (++values_ > kMostValues) {
      return refuse(fmt::format("it has more than {} values", kMostValues));
    }
    return true;
  }
  bool start() {
    if (++levels_ > kMostLevels) {
      return refuse(fmt::format("it is nested more than {} deep", kMostLevels));
    }
    return value();
  }

  std::string refusal_;
  std::size_t values_ = 0;
  std::size_t levels_ = 0;
  std::vector<std::string> keys_;        ///< of all objects around this place
  std::vector<std::size_t> first_keys_;  ///< where each of these objects' keys begin
};

}  // namespace

std::expected<void, std::string> check_text(std::string_view text) {
  Sentry sentry;
  static_cast<void>(Text::sax_parse(text, &sentry));
  if (sentry.refusal().empty()) return {};
  return std::unexpected(sentry.refusal());
}

}  // namespace bench::results
