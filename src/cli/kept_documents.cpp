#include "cli/kept_documents.hpp"

#include <fmt/format.h>

#include <utility>

#include "measure/plan.hpp"
#include "results/enclosures.hpp"
#include "results/file.hpp"

namespace bench::cli {

std::vector<KeptDocument> kept_documents(const std::string& path, std::string_view before) {
  const bool piped = path == "-";
  const std::string name = piped ? "stdin" : path;
  const auto refuse = [&](const std::string& of, const std::string& why) {
    return measure::BadRequest(fmt::format("{}{}: {}", before, of, why));
  };
  auto text = results::read_whole(piped ? "/dev/stdin" : path);
  if (!text) throw measure::BadRequest(fmt::format("{}{}", before, text.error()));
  std::vector<results::Enclosed> all;
  const bool report = results::is_report(*text);
  if (report) {
    auto enclosed = results::enclosures_in(*text);
    if (!enclosed) throw refuse(name, enclosed.error());
    all = *std::move(enclosed);
  } else {
    all.push_back({.name = name, .json = *std::move(text)});
  }
  std::vector<KeptDocument> documents;
  for (results::Enclosed& one : all) {
    auto document = results::any_from_json(one.json);
    if (!document) throw refuse(one.name, document.error());
    documents.push_back({.name = std::move(one.name),
                         .json = std::move(one.json),
                         .enclosed = report,
                         .document = *std::move(document)});
  }
  return documents;
}

}  // namespace bench::cli
