// ringmpsc-bench: parse, dispatch, turn errors into exit codes.

#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <variant>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "machine/cannot_measure.hpp"
#include "measure/plan.hpp"

namespace {

constexpr int kBadRequest = 2;
constexpr int kCannotMeasure = 3;

/// As a shell would read it.
std::string quoted(std::string_view word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=./,:+@%";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string_view::npos) {
    return std::string(word);
  }
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

std::string joined(int argc, char** argv) {
  std::string line;
  for (int i = 0; i < argc; ++i) line += (i > 0 ? " " : "") + quoted(argv[i]);
  return line;
}

int complain(int code, const char* what) {
  fmt::print(stderr, "ringmpsc-bench: {}\n", what);
  return code;
}

int dispatch(int argc, char** argv) {
  using namespace bench;
  const std::string command_line = joined(argc, argv);
  return std::visit([&](const auto& options) { return cli::execute(options, command_line); },
                    cli::parse(argc, argv));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    spdlog::set_default_logger(spdlog::stderr_color_st("ringmpsc-bench"));
    spdlog::set_pattern("%n: %^%l%$: %v");
    return dispatch(argc, argv);
  } catch (const bench::measure::BadRequest& error) {
    return complain(kBadRequest, error.what());
  } catch (const bench::machine::CannotMeasure& error) {
    return complain(kCannotMeasure, error.what());
  } catch (const std::bad_alloc&) {
    return complain(kCannotMeasure, "out of memory");
  } catch (const std::exception& error) {
    return complain(kCannotMeasure, error.what());
  }
}
