#include "cli/flags.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "cli/values.hpp"
#include "measure/plan.hpp"

namespace bench::cli {

using measure::BadRequest;

namespace {

void refuse_repeated(std::string_view flag, const std::vector<std::string>& values,
                     Repeated repeated) {
  if (values.size() < 2 || repeated == Repeated::all) return;
  throw BadRequest(fmt::format(
      "{}: given {} ({}); give it once{}", flag,
      values.size() == 2 ? "twice" : fmt::format("{} times", values.size()),
      fmt::join(values, ", "),
      repeated == Repeated::comma ? fmt::format(": {}", fmt::join(values, ",")) : std::string()));
}

/// Of "-o,--output" the name that messages give.
std::string long_name(std::string_view flag) {
  return std::string(flag.substr(flag.rfind(',') + 1));
}

}  // namespace

struct Flags::Parser {
  /// Refuses --switch=value: CLI11 would read a number as how often the switch was given, and
  /// "false" as taking it back.
  void refuse_switch_with_value(const std::vector<std::string>& arguments) const;
  [[nodiscard]] std::string unknown(const std::string& argument) const;
  [[nodiscard]] std::string needs_value(const CLI::ParseError& error) const;

  CLI::App app;
  std::string command;
  unsigned words = 0;  ///< how many arguments may stand without a flag
  bool takes_values = false;
};

Flags::Flags(const std::string& command, const std::string& description, const std::string& footer)
    : parser_(new Parser{.app = CLI::App(description, command), .command = command}) {
  parser_->app.get_formatter()->column_width(22);
  parser_->app.set_help_flag("-h,--help", "Show this help");
  parser_->app.footer(footer);
}

Flags::~Flags() = default;

void Flags::add(const char* group, std::string_view flag, const char* value_name,
                const std::string& description, Read read, Repeated repeated) {
  parser_->takes_values = true;
  parser_->app
      .add_option_function<std::vector<std::string>>(
          std::string(flag),
          [flag = long_name(flag), read = std::move(read), repeated](const auto& values) {
            refuse_repeated(flag, values, repeated);
            for (const std::string& value : values) read(flag, value);
          },
          description)
      ->type_name(value_name)
      ->group(group)
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void Flags::add_list(const char* group, std::string_view flag, const char* value_name,
                     const std::string& description, std::vector<std::string>& values) {
  parser_->takes_values = true;
  parser_->app.add_option(std::string(flag), values, description)
      ->type_name(value_name)
      ->group(group)
      ->expected(1, CLI::detail::expected_max_vector_size);
}

void Flags::add_switch(const char* group, const std::string& flag, bool& set,
                       const char* description) {
  parser_->app.add_flag(flag, set, description)->group(group);
}

void Flags::add_word(const char* value_name, std::optional<std::string>& word,
                     const char* description) {
  parser_->app.add_option(value_name, word, description)->type_name("");
  ++parser_->words;
}

void Flags::add_words(const char* value_name, std::vector<std::string>& words,
                      const char* description) {
  parser_->app.add_option(value_name, words, description)->type_name("");
}

std::optional<std::string> Flags::read(std::vector<std::string> arguments) {
  parser_->refuse_switch_with_value(arguments);
  std::ranges::reverse(arguments);  // CLI11 reads them from the back
  try {
    parser_->app.parse(std::move(arguments));
  } catch (const CLI::CallForHelp&) {
    return parser_->app.help();
  } catch (const CLI::ExtrasError&) {
    throw BadRequest(parser_->unknown(parser_->app.remaining().front()));
  } catch (const CLI::ParseError& error) {
    throw BadRequest(parser_->needs_value(error));
  }
  return std::nullopt;
}

void Flags::Parser::refuse_switch_with_value(const std::vector<std::string>& arguments) const {
  for (const std::string& argument : arguments) {
    if (argument == "--") return;  // no flags follow
    const std::size_t equals = argument.find('=');
    if (!argument.starts_with('-') || equals == std::string::npos) continue;
    const std::string flag = argument.substr(0, equals);
    const CLI::Option* const option = app.get_option_no_throw(flag);
    if (option == nullptr || option->get_expected_min() > 0) continue;
    throw BadRequest(fmt::format("{}: takes no value; give {} alone", argument, flag));
  }
}

std::string Flags::Parser::unknown(const std::string& argument) const {
  if (!argument.starts_with('-')) {
    const std::string_view why = words > 1      ? "only two arguments can stand without a flag"
                                 : words == 1   ? "only one argument can stand without a flag"
                                 : takes_values ? "every value must follow a flag"
                                                : "the command takes no arguments";
    return fmt::format("{}: not expected here; {} (see {} --help)", argument, why, command);
  }
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  const std::vector<std::string_view> views(names.begin(), names.end());
  const std::string_view flag = std::string_view(argument).substr(0, argument.find('='));
  const std::string_view meant = nearest(flag, views);
  return meant.empty() ? fmt::format("{}: no such flag (see {} --help)", flag, command)
                       : fmt::format("{}: no such flag (did you mean {}?)", flag, meant);
}

/// Every other error of CLI11 comes down to a flag without its value.
std::string Flags::Parser::needs_value(const CLI::ParseError& error) const {
  const std::string_view what = error.what();
  const std::string_view flag = what.substr(0, what.find(':'));
  const CLI::Option* option = app.get_option_no_throw(std::string(flag));
  if (option == nullptr) return fmt::format("{} (see {} --help)", what, command);
  return fmt::format("{}: needs a value: {}", flag, option->get_description());
}

}  // namespace bench::cli
