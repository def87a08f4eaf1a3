#include "browser/browser.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace bench::testing {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail_call(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// Becomes the browser, which reads commands from descriptor 3 and writes answers to 4.
[[noreturn]] void become_browser(const std::filesystem::path& directory, int commands,
                                 int answers) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // Neither may be at the other's number before it is moved.
  const int from = fcntl(commands, F_DUPFD, 10);
  const int to = fcntl(answers, F_DUPFD, 10);
  const int log = open((directory / "log").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  const int nothing = open("/dev/null", O_RDONLY);
  dup2(nothing, STDIN_FILENO);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  dup2(from, 3);
  dup2(to, 4);
  for (const int file : {from, to}) close(file);
  setenv("HOME", directory.c_str(), 1);
  for (const char* const name : {"XDG_CONFIG_HOME", "XDG_CACHE_HOME", "DISPLAY"}) unsetenv(name);
  const std::string profile = "--user-data-dir=" + (directory / "profile").string();
  execl(RINGMPSC_CHROMIUM, "chromium", "--headless=new", "--no-sandbox", "--disable-gpu",
        "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-breakpad", "--hide-scrollbars",
        "--remote-debugging-pipe", profile.c_str(), "about:blank", nullptr);
  _exit(127);
}

/// The children of this process, as far as the system tells.
std::vector<pid_t> children_of_this_process() {
  std::vector<pid_t> found;
  const std::string parent = std::to_string(getpid());
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream file(entry.path() / "stat");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    // The name of the program, in brackets, may hold anything; the state and the parent follow it.
    const std::size_t end = text.rfind(')');
    if (end == std::string::npos || text.size() < end + 5) continue;
    const std::string after = text.substr(end + 4);
    if (after.substr(0, after.find(' ')) == parent) found.push_back(std::stoi(name));
  }
  return found;
}

std::string text_of(const nlohmann::json& object, const char* key) {
  const auto at = object.find(key);
  if (at == object.end()) return {};
  return at->is_string() ? at->get<std::string>() : at->dump();
}

}  // namespace

Browser::Browser(const std::filesystem::path& directory, std::chrono::seconds within)
    : log_(directory / "log"), deadline_(Clock::now() + within) {
  std::filesystem::create_directories(directory);
  // Processes that lose their parent become children of this one, which then ends them too.
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  signal(SIGPIPE, SIG_IGN);
  std::array<int, 2> commands{};
  std::array<int, 2> answers{};
  if (pipe2(commands.data(), O_CLOEXEC) != 0 || pipe2(answers.data(), O_CLOEXEC) != 0) {
    fail_call("pipe");
  }
  process_ = fork();
  if (process_ < 0) fail_call("fork");
  if (process_ == 0) become_browser(directory, commands[0], answers[1]);
  close(commands[0]);
  close(answers[1]);
  commands_ = commands[1];
  answers_ = answers[0];
  fcntl(commands_, F_SETFL, O_NONBLOCK);
  try {
    const Json target = call("Target.createTarget", {{"url", "about:blank"}});
    session_ =
        call("Target.attachToTarget", {{"targetId", target.at("targetId")}, {"flatten", true}})
            .at("sessionId");
    for (const char* const domain : {"Page", "Runtime", "Log", "Network", "Audits"}) {
      call(fmt::format("{}.enable", domain));
    }
  } catch (...) {
    end_processes();
    throw;
  }
}

Browser::~Browser() { end_processes(); }

void Browser::end_processes() noexcept {
  try {
    close(commands_);
    close(answers_);
    kill(-process_, SIGKILL);
    while (true) {
      int status = 0;
      const pid_t ended = waitpid(-1, &status, WNOHANG);
      if (ended < 0) break;  // no child is left
      if (ended > 0) continue;
      for (const pid_t child : children_of_this_process()) kill(child, SIGKILL);
      usleep(10'000);
    }
  } catch (...) {
    std::abort();
  }
}

void Browser::give_up(const std::string& what) {
  std::ifstream file(log_);
  const std::string log{std::istreambuf_iterator<char>(file), {}};
  constexpr std::size_t kMost = 2'000;
  throw std::runtime_error(fmt::format("Chromium {} ({}). Its log ends:\n{}", what, doing_,
                                       log.substr(log.size() - std::min(log.size(), kMost))));
}

nlohmann::json Browser::receive() {
  std::size_t end = read_.find('\0');
  while (end == std::string::npos) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - Clock::now());
    if (left.count() <= 0) give_up("has taken too long");
    pollfd source{.fd = answers_, .events = POLLIN, .revents = 0};
    if (poll(&source, 1, static_cast<int>(left.count())) <= 0) continue;
    std::array<char, 65536> buffer{};
    const ssize_t count = read(answers_, buffer.data(), buffer.size());
    if (count <= 0) give_up("has ended");
    const std::size_t before = read_.size();
    read_.append(buffer.data(), static_cast<std::size_t>(count));
    end = read_.find('\0', before);
  }
  Json message = Json::parse(read_.substr(0, end));
  read_.erase(0, end + 1);
  return message;
}

nlohmann::json Browser::call(std::string_view method, Json parameters) {
  doing_ = method;
  const int id = ++last_id_;
  Json command = {{"id", id}, {"method", method}, {"params", std::move(parameters)}};
  if (!session_.empty()) command["sessionId"] = session_;
  std::string text = command.dump() + '\0';
  while (!text.empty()) {
    const ssize_t count = write(commands_, text.data(), text.size());
    if (count > 0) {
      text.erase(0, static_cast<std::size_t>(count));
      continue;
    }
    if (errno != EAGAIN) give_up("has ended");
    if (Clock::now() > deadline_) give_up("has taken too long");
    pollfd sink{.fd = commands_, .events = POLLOUT, .revents = 0};
    poll(&sink, 1, 100);
  }
  while (true) {
    Json message = receive();
    if (message.value("id", 0) != id) {
      take(message);
      continue;
    }
    if (message.contains("error")) give_up("refused: " + message["error"].dump());
    return std::move(message["result"]);
  }
}

void Browser::take(const Json& event) {
  const std::string method = event.value("method", "");
  const Json parameters = event.value("params", Json::object());
  const auto complain = [this](std::string_view what, const std::string& text) {
    complaints_.push_back(fmt::format("{}: {}", what, text));
  };
  if (method == "Page.loadEventFired") {
    loaded_ = true;
  } else if (method == "Runtime.consoleAPICalled") {
    complain("console", parameters.value("type", "") + " " + text_of(parameters, "args"));
  } else if (method == "Runtime.exceptionThrown") {
    complain("exception", text_of(parameters, "exceptionDetails"));
  } else if (method == "Log.entryAdded") {
    complain("log", text_of(parameters, "entry"));
  } else if (method == "Audits.issueAdded") {
    complain("issue", text_of(parameters, "issue"));
  } else if (method == "Page.frameAttached" || method == "Page.javascriptDialogOpening" ||
             method == "Page.downloadWillBegin" || method == "Page.windowOpen" ||
             method == "Inspector.targetCrashed") {
    complain(method, parameters.dump());
    if (method == "Inspector.targetCrashed") give_up("has lost the page: it crashed");
  } else if (method == "Network.requestWillBeSent" || method == "Network.webSocketCreated") {
    const std::string url = parameters.contains("request") ? parameters["request"].value("url", "")
                                                           : parameters.value("url", "");
    if (url != url_) complain("request", url);
  }
}

void Browser::look(const View& view) {
  call("Emulation.setDeviceMetricsOverride", {{"width", view.width},
                                              {"height", 900},
                                              {"deviceScaleFactor", 1},
                                              {"mobile", view.width < 600}});
  call("Emulation.setScriptExecutionDisabled", {{"value", !view.scripts}});
  const Json scheme = {{"name", "prefers-color-scheme"}, {"value", view.dark ? "dark" : "light"}};
  call("Emulation.setEmulatedMedia", {{"features", Json::array({scheme})}});
  if (view.scripts && !url_.empty()) wait_until_drawn();
}

/// Two frames later, everything that scripts asked for is drawn.
void Browser::wait_until_drawn() {
  static_cast<void>(value_of(
      "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))"));
}

void Browser::open(const std::string& file, const View& view) {
  url_.clear();
  look(view);
  url_ = "file://" + file;
  loaded_ = false;
  const Json answer = call("Page.navigate", {{"url", url_}});
  if (answer.contains("errorText")) give_up("cannot open the file: " + answer.dump());
  doing_ = "loading " + url_;
  while (!loaded_) take(receive());
  if (view.scripts) wait_until_drawn();
}

nlohmann::json Browser::value_of(const std::string& expression) {
  Json answer = call("Runtime.evaluate",
                     {{"expression", expression}, {"returnByValue", true}, {"awaitPromise", true}});
  if (answer.contains("exceptionDetails")) {
    throw std::runtime_error(expression + ": " + answer["exceptionDetails"].dump());
  }
  return answer["result"].value("value", Json());
}

void Browser::press_tab() {
  for (const char* const type : {"rawKeyDown", "keyUp"}) {
    call("Input.dispatchKeyEvent", {{"type", type},
                                    {"key", "Tab"},
                                    {"code", "Tab"},
                                    {"windowsVirtualKeyCode", 9},
                                    {"nativeVirtualKeyCode", 9}});
  }
}

}  // namespace bench::testing
