#include "results/worker_protocol.hpp"

#include "results/json_writer.hpp"

namespace bench::results {
namespace {

std::string line_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string to_line(const WorkerHello& hello) { return line_of(Writer::json_of(hello)); }

std::string to_line(const WorkerRequest& request) {
  Json json = Writer::json_of(request);
  const Json defaults = Writer::json_of(workload::Spec());
  for (const auto& [key, value] : defaults.items()) {
    if (json["spec"][key] == value) json["spec"].erase(key);
  }
  return line_of(json);
}

std::string to_line(const WorkerAnswer& answer) { return line_of(Writer::json_of(answer)); }

}  // namespace bench::results
