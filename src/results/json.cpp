#include "results/json.hpp"

#include "results/json_writer.hpp"

namespace bench::results {
namespace {

std::string text_of(const auto& document) {
  return Writer::json_of(document).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string to_json(const Document& document) { return text_of(document); }

std::string to_json(const TopologyReport& report) { return text_of(report); }

std::string to_json(const VerdictReport& report) { return text_of(report); }

std::string to_json(const StressReport& report) { return text_of(report); }

}  // namespace bench::results
