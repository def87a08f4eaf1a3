// Reads documents from their JSON, and reports exactly what is wrong if it cannot.

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "results/characters.hpp"
#include "results/fields.hpp"
#include "results/json.hpp"
#include "results/json_writer.hpp"
#include "results/text_check.hpp"
#include "results/worker_protocol.hpp"

namespace bench::results {
namespace {

// Not the ordered kind, with which documents are written: it looks a key up by going through all
// keys, which takes forever in an object with a million.
using Parsed = nlohmann::json;

/// Where a value stands in its document.
struct Place {
  const Place* within = nullptr;  ///< null for the document itself
  std::string_view key = {};      ///< the key in an object; empty in an array
  std::size_t index = 0;          ///< the index in an array
  bool or_null = false;           ///< null is allowed there

  [[nodiscard]] std::string pointer() const {
    if (within == nullptr) return {};
    return within->pointer() + "/" + (key.empty() ? std::to_string(index) : std::string(key));
  }
};

Place nullable(Place at) {
  at.or_null = true;
  return at;
}

/// The reason why a document is not read. Thrown and caught in this file.
struct Refusal {
  std::string reason;
};

/// The text, cut to about `bytes` bytes; characters stay whole.
std::string shortened(std::string text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  text.resize(whole_characters(text, bytes));
  return text + "...";
}

std::string shown(const Parsed& json) {
  if (json.is_object()) return "{...}";
  if (json.is_array()) return json.empty() ? "[]" : "[...]";
  return shortened(json.dump(-1, ' ', false, Parsed::error_handler_t::replace), 60);
}

/// `must` completes the sentence "must be ...".
[[noreturn]] void refuse(const Parsed* json, const Place& at, std::string_view must) {
  const std::string where = at.within == nullptr ? "the document" : at.pointer();
  throw Refusal{fmt::format("{} {}: must be {}{}", where,
                            json == nullptr ? "missing" : shown(*json), must,
                            at.or_null ? " or null" : "")};
}

/// Fills the fields of one object. A missing value becomes a null pointer, so that the reader of
/// the expected type reports it.
class Reader {
 public:
  Reader(const Parsed& object, const Place& at) : object_(object), at_(at) {}

  template <class T>
  void operator()(std::string_view key, T& value, const auto&... how) {
    const auto found = object_.find(key);
    read(found == object_.end() ? nullptr : &*found, Place{.within = &at_, .key = key}, value,
         how...);
  }

  /// `value` must be new: where the key is missing, it stays as it was made.
  void later(std::string_view key, auto& value, const auto&... how) {
    if (object_.contains(key)) (*this)(key, value, how...);
  }

  template <class T>
  void derived(std::string_view key, T follows) {
    (*this)(key, follows);
  }

  void check(bool holds, std::string_view rule) const {
    if (holds) return;
    throw Refusal{at_.within == nullptr ? fmt::format("the document {}", rule)
                                        : fmt::format("{}: {}", at_.pointer(), rule)};
  }

  /// Reads an object that has the fields of describe().
  template <class T>
    requires std::is_class_v<T>
  static void read(const Parsed* json, const Place& at, T& value, const auto&... how) {
    if (json == nullptr || !json->is_object()) refuse(json, at, "an object");
    Reader fields(*json, at);
    describe(fields, value, how...);
  }

 private:
  static void read(const Parsed* json, const Place& at, bool& value) {
    if (json == nullptr || !json->is_boolean()) refuse(json, at, "true or false");
    value = json->get<bool>();
  }

  static void read(const Parsed* json, const Place& at, double& value) {
    // The parser has already refused numbers that a double cannot hold.
    if (json == nullptr || !json->is_number() || json->get<double>() < 0) {
      refuse(json, at, "a number of at least 0");
    }
    value = json->get<double>();
  }

  template <std::integral T>
  static void read(const Parsed* json, const Place& at, T& value, Between bounds = {}) {
    constexpr std::uint64_t kLargest = std::numeric_limits<T>::max();
    const std::uint64_t most = std::min(bounds.most, kLargest);
    const bool whole = json != nullptr && json->is_number_unsigned();
    const auto number = whole ? json->get<std::uint64_t>() : 0;
    if (!whole || number < bounds.least || number > most) {
      refuse(json, at, fmt::format("a whole number from {} to {}", bounds.least, most));
    }
    value = static_cast<T>(number);
  }

  template <std::integral T, std::size_t N>
  static void read(const Parsed* json, const Place& at, T& value, const std::array<T, N>& allowed) {
    const bool whole = json != nullptr && json->is_number_unsigned();
    const auto* const found =
        whole ? std::ranges::find(allowed, json->get<std::uint64_t>()) : allowed.end();
    if (found == allowed.end()) {
      refuse(json, at, fmt::format("one of {}", fmt::join(allowed, ", ")));
    }
    value = *found;
  }

  static void read(const Parsed* json, const Place& at, std::uint64_t& count, LookedAt looked) {
    count = 0;
    if (looked.it) return read(json, at, count);
    if (json == nullptr || !json->is_null()) refuse(json, at, "null in this mode");
  }

  static void read(const Parsed* json, const Place& at, std::string& text) {
    if (json == nullptr || !json->is_string()) refuse(json, at, "a string");
    text = json->get_ref<const std::string&>();
  }

  static void read(const Parsed* json, const Place& at, std::string& text, EmptyIsNull) {
    text.clear();
    if (json == nullptr || !json->is_null()) read(json, nullable(at), text);
  }

  template <class E>
    requires std::is_enum_v<E>
  static void read(const Parsed* json, const Place& at, E& value) {
    const auto& words = words_of(value);
    const auto* const found = json == nullptr || !json->is_string()
                                  ? words.end()
                                  : std::ranges::find(words, json->get_ref<const std::string&>(),
                                                      &workload::Named<E>::first);
    if (found == words.end()) {
      std::vector<std::string_view> known;
      known.reserve(words.size());
      for (const auto& [word, meaning] : words) known.push_back(word);
      refuse(json, at, fmt::format("one of {}", fmt::join(known, ", ")));
    }
    value = found->second;
  }

  static void read(const Parsed* json, const Place& at, workload::LatencyHistogram& histogram) {
    HistogramOfVersion1 fields;
    if (json != nullptr && json->is_object() && json->contains("buckets")) {
      read(json, at, fields);
    } else {
      HistogramFields lists;
      read(json, at, lists);
      fields = {.min = lists.min, .max = lists.max, .buckets = buckets_of(lists, json, at)};
    }
    auto made = workload::LatencyHistogram::from_buckets(fields.buckets, fields.min, fields.max);
    if (!made) refuse(json, at, "a histogram: " + made.error());
    histogram = std::move(*made);
  }

  static std::vector<workload::LatencyHistogram::Bucket> buckets_of(const HistogramFields& lists,
                                                                    const Parsed* json,
                                                                    const Place& at) {
    using workload::LatencyLayout;
    if (lists.steps.size() != lists.counts.size()) {
      refuse(json, at, "a histogram with as many steps as counts");
    }
    std::vector<workload::LatencyHistogram::Bucket> buckets;
    buckets.reserve(lists.steps.size());
    std::uint64_t lowest = 0;
    for (std::size_t i = 0; i < lists.steps.size(); ++i) {
      if (lists.steps[i] > LatencyLayout::kHighest - lowest) {
        refuse(json, at, "a histogram whose steps do not lead beyond its last bucket");
      }
      lowest += lists.steps[i];
      buckets.push_back({.lowest = lowest,
                         .highest = LatencyLayout::highest_in(LatencyLayout::index_of(lowest)),
                         .count = lists.counts[i]});
    }
    return buckets;
  }

  static void read(const Parsed* json, const Place& at, Interval& interval) {
    if (json == nullptr || !json->is_array() || json->size() != 2) {
      refuse(json, at, "an array of two numbers");
    }
    read(&(*json)[0], Place{.within = &at, .index = 0}, interval.lo);
    read(&(*json)[1], Place{.within = &at, .index = 1}, interval.hi);
  }

  template <class T>
  static void read(const Parsed* json, const Place& at, std::optional<T>& value,
                   const auto&... how) {
    value.reset();
    if (json == nullptr || !json->is_null()) read(json, nullable(at), value.emplace(), how...);
  }

  template <class T>
  static void read(const Parsed* json, const Place& at, std::vector<T>& list, const auto&... how) {
    if (json == nullptr || !json->is_array()) refuse(json, at, "an array");
    list.clear();
    // Items are read one by one, so that a long array of anything but T is refused at its first
    // item, before memory is taken for all of them.
    for (std::size_t i = 0; i < json->size(); ++i) {
      read(&(*json)[i], Place{.within = &at, .index = i}, list.emplace_back(), how...);
    }
  }

  const Parsed& object_;
  const Place& at_;
};

Parsed parse(std::string_view text) {
  try {
    if (const auto sound = check_text(text); !sound) throw Refusal{sound.error()};
    return Parsed::parse(text);
  } catch (const Parsed::exception& error) {
    // It says "[json.exception.parse_error.101] parse error at line 1, column 2: ...; last read:
    // '...'". The part that was read last is cut off: it may be long, and not even text.
    std::string_view what = error.what();
    what.remove_prefix(what.find("] ") + 2);
    what = what.substr(0, what.find("; last read: "));
    throw Refusal{fmt::format("not JSON: {}", shortened(std::string(what), 200))};
  }
}

/// What the text is instead of a document, if that can be told.
std::string_view kind_without_version(const Parsed& json) {
  if (json.contains("benchmarks")) {
    return "it has Google Benchmark's form, which is not read back; keep the JSON beside it";
  }
  if (json.contains("axes") || json.contains("parts")) return "it is a sweep file";
  return "it has no schema_version";
}

/// Comes before all other checks, because a newer document may be different in every other way.
void check_version(const Parsed& json) {
  if (!json.is_object() || !json.contains("schema_version")) {
    throw Refusal{fmt::format("not a result document: {}", kind_without_version(json))};
  }
  const Parsed& version = json["schema_version"];
  if (version.is_number_unsigned() && version > kSchemaVersion) {
    throw Refusal{
        fmt::format("the document has schema version {}, and this program reads versions {} to {}: "
                    "use a newer ringmpsc-bench",
                    version.get<std::uint64_t>(), kOldestSchemaVersion, kSchemaVersion)};
  }
  const Place document;
  if (!version.is_number_unsigned() || version < kOldestSchemaVersion) {
    refuse(&version, {.within = &document, .key = "schema_version"},
           fmt::format("from {} to {}", kOldestSchemaVersion, kSchemaVersion));
  }
}

/// Parses a document of any kind.
Parsed parse_document(std::string_view text) {
  if (text.starts_with("series,")) {
    throw Refusal{
        "not a result document: it is a CSV table, which is not read back; keep the JSON "
        "beside it"};
  }
  Parsed json = parse(text);
  check_version(json);
  return json;
}

bool is_topology_report(const Parsed& json) { return json.contains("tree"); }

bool is_verdict_report(const Parsed& json) { return json.contains("verdict"); }

bool is_stress_report(const Parsed& json) { return json.contains("coverage"); }

template <class T>
T read_as(const Parsed& json) {
  T document;
  Reader::read(&json, Place{}, document);
  return document;
}

}  // namespace

std::expected<Document, std::string> from_json(std::string_view text) {
  try {
    const Parsed json = parse_document(text);
    if (is_topology_report(json)) {
      throw Refusal{"not a result document: it is a report of the command topology"};
    }
    if (is_verdict_report(json)) {
      throw Refusal{"not a result document: it has the verdicts of duel or compare"};
    }
    if (is_stress_report(json)) {
      throw Refusal{"not a result document: it is a report of the command stress"};
    }
    return read_as<Document>(json);
  } catch (const Refusal& refusal) {
    return std::unexpected(refusal.reason);
  }
}

std::expected<AnyDocument, std::string> any_from_json(std::string_view text) {
  try {
    const Parsed json = parse_document(text);
    if (is_topology_report(json)) return read_as<TopologyReport>(json);
    if (is_verdict_report(json)) return read_as<VerdictReport>(json);
    if (is_stress_report(json)) return read_as<StressReport>(json);
    return read_as<Document>(json);
  } catch (const Refusal& refusal) {
    return std::unexpected(refusal.reason);
  }
}

namespace {

/// The part of a hello that every version of the protocol has.
struct HelloOfAnyVersion {
  unsigned protocol = 0;
  unsigned word_bits = 0;
};

void describe(auto& io, HelloOfAnyVersion& hello) {
  io("protocol", hello.protocol);
  io("word_bits", hello.word_bits);
}

/// The spec with the fields that were left out, which have their defaults.
Parsed completed(const Parsed& spec) {
  Parsed whole = Parsed::parse(Writer::json_of(workload::Spec()).dump());
  for (const auto& [key, value] : spec.items()) {
    if (!whole.contains(key)) {
      throw Refusal{fmt::format("{}: this program knows no such setting", shortened(key, 60))};
    }
    whole[key] = value;
  }
  return whole;
}

WorkerRequest read_request(const Parsed& json) {
  Parsed whole = json;
  if (whole.contains("spec") && whole["spec"].is_object()) whole["spec"] = completed(json["spec"]);
  return read_as<WorkerRequest>(whole);
}

template <class T>
std::expected<T, std::string> unless_refused(std::string_view line, T (*read)(const Parsed&)) {
  try {
    return read(parse(line));
  } catch (const Refusal& refusal) {
    return std::unexpected(refusal.reason);
  }
}

}  // namespace

std::expected<WorkerHello, std::string> hello_from_line(std::string_view line) {
  return unless_refused<WorkerHello>(line, [](const Parsed& json) {
    const auto any = read_as<HelloOfAnyVersion>(json);
    if (any.protocol != kWorkerProtocol) {
      return WorkerHello{.protocol = any.protocol, .word_bits = any.word_bits, .tool = {}};
    }
    return read_as<WorkerHello>(json);
  });
}

std::expected<ReadRequest, std::string> request_from_line(std::string_view line) {
  return unless_refused<ReadRequest>(line, [](const Parsed& json) {
    if (!json.is_object() || !json.contains("id") || !json["id"].is_number_unsigned()) {
      throw Refusal{"it has no id"};
    }
    ReadRequest read{.id = json["id"].get<std::uint64_t>(), .request = {}};
    try {
      read.request = read_request(json);
    } catch (const Refusal& refusal) {
      read.request = std::unexpected(refusal.reason);
    }
    return read;
  });
}

std::expected<WorkerAnswer, std::string> answer_from_line(std::string_view line) {
  return unless_refused<WorkerAnswer>(line, read_as<WorkerAnswer>);
}

}  // namespace bench::results
