#include "cli/flags.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "cli/values.hpp"
#include "measure/plan.hpp"

namespace bench::cli {

using measure::BadRequest;

Flags::Flags(const std::string& command, const std::string& description, const std::string& footer)
    : app_(description, command), command_(command) {
  app_.get_formatter()->column_width(22);
  app_.set_help_flag("-h,--help", "This text");
  app_.footer(footer);
}

void Flags::add(const char* group, std::string_view flag, const char* value_name,
                const char* description, Read read, Repeated repeated) {
  takes_values_ = true;
  CLI::Option* const option =
      app_.add_option_function<std::vector<std::string>>(
              std::string(flag),
              [flag = std::string(flag), read = std::move(read)](const auto& values) {
                for (const std::string& value : values) read(flag, value);
              },
              description)
          ->type_name(value_name)
          ->group(group)
          ->expected(1);
  option->multi_option_policy(repeated == Repeated::last ? CLI::MultiOptionPolicy::TakeLast
                                                         : CLI::MultiOptionPolicy::TakeAll);
}

void Flags::add_switch(const char* group, const std::string& flag, bool& set,
                       const char* description) {
  app_.add_flag(flag, set, description)->group(group);
}

void Flags::add_word(const char* value_name, std::optional<std::string>& word,
                     const char* description) {
  app_.add_option(value_name, word, description)->type_name("");
  takes_word_ = true;
}

std::optional<std::string> Flags::read(std::vector<std::string> arguments) {
  refuse_switch_with_value(arguments);
  std::ranges::reverse(arguments);  // as CLI11 wants them
  try {
    app_.parse(std::move(arguments));
  } catch (const CLI::CallForHelp&) {
    return app_.help();
  } catch (const CLI::ExtrasError&) {
    throw BadRequest(unknown(app_.remaining().front()));
  } catch (const CLI::ParseError& error) {
    throw BadRequest(needs_value(error));
  }
  return std::nullopt;
}

/// CLI11 would take a number for how often the switch was given, and "false" for taking it back.
void Flags::refuse_switch_with_value(const std::vector<std::string>& arguments) {
  for (const std::string& argument : arguments) {
    if (argument == "--") return;  // what follows are no flags
    const std::size_t equals = argument.find('=');
    if (!argument.starts_with('-') || equals == std::string::npos) continue;
    const std::string flag = argument.substr(0, equals);
    const CLI::Option* const option = app_.get_option_no_throw(flag);
    if (option == nullptr || option->get_expected_min() > 0) continue;
    throw BadRequest(fmt::format("{}: takes no value: give {} alone", argument, flag));
  }
}

std::string Flags::unknown(const std::string& argument) {
  if (!argument.starts_with('-')) {
    const std::string_view why = takes_word_     ? "one word is enough"
                                 : takes_values_ ? "every value follows a flag"
                                                 : "the command takes no arguments";
    return fmt::format("{}: not expected here; {} (see {} --help)", argument, why, command_);
  }
  std::vector<std::string> names;
  for (const CLI::Option* option : app_.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  const std::vector<std::string_view> views(names.begin(), names.end());
  const std::string_view flag = std::string_view(argument).substr(0, argument.find('='));
  const std::string_view meant = nearest(flag, views);
  return meant.empty() ? fmt::format("{}: no such flag (see {} --help)", flag, command_)
                       : fmt::format("{}: no such flag (did you mean {}?)", flag, meant);
}

/// CLI11's other complaints come down to a flag without its value.
std::string Flags::needs_value(const CLI::ParseError& error) {
  const std::string_view what = error.what();
  const std::string_view flag = what.substr(0, what.find(':'));
  const CLI::Option* option = app_.get_option_no_throw(std::string(flag));
  if (option == nullptr) return fmt::format("{} (see {} --help)", what, command_);
  return fmt::format("{}: needs a value: {}", flag, option->get_description());
}

}  // namespace bench::cli
