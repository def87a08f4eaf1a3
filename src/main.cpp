// ringmpsc-bench: dispatch, and turn errors into exit codes.

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <csignal>
#include <ctime>
#include <exception>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <utility>

#include "cli/command.hpp"
#include "machine/cannot_measure.hpp"
#include "measure/plan.hpp"
#include "present/printable.hpp"

namespace {

constexpr int kInvalidRequest = 2;
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

/// The message, of which no part can command the terminal: it may quote documents and file names.
class PrintableMessage final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm& /*time*/,
              spdlog::memory_buf_t& line) override {
    const std::string text =
        bench::present::printable({message.payload.data(), message.payload.size()});
    line.append(text.data(), text.data() + text.size());
  }
  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<PrintableMessage>();
  }
};

/// Diagnostics go to stderr in one form. What becomes of stderr decides nothing: a reader that has
/// gone is no signal, and what cannot be said is not said.
void set_up_diagnostics() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error of write()
  const auto logger = spdlog::stderr_color_st("ringmpsc-bench");
  logger->set_error_handler([](const std::string&) {});
  spdlog::set_default_logger(logger);
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  formatter->add_flag<PrintableMessage>('*').set_pattern("%n: %^%l%$: %*");
  spdlog::set_formatter(std::move(formatter));
}

int failed(int exit_code, const char* what) {
  spdlog::error("{}", what);
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    set_up_diagnostics();
    return bench::cli::execute(bench::cli::Arguments(argv + (argc > 0 ? 1 : 0), argv + argc),
                               joined(argc, argv));
  } catch (const bench::measure::BadRequest& error) {
    return failed(kInvalidRequest, error.what());
  } catch (const bench::machine::CannotMeasure& error) {
    return failed(kCannotMeasure, error.what());
  } catch (const std::bad_alloc&) {
    return failed(kCannotMeasure, "out of memory");
  } catch (const std::exception& error) {
    return failed(kCannotMeasure, error.what());
  }
}
