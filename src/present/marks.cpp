#include "present/marks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "present/blocks.hpp"

namespace bench::present {

using results::Series;

Marks::Marks(const std::vector<Series>& all) : series_(all.size()) {
  for (const Series& series : all) {
    for (const results::Caveat& caveat : series.caveats) {
      Note& note =
          notes_.try_emplace(caveat.code, Note{.first = caveat, .of = series.name}).first->second;
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
    if (note.letter != 0) {
      text = fmt::format("[{}] {} of {} series, first in {}: {}", note.letter, note.series, series_,
                         note.of, text);
    } else if (!note.alike) {
      text = fmt::format("all series; for example {}: {}", note.of, text);
    }
    told.push_back({code, std::move(text)});
  }
  show_caveats(page, told);
}

}  // namespace bench::present
