// Caveats beside a table of many series: each kind is explained once, and a letter marks the series
// that it applies to.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "present/page.hpp"
#include "results/document.hpp"

namespace bench::present {

/// A short title of each series, which no other series has: in a sweep its place on the axes on
/// which the series differ, "batch=64k producers=2", or only its values if that is long, "4 64k
/// verify"; otherwise its name, without its middle if that is long.
[[nodiscard]] std::vector<std::string> short_titles(const std::vector<results::Series>& all);

/// Which series a caveat is about, with the name of one of them: "3 of 11 series; for example A".
[[nodiscard]] std::string example(std::size_t count, std::size_t all, const std::string& name);

/// Gives each kind of caveat a letter, except a kind that every series has. Keeps no reference to
/// the series.
class Marks {
 public:
  explicit Marks(const std::vector<results::Series>& all);

  /// The letters of the series' caveats, in alphabetical order. Caveats without one are skipped.
  [[nodiscard]] std::string of(const results::Series& series) const;
  /// The largest number of letters that one of the series has.
  [[nodiscard]] std::size_t longest() const noexcept { return longest_; }

  /// Each kind of caveat once, with the series that have it; the text begins with its letter, if it
  /// has one and that is wanted.
  [[nodiscard]] std::vector<results::Caveat> told(bool with_letters) const;
  /// Shows what each letter stands for, and the caveats that every series has.
  void show(Page& page) const;

 private:
  struct Note {
    results::Caveat first;  ///< the caveat of the first series that has this kind
    std::string of;         ///< that series' short title
    std::size_t series = 0;
    bool alike = true;  ///< its text is the same in every series that has this kind
    char letter = 0;
  };

  std::map<results::CaveatCode, Note> notes_;
  std::size_t series_;
  std::size_t longest_ = 0;
};

}  // namespace bench::present
