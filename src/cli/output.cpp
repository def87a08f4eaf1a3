#include "cli/output.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "cli/series_files.hpp"
#include "cli/values.hpp"
#include "machine/host.hpp"
#include "measure/origin.hpp"
#include "measure/plan.hpp"
#include "present/blocks.hpp"
#include "present/requirements_block.hpp"
#include "results/file.hpp"

namespace bench::cli {
namespace {

using measure::BadRequest;

bool dumb_terminal() {
  const char* const term = std::getenv("TERM");
  return term != nullptr && std::string_view(term) == "dumb";
}

/// Names each series that has a fault on stderr. Returns true if there is none.
bool all_verified(const results::Document& document) {
  bool all = true;
  for (const results::Series& series : document.series) {
    if (results::verified(series)) continue;
    all = false;
    name_faults(series.name, series.verification);
  }
  return all;
}

/// Names each series that measured nothing, because no message arrived in its trials. True if there
/// is none.
bool all_received(const results::Document& document) {
  bool all = true;
  for (const results::Series& series : document.series) {
    const bool any = std::ranges::any_of(
        series.samples, [](const workload::Sample& sample) { return sample.messages > 0; });
    if (any) continue;
    all = false;
    spdlog::error(
        "{}: no message was received, so nothing was measured: the queue has no room or "
        "hands nothing over",
        series.name);
  }
  return all;
}

/// Names on stderr each series that missed a requirement, and each for which nobody can tell.
/// Returns true if none missed one.
bool all_met(const results::Document& document) {
  bool all = true;
  for (const results::Judgement& judgement : document.requirements) {
    const std::string& text = judgement.requirement.text;
    const std::string why = fmt::format("{}: {}", judgement.series, present::reason(judgement));
    if (judgement.outcome == results::RequirementOutcome::missed) {
      all = false;
      spdlog::error("--require {}: missed by {}", text, why);
    } else if (judgement.outcome == results::RequirementOutcome::cannot_tell) {
      spdlog::warn("--require {}: cannot tell for {}", text, why);
    }
  }
  return all;
}

constexpr std::array kColorNames = {std::pair{std::string_view{"auto"}, ColorWhen::automatic},
                                    std::pair{std::string_view{"always"}, ColorWhen::always},
                                    std::pair{std::string_view{"never"}, ColorWhen::never}};
constexpr std::array<std::string_view, 6> kLogLevels = {"trace", "debug", "info",
                                                        "warn",  "error", "off"};

std::vector<std::string_view> names_of(std::span<const present::Format> formats) {
  std::vector<std::string_view> names(formats.size());
  std::ranges::transform(formats, names.begin(), &present::Format::name);
  return names;
}

/// Gives each output its format. One --format holds for all outputs, and several hold for one
/// output each; without any, the ending of the file name decides.
void assign_formats(const std::vector<const present::Format*>& formats,
                    std::span<const present::Format> offered, std::vector<Output>& all) {
  std::vector<Output*> outputs;  // other flags give theirs a format themselves
  for (Output& output : all) {
    if (output.format == nullptr) outputs.push_back(&output);
  }
  if (formats.size() > 1 && formats.size() != outputs.size()) {
    throw BadRequest(
        fmt::format("--format: given {} times for {} --output; give it once for all, "
                    "or once for each",
                    formats.size(), outputs.size()));
  }
  if (!formats.empty() && outputs.empty()) {
    throw BadRequest("--format: needs an --output, without which nothing is written");
  }
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    outputs[i]->format = formats.empty() ? &present::format_of_file(outputs[i]->path)
                                         : formats[formats.size() == 1 ? 0 : i];
    if (std::ranges::find(offered, outputs[i]->format->name, &present::Format::name) ==
        offered.end()) {
      throw BadRequest(
          fmt::format("--output {}: this command writes {} only; choose another ending, or say "
                      "--format {}",
                      outputs[i]->path, fmt::join(names_of(offered), ", "), offered.front().name));
    }
  }
}

std::string rendered(const results::Document& document, const Output& output) {
  return output.series != nullptr ? output.format->render_series(*output.series)
                                  : output.format->render(document);
}

}  // namespace

std::filesystem::path whole_path(const std::string& path) {
  std::error_code error;
  const std::filesystem::path absolute = std::filesystem::absolute(path, error);
  const std::filesystem::path canonical = std::filesystem::weakly_canonical(absolute, error);
  return error ? absolute : canonical;
}

void name_faults(std::string_view series, const workload::Verification& seen) {
  spdlog::error("{}: {} sent, {} received: {} lost, {} duplicated, {} reordered, {} corrupted",
                series, seen.sent, seen.received, seen.lost, seen.duplicated, seen.reordered,
                seen.corrupted);
  for (const workload::FaultyMessage& message : seen.first) {
    spdlog::error("{}: {}", series, present::words(message));
  }
}

void name_failure(const std::optional<results::Failure>& failure) {
  if (!failure) return;
  const std::string queue =
      failure->series == failure->queue ? "" : fmt::format(" (queue {})", failure->queue);
  spdlog::error("{} of {}{}: {}", failure->trial, failure->series, queue, failure->reason);
  for (const std::string& line : present::thread_lines(*failure)) spdlog::error("  {}", line);
}

void refuse_same_file(const std::vector<Output>& outputs) {
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const Output& output = outputs[i];
    const auto same = [&](const Output& other) {
      if (other.to_stdout() || output.to_stdout()) return other.to_stdout() && output.to_stdout();
      return whole_path(other.path) == whole_path(output.path);
    };
    const auto first = std::ranges::find_if(outputs, same);
    if (first == outputs.begin() + static_cast<std::ptrdiff_t>(i)) continue;
    throw BadRequest(first->flag == output.flag
                         ? fmt::format("{} {}: given twice", output.flag, output.path)
                         : fmt::format("{} {}: {} writes there too; give each its own file",
                                       output.flag, output.path, first->flag));
  }
}

std::optional<std::string> read(Flags& flags, OutputOptions& options, Arguments arguments,
                                std::span<const present::Format> formats,
                                const std::function<PlaceholderValues()>& placeholders) {
  std::vector<const present::Format*> chosen;
  constexpr const char* kGroup = "Output";
  flags.add(
      kGroup, "--output", "FILE",
      "Write the result to FILE, or to stdout if -; repeatable.\n{hostname}, {date}, {time} and "
      "{label} are filled in",
      [&options](auto flag, auto value) {
        if (value.empty()) {
          throw BadRequest(fmt::format("{} '': needs a file name, or -", flag));
        }
        options.outputs.push_back({.path = std::string(value)});
      },
      Repeated::all);
  flags.add(
      kGroup, "--format", "F",
      fmt::format("{} [{}]", fmt::join(names_of(formats), ", "),
                  formats.size() == 1 ? "the only one" : "by FILE's ending"),
      [&chosen, formats](auto flag, auto value) {
        chosen.push_back(&formats[parse_choice(flag, value, names_of(formats))]);
      },
      Repeated::all);
  flags.add_switch(kGroup, "-q,--quiet", options.quiet, "Show no summary and no progress");
  flags.add(
      kGroup, "--color", "WHEN", "When to use colours: auto, always or never [auto]",
      [&options](auto flag, auto value) { options.color = parse_named(flag, value, kColorNames); });
  flags.add(kGroup, "--log-level", "L", "Log level: trace, debug, info, warn, error, off [info]",
            [&options](auto flag, auto value) {
              options.log_level = kLogLevels[parse_choice(flag, value, kLogLevels)];
            });
  if (auto help = flags.read(std::move(arguments))) return help;
  options.placeholders =
      placeholders ? placeholders()
                   : placeholder_values(measure::now_utc(), machine::hostname().value_or(""),
                                        options.labels.label);
  assign_formats(chosen, formats, options.outputs);
  for (Output& output : options.outputs) {
    PlaceholderValues values = options.placeholders;
    // Until the series are known, the name stands for all of their files.
    if (output.format->render_series != nullptr) values.series = "{series}";
    output.pattern = std::exchange(output.path, filled_in(output.flag, output.path, values));
  }
  refuse_same_file(options.outputs);
  return std::nullopt;
}

void prepare(const OutputOptions& options) {
  for (const Output& output : options.outputs) {
    if (output.to_stdout()) continue;
    if (auto writable = results::check_writable(output.path); !writable) {
      throw BadRequest(fmt::format("{} {}", output.flag, writable.error()));
    }
  }
  const std::string usual = options.quiet ? "warn" : "info";
  spdlog::set_level(spdlog::level::from_str(options.log_level.value_or(usual)));
}

int show(const std::string& text) {
  const auto written = results::write_stdout(text);
  if (!written) spdlog::error("{}", written.error());
  return written ? 0 : 3;
}

present::Style style(ColorWhen when) {
  constexpr unsigned kWidest = 120;  // longer rows of prose are hard to read
  const bool terminal = isatty(STDOUT_FILENO) == 1 && !dumb_terminal();
  const char* const no_color = std::getenv("NO_COLOR");  // https://no-color.org
  const bool wanted = no_color == nullptr || *no_color == '\0';
  present::Style style;
  style.color = when == ColorWhen::always || (when == ColorWhen::automatic && terminal && wanted);
  winsize size{};
  if (terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    style.width = std::clamp<unsigned>(size.ws_col, present::kNarrowest, kWidest);
  } else if (const char* const columns = std::getenv("COLUMNS"); columns != nullptr) {
    unsigned width = 0;  // stays 0 if COLUMNS is not a number
    std::from_chars(columns, columns + std::strlen(columns), width);
    if (width > 0) style.width = std::clamp<unsigned>(width, present::kNarrowest, kWidest);
  }
  return style;
}

std::expected<void, std::string> deliver(const Written& written, const std::string& text,
                                         const OutputOptions& options) {
  std::expected<void, std::string> outcome;
  const auto note = [&outcome](std::expected<void, std::string> one) {
    if (outcome) outcome = std::move(one);
  };
  bool stdout_taken = false;
  for (const Output& output : options.outputs) {
    if (output.to_stdout()) {
      stdout_taken = true;
    } else {
      note(results::write_whole_or_not(output.path, written(output)));
    }
  }
  for (const Output& output : options.outputs) {
    if (output.to_stdout()) note(results::write_stdout(written(output)));
  }
  if (!stdout_taken && !options.quiet) note(results::write_stdout(text));
  return outcome;
}

int deliver(const results::Document& document, const OutputOptions& options,
            std::optional<int> signal) {
  const SeriesFiles files = with_series_files(options, document);
  OutputOptions each = options;
  each.outputs = files.outputs;
  // On stdout nothing else comes in the place of what was asked for.
  each.quiet = each.quiet || std::ranges::any_of(files.without_times, &Output::to_stdout);
  const auto delivered =
      deliver([&document](const Output& output) { return rendered(document, output); },
              present::render(document, style(options.color)), each);
  const auto& failure = document.failure;
  name_failure(failure);
  const bool queue_failed = failure && failure->kind != results::FailureKind::cannot_measure;
  bool passed = all_verified(document) && !queue_failed;
  passed = all_met(document) && passed;
  // A queue that lets nothing through has lost nothing either, and is no success. An interrupt may
  // have come before the first message.
  const bool measured = !failure && (!document.complete || all_received(document));
  const int code = exit_code(passed, delivered, signal);
  return code == 0 && !(measured && files.without_times.empty()) ? 3 : code;
}

int exit_code(bool passed, const std::expected<void, std::string>& delivered,
              std::optional<int> signal) {
  if (!delivered) spdlog::error("{}", delivered.error());
  if (!passed) return 1;
  if (!delivered) return 3;
  return signal ? 128 + *signal : 0;  // as a shell shows it
}

}  // namespace bench::cli
