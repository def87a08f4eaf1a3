#include "results/enclosures.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace bench::results {
namespace {

constexpr std::string_view kGenerator = "<meta name=generator content=ringmpsc-bench>";
constexpr std::string_view kBegin = "<a class=enclosure download=\"";
constexpr std::string_view kEnding = ".gz\" href=\"data:application/gzip;base64,";
constexpr std::string_view kEnd = "</html>";
constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// zlib's code for a gzip header around a window of 2^15 bytes.
constexpr int kGzipWindow = 15 + 16;
/// Level 6 makes a document of 8,128 pairs of CPUs 2 % larger, and level 8 takes twice as long for
/// 2 % less.
constexpr int kLevel = 7;

/// JSON without the blanks that only people need.
std::string without_blanks(std::string_view json) {
  std::string text;
  text.reserve(json.size() / 2);
  bool in_string = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (!in_string && (c == ' ' || c == '\n' || c == '\r' || c == '\t')) continue;
    text += c;
    if (in_string && c == '\\' && i + 1 < json.size()) text += json[++i];
    if (c == '"') in_string = !in_string;
  }
  return text;
}

std::string base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = group << 8U | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    }
    const std::size_t left = bytes.size() - i;
    for (std::size_t j = 0; j < 4; ++j) {
      text += j > left ? '=' : kDigits[group >> (18 - 6 * j) & 63U];
    }
  }
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  std::uint32_t group = 0;
  unsigned bits = 0;
  while (text.ends_with('=')) text.remove_suffix(1);
  for (const char c : text) {
    const std::size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    group = group << 6U | static_cast<std::uint32_t>(digit);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(group >> bits & 255U);
  }
  return bytes;
}

std::string compressed(std::string_view text) {
  z_stream stream{};
  if (deflateInit2(&stream, kLevel, Z_DEFLATED, kGzipWindow, 9, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::bad_alloc();
  }
  std::string bytes(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_out = static_cast<uInt>(bytes.size());
  deflate(&stream, Z_FINISH);
  bytes.resize(stream.total_out);
  deflateEnd(&stream);
  return bytes;
}

/// None where the bytes are not of gzip or would become more than `most_bytes`.
std::optional<std::string> decompressed(const std::string& bytes, std::size_t most_bytes) {
  z_stream stream{};
  if (inflateInit2(&stream, kGzipWindow) != Z_OK) throw std::bad_alloc();
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string text;
  std::array<char, 1 << 16> part{};
  int result = Z_OK;
  while (result == Z_OK && text.size() <= most_bytes) {
    stream.next_out = reinterpret_cast<Bytef*>(part.data());
    stream.avail_out = static_cast<uInt>(part.size());
    result = inflate(&stream, Z_NO_FLUSH);
    text.append(part.data(), part.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (result != Z_STREAM_END || text.size() > most_bytes) return std::nullopt;
  return text;
}

/// Undoes what makes a name safe for an attribute.
std::string plain(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, char>, 5> kReferences = {
      std::pair{std::string_view{"&amp;"}, '&'}, std::pair{std::string_view{"&lt;"}, '<'},
      std::pair{std::string_view{"&gt;"}, '>'}, std::pair{std::string_view{"&quot;"}, '"'},
      std::pair{std::string_view{"&#39;"}, '\''}};
  std::string text;
  while (!name.empty()) {
    std::size_t length = 1;
    char c = name.front();
    for (const auto& [reference, stands_for] : kReferences) {
      if (!name.starts_with(reference)) continue;
      length = reference.size();
      c = stands_for;
    }
    text += c;
    name.remove_prefix(length);
  }
  return text;
}

}  // namespace

std::string packed(std::string_view json) { return base64(compressed(without_blanks(json))); }

std::string enclosed(std::string_view name, std::string_view packed) {
  return fmt::format("{}{}{}{}\">{}</a>", kBegin, name, kEnding, packed, name);
}

bool is_report(std::string_view text) noexcept {
  constexpr std::size_t kHead = 2000;
  return text.starts_with("<!doctype html>") &&
         text.substr(0, kHead).find(kGenerator) != std::string_view::npos;
}

std::expected<std::vector<Enclosed>, std::string> enclosures_in(std::string_view report,
                                                                std::size_t most_bytes) {
  std::vector<Enclosed> all;
  std::size_t at = 0;
  for (std::size_t begin = report.find(kBegin); begin != std::string_view::npos;
       begin = report.find(kBegin, at)) {
    at = begin + kBegin.size();
    const std::size_t name_end = report.find(kEnding, at);
    if (name_end == std::string_view::npos) return std::unexpected("its documents are damaged");
    const std::string name = plain(report.substr(at, name_end - at));
    at = name_end + kEnding.size();
    const std::size_t end = report.find('"', at);
    const auto bytes = from_base64(report.substr(at, end == std::string_view::npos ? 0 : end - at));
    auto json = bytes ? decompressed(*bytes, most_bytes) : std::nullopt;
    if (!json) return std::unexpected(fmt::format("its document {} is damaged", name));
    most_bytes -= json->size();
    all.push_back({.name = name, .json = *std::move(json)});
  }
  // A download that broke off would lose its last documents without a word.
  if (report.find(kEnd, at) == std::string_view::npos) {
    return std::unexpected("it is a report that is cut short");
  }
  if (all.empty()) return std::unexpected("it is a report that carries no documents");
  return all;
}

}  // namespace bench::results
