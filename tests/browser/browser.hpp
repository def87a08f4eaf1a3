// A page in a headless Chromium, which a test drives by the DevTools protocol
// (https://chromedevtools.github.io/devtools-protocol/).
#pragma once

#include <nlohmann/json.hpp>
#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace bench::testing {

/// How somebody looks at a page.
struct View {
  unsigned width = 1280;
  bool dark = false;
  bool scripts = true;
};

class Browser {
 public:
  /// Starts Chromium, which keeps its files in `directory`. Whatever it does must be done `within`
  /// this time after the start: every call throws std::runtime_error otherwise, with what Chromium
  /// did not do.
  explicit Browser(const std::filesystem::path& directory,
                   std::chrono::seconds within = std::chrono::seconds(60));
  /// Ends all processes of the browser.
  ~Browser();
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;

  /// Opens the file and waits until it is loaded and drawn.
  void open(const std::string& file, const View& view = {});

  /// Looks at the page another way, and waits until it is drawn so.
  void look(const View& view);

  /// The value of a JavaScript expression, as JSON. Waits for a promise. Throws what it throws.
  [[nodiscard]] nlohmann::json value_of(const std::string& expression);

  void press_tab();

  /// Everything that a page must not do, in the order of time: messages to the console, uncaught
  /// exceptions, breaches of the Content-Security-Policy, frames, dialogs, and requests other than
  /// for the file itself.
  [[nodiscard]] const std::vector<std::string>& complaints() const noexcept { return complaints_; }

 private:
  using Json = nlohmann::json;

  void wait_until_drawn();
  Json call(std::string_view method, Json parameters = Json::object());
  /// The next message of the browser.
  Json receive();
  void take(const Json& event);
  void end_processes() noexcept;
  [[noreturn]] void give_up(const std::string& what);

  std::filesystem::path log_;
  std::chrono::steady_clock::time_point deadline_;
  pid_t process_ = -1;
  int commands_ = -1;  ///< that the browser reads
  int answers_ = -1;   ///< that it writes
  std::string read_;   ///< of its answers, and not yet a whole message
  std::string doing_;  ///< the command that it has not answered
  std::string session_;
  std::string url_;
  bool loaded_ = false;
  int last_id_ = 0;
  std::vector<std::string> complaints_;
};

}  // namespace bench::testing
