// Text from elsewhere, made safe to show. Documents, command lines and host names hold whatever
// somebody wrote into them.
#pragma once

#include <string>
#include <string_view>

namespace bench::present {

/// The text as a single line of UTF-8 that does nothing to a terminal: ends of lines and tabs
/// become blanks; other control characters, characters that change the direction of writing, and
/// what is not UTF-8 become U+FFFD. XML 1.0 allows every character of it. A text without any of
/// these stays as it is.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace bench::present
