// Caveats beside a table of many series: each kind once, and a letter where it applies.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "present/page.hpp"
#include "results/document.hpp"

namespace bench::present {

/// The caveats of series, each kind by its letter; those of all of them have none. Refers to
/// nothing of the series.
class Marks {
 public:
  explicit Marks(const std::vector<results::Series>& all);

  /// Letters, in their order; none of a caveat that was not marked.
  [[nodiscard]] std::string of(const results::Series& series) const;
  /// Columns of the most letters that one of the series has.
  [[nodiscard]] std::size_t longest() const noexcept { return longest_; }

  /// What each letter stands for, and what holds for all.
  void show(Page& page) const;

 private:
  struct Note {
    results::Caveat first;  ///< of the first series that has it
    std::string of;         ///< that series' name
    std::size_t series = 0;
    bool alike = true;  ///< the same words in each
    char letter = 0;
  };

  std::map<results::CaveatCode, Note> notes_;
  std::size_t series_;
  std::size_t longest_ = 0;
};

}  // namespace bench::present
