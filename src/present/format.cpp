#include "present/format.hpp"

#include <utility>

#include "present/csv.hpp"
#include "present/google_benchmark.hpp"
#include "results/json.hpp"

namespace bench::present {

std::string render(const results::Document& document, Format format) {
  switch (format) {
    case Format::json:
      return results::to_json(document);
    case Format::csv:
      return to_csv(document);
    case Format::google_benchmark:
      return to_google_benchmark(document);
  }
  std::unreachable();
}

}  // namespace bench::present
