// The fixed texts of an HTML report, which the build puts into the program.
#pragma once

#include <string_view>

namespace bench::report {

struct Asset {
  std::string_view text;
  std::string_view sha256;  ///< of the text, in base64
};

extern const Asset kStyleSheet;
extern const Asset kScript;
/// Chart.js; empty in a program that was built without it.
extern const Asset kChartLibrary;

}  // namespace bench::report
