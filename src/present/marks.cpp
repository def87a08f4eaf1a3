#include "present/marks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "present/blocks.hpp"
#include "present/spec_words.hpp"
#include "results/abbreviated.hpp"

namespace bench::present {

using results::Series;

std::string example(std::size_t count, std::size_t all, std::string_view title) {
  constexpr std::size_t kMostTitle = 24;
  std::string name = results::abbreviated(title, kMostTitle);
  if (count == 1) return name;
  return count == all ? fmt::format("all series; for example {}", name)
                      : fmt::format("{} of {} series; for example {}", count, all, name);
}

Marks::Marks(const std::vector<Series>& all) : series_(all.size()) {
  for (const Series& series : all) {
    for (const results::Caveat& caveat : series.caveats) {
      Note& note =
          notes_.try_emplace(caveat.code, Note{.first = caveat, .of = title(series)}).first->second;
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

void Marks::show(Page& page) const {
  std::vector<results::Caveat> told;
  for (const auto& [code, note] : notes_) {
    std::string text = note.first.text;
    if (!note.alike || note.series < series_) {
      const std::string letter = note.letter == 0 ? "" : fmt::format("[{}] ", note.letter);
      text = fmt::format("{}{}: {}", letter, example(note.series, series_, note.of), text);
    }
    told.push_back({code, std::move(text)});
  }
  show_caveats(page, told);
}

}  // namespace bench::present
