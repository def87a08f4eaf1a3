#include "results/sweep_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <span>
#include <stdexcept>
#include <utility>

#include "results/json_writer.hpp"
#include "results/text_check.hpp"

namespace bench::results {
namespace {

/// The JSON does not have the shape that the contract requires.
struct Misshapen : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The position of a byte, like "line 3, column 7". Bytes, lines and columns are counted from 1.
std::string position(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, byte > 0 ? byte - 1 : 0);
  const auto line = 1 + std::ranges::count(before, '\n');
  const std::size_t begin = before.rfind('\n');
  const std::size_t column =
      1 + (begin == std::string_view::npos ? before.size() : before.size() - begin - 1);
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

/// The parser's message without its error number and position.
std::string reason(std::string_view what) {
  const std::size_t begin = what.find(": ");
  return std::string(begin == std::string_view::npos ? what : what.substr(begin + 2));
}

Json parsed(std::string_view text) {
  if (const auto sound = check_text(text); !sound) throw Misshapen(sound.error());
  return Json::parse(text);
}

SweepValue value_at(const Json& json, std::string place) {
  if (json.is_string()) return {.text = json.get<std::string>(), .place = std::move(place)};
  if (json.is_number()) return {.text = json.dump(), .place = std::move(place)};
  throw Misshapen(place + ": must be a number or a string, not " + json.type_name());
}

std::vector<SweepValue> values_at(const Json& json, const std::string& place) {
  std::vector<SweepValue> values(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    values[i] = value_at(json[i], fmt::format("{}[{}]", place, i));
  }
  return values;
}

enum class Values { one, list, either };

std::vector<SweepEntry> entries_at(const Json& json, const std::string& place, Values expected) {
  if (!json.is_object()) {
    throw Misshapen(place + ": must be an object of keys and values, not " + json.type_name());
  }
  std::vector<SweepEntry> entries;
  for (const auto& [key, inner] : json.items()) {
    const std::string here = fmt::format("{}.{}", place, key);
    if (expected == Values::list && !inner.is_array()) {
      throw Misshapen(here + ": must be a list of values, not " + inner.type_name());
    }
    const bool list = inner.is_array() && expected != Values::one;
    entries.push_back(
        {.key = key,
         .place = here,
         .values = list ? values_at(inner, here) : std::vector<SweepValue>{value_at(inner, here)}});
  }
  return entries;
}

std::string text_at(const Json& json, const char* key) {
  if (!json.contains(key)) return {};
  if (!json[key].is_string()) {
    throw Misshapen(std::string(key) + ": must be a string, not " + json[key].type_name());
  }
  return json[key].get<std::string>();
}

std::vector<std::string> unknown_keys(const Json& json, std::span<const std::string_view> known) {
  std::vector<std::string> unknown;
  for (const auto& [key, inner] : json.items()) {
    if (std::ranges::find(known, key) == known.end()) unknown.push_back(key);
  }
  return unknown;
}

/// Reads the keys of a part, which stand in an object of the list parts or in the file itself.
SweepPart part_at(const Json& json, std::string place) {
  const std::string before = place.empty() ? "" : place + ".";
  SweepPart part{.place = std::move(place), .fixed = {}, .axes = {}, .exclude = {}, .unknown = {}};
  if (json.contains("fixed")) part.fixed = entries_at(json["fixed"], before + "fixed", Values::one);
  if (json.contains("axes")) part.axes = entries_at(json["axes"], before + "axes", Values::list);
  if (!json.contains("exclude")) return part;
  const Json& list = json["exclude"];
  if (!list.is_array()) {
    throw Misshapen(before + "exclude: must be a list of objects, not " + list.type_name());
  }
  for (std::size_t i = 0; i < list.size(); ++i) {
    part.exclude.push_back(
        entries_at(list[i], fmt::format("{}exclude[{}]", before, i), Values::either));
  }
  return part;
}

bool sets(const SweepPart& part, std::string_view key) {
  return std::ranges::find(part.fixed, key, &SweepEntry::key) != part.fixed.end() ||
         std::ranges::find(part.axes, key, &SweepEntry::key) != part.axes.end();
}

/// Reads the parts of a file. What `common` fixes is added to each.
std::vector<SweepPart> parts_at(const Json& list, const SweepPart& common) {
  if (!list.is_array()) {
    throw Misshapen(std::string("parts: must be a list of objects, not ") + list.type_name());
  }
  std::vector<SweepPart> parts;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string place = fmt::format("parts[{}]", i);
    if (!list[i].is_object()) {
      throw Misshapen(fmt::format("{}: must be an object, not {}", place, list[i].type_name()));
    }
    SweepPart part = part_at(list[i], place);
    part.unknown = unknown_keys(list[i], kPartKeys);
    std::ranges::copy_if(common.fixed, std::back_inserter(part.fixed),
                         [&](const SweepEntry& entry) { return !sets(part, entry.key); });
    parts.push_back(std::move(part));
  }
  return parts;
}

SweepFile sweep_file(const Json& json) {
  if (!json.is_object()) throw Misshapen(std::string("must be an object, not ") + json.type_name());
  SweepFile file;
  file.name = text_at(json, "name");
  file.description = text_at(json, "description");
  if (json.contains("time_limit")) file.time_limit = value_at(json["time_limit"], "time_limit");
  if (json.contains("core_to_core")) {
    file.core_to_core = value_at(json["core_to_core"], "core_to_core");
  }
  file.unknown = unknown_keys(json, kSweepKeys);
  SweepPart whole = part_at(json, "");
  if (!json.contains("parts")) {
    file.parts.push_back(std::move(whole));
    return file;
  }
  for (const char* const key : {"axes", "exclude"}) {
    if (json.contains(key)) {
      throw Misshapen(std::string(key) + ": a sweep with parts has this in its parts; move it");
    }
  }
  file.parts = parts_at(json["parts"], whole);
  return file;
}

}  // namespace

std::expected<SweepFile, std::string> read_sweep_file(std::string_view text) {
  try {
    return sweep_file(parsed(text));
  } catch (const Json::parse_error& error) {
    return std::unexpected("not JSON at " + position(text, error.byte) + ": " +
                           reason(error.what()));
  } catch (const Misshapen& error) {
    return std::unexpected(error.what());
  } catch (const Json::exception& error) {  // a number that no type can hold
    return std::unexpected(reason(error.what()));
  }
}

}  // namespace bench::results
