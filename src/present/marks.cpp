#include "present/marks.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <ranges>
#include <set>
#include <utility>

#include "present/blocks.hpp"
#include "present/spec_words.hpp"
#include "results/series_names.hpp"

namespace bench::present {

using results::Series;

namespace {

constexpr std::size_t kShortTitle = 24;

/// The parameters that every series has.
std::vector<results::Parameter> shared_by(const std::vector<Series>& all) {
  if (all.size() < 2) return {};
  std::vector<results::Parameter> shared = all.front().parameters;
  for (const Series& series : all) {
    std::erase_if(shared, [&](const results::Parameter& one) {
      return std::ranges::find(series.parameters, one) == series.parameters.end();
    });
  }
  return shared;
}

std::string values_of(const Series& series) {
  return fmt::format(
      "{}", fmt::join(std::views::transform(series.parameters, &results::Parameter::value), " "));
}

/// The name without its middle, or whole if another series would have the same name then.
std::string short_name(const std::string& name, const std::vector<Series>& all) {
  std::string shorter = results::abbreviated(name, kShortTitle);
  const auto likewise = [&](const Series& other) {
    return results::abbreviated(other.name, kShortTitle) == shorter;
  };
  return std::ranges::count_if(all, likewise) > 1 ? name : shorter;
}

}  // namespace

std::vector<std::string> short_titles(const std::vector<Series>& all) {
  const std::vector<results::Parameter> shared = shared_by(all);
  std::vector<std::string> titles;
  titles.reserve(all.size());
  for (const Series& series : all) {
    Series own;
    own.name = series.name;
    std::ranges::copy_if(
        series.parameters, std::back_inserter(own.parameters),
        [&](const auto& one) { return std::ranges::find(shared, one) == shared.end(); });
    std::string text = title(own);
    if (text.size() > kShortTitle) {
      text = own.parameters.empty() ? short_name(text, all) : values_of(own);
    }
    titles.push_back(std::move(text));
  }
  return titles;
}

std::string example(std::size_t count, std::size_t all, const std::string& name) {
  if (count == 1) return name;
  return count == all ? fmt::format("all series; for example {}", name)
                      : fmt::format("{} of {} series; for example {}", count, all, name);
}

Marks::Marks(const std::vector<Series>& all) : series_(all.size()) {
  const std::vector<std::string> names = short_titles(all);
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const results::Caveat& caveat : all[i].caveats) {
      Note& note =
          notes_.try_emplace(caveat.code, Note{.first = caveat, .of = names[i]}).first->second;
      ++note.series;
      note.alike = note.alike && note.first == caveat;
    }
  }
  char next = 'a';
  for (auto& [code, note] : notes_) {
    if (note.series < all.size()) note.letter = next++;
  }
  for (const Series& series : all) longest_ = std::max(longest_, of(series).size());
}

std::string Marks::of(const Series& series) const {
  std::set<char> letters;
  for (const results::Caveat& caveat : series.caveats) {
    const auto note = notes_.find(caveat.code);
    if (note != notes_.end() && note->second.letter != 0) letters.insert(note->second.letter);
  }
  return {letters.begin(), letters.end()};
}

void Marks::show(Page& page) const { show_caveats(page, told(true)); }

std::vector<results::Caveat> Marks::told(bool with_letters) const {
  std::vector<results::Caveat> all;
  for (const auto& [code, note] : notes_) {
    std::string text = note.first.text;
    if (!note.alike || note.series < series_) {
      const std::string letter =
          note.letter == 0 || !with_letters ? "" : fmt::format("[{}] ", note.letter);
      text = fmt::format("{}{}: {}", letter, example(note.series, series_, note.of), text);
    }
    all.push_back({code, std::move(text)});
  }
  return all;
}

}  // namespace bench::present
