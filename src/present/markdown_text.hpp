// Text from elsewhere within Markdown: nothing of it is markup, and nothing of it mentions anybody.
#pragma once

#include <string>
#include <string_view>

namespace bench::present {

/// Names and values. Within <code>, nobody is mentioned.
[[nodiscard]] std::string as_code(std::string_view text);

/// Sentences. What stands before a word and would mention a person, an issue, a label or the like
/// on GitHub or GitLab is put into <code> by itself.
[[nodiscard]] std::string as_text(std::string_view text);

}  // namespace bench::present
