#include "measure/child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <thread>
#include <utility>

#include "machine/cannot_measure.hpp"

namespace bench::measure {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kMostErrorBytes = 4096;

struct Pipe {
  int read = -1;
  int write = -1;
};

/// Neither end is a standard stream, even if this program was started without them.
Pipe make_pipe() {
  std::array<int, 2> ends{};
  bool made = pipe2(ends.data(), O_CLOEXEC) == 0;
  for (int& end : ends) {
    if (!made || end > STDERR_FILENO) continue;
    const int moved = fcntl(end, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    made = moved >= 0;
    close(std::exchange(end, moved));
  }
  if (!made) {
    throw machine::CannotMeasure(fmt::format("no pipe to it: {}", strerror(errno)));
  }
  return {.read = ends[0], .write = ends[1]};
}

/// What the child does not inherit from this program: its own way with signals.
class SpawnAttributes {
 public:
  SpawnAttributes() {
    posix_spawnattr_init(&attributes_);
    sigset_t none{};
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes_, &none);
    sigset_t ignored_here{};
    sigemptyset(&ignored_here);
    sigaddset(&ignored_here, SIGPIPE);
    sigaddset(&ignored_here, SIGXFSZ);
    posix_spawnattr_setsigdefault(&attributes_, &ignored_here);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;
  ~SpawnAttributes() { posix_spawnattr_destroy(&attributes_); }
  [[nodiscard]] const posix_spawnattr_t* get() const noexcept { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

std::string path_of(const std::string& program) {
  const bool file = access(program.c_str(), F_OK) == 0;
  return file && !program.contains('/') ? "./" + program : program;
}

}  // namespace

Child::Child(const std::string& program, const std::vector<std::string>& arguments) {
  const Pipe in = make_pipe();
  const Pipe out = make_pipe();
  const Pipe err = make_pipe();
  posix_spawn_file_actions_t files{};
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, in.read, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, out.write, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, err.write, STDERR_FILENO);
  std::string path = path_of(program);
  std::vector<std::string> words = arguments;
  std::vector<char*> argv = {path.data()};
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const SpawnAttributes attributes;
  const int error =
      posix_spawnp(&pid_, path.c_str(), &files, attributes.get(), argv.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  for (const int end : {in.read, out.write, err.write}) close(end);
  input_ = in.write;
  output_ = out.read;
  error_ = err.read;
  if (error != 0) {
    for (const int end : {input_, output_, error_}) close(end);
    throw machine::CannotMeasure(fmt::format("cannot be started: {}", strerror(error)));
  }
  fcntl(input_, F_SETFL, O_NONBLOCK);
  fcntl(output_, F_SETFL, O_NONBLOCK);
  fcntl(error_, F_SETFL, O_NONBLOCK);
}

Child::~Child() {
  close(input_);
  if (!reaped_) end_group(kGoodbye);
  close(output_);
  if (error_ >= 0) close(error_);
}

siginfo_t Child::end_group(milliseconds time) noexcept {
  const auto until = steady_clock::now() + time;
  siginfo_t info{};
  // It is left unreaped until its group is killed: its process id, which names the group, is not
  // given to another process before. A wrapper's children live on in the group when it is gone.
  while (waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == 0 && steady_clock::now() < until) {
    std::this_thread::sleep_for(milliseconds(1));
  }
  kill(-pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  reaped_ = true;
  return info;
}

bool Child::write(std::string_view line, milliseconds time) {
  const auto until = steady_clock::now() + time;
  const std::string text = std::string(line) + "\n";
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t count = ::write(input_, text.data() + done, text.size() - done);
    if (count > 0) {
      done += static_cast<std::size_t>(count);
    } else if (count < 0 && errno == EAGAIN && steady_clock::now() < until) {
      pollfd full{.fd = input_, .events = POLLOUT, .revents = 0};
      poll(&full, 1, 10);
    } else if (count == 0 || errno != EINTR) {
      return false;
    }
  }
  return true;
}

bool Child::take(int from, std::string& into) {
  std::array<char, 65536> some{};
  while (true) {
    const ssize_t count = ::read(from, some.data(), some.size());
    if (count > 0) {
      into.append(some.data(), static_cast<std::size_t>(count));
      return true;
    }
    if (count < 0 && errno == EINTR) continue;
    return count < 0 && errno == EAGAIN;
  }
}

bool Child::take_line() {
  const std::size_t end = heard_.find('\n');
  if (end == std::string::npos) return false;
  line_ = heard_.substr(0, end);
  heard_.erase(0, end + 1);
  return true;
}

Child::Heard Child::hear(milliseconds time) {
  const auto until = steady_clock::now() + time;
  bool looked = false;
  while (!take_line()) {
    if (heard_.size() > kMostLineBytes) return Heard::too_much;
    const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now());
    if (looked && left <= milliseconds::zero()) return Heard::nothing;
    std::array<pollfd, 2> ends = {{{.fd = output_, .events = POLLIN, .revents = 0},
                                   {.fd = error_, .events = POLLIN, .revents = 0}}};
    poll(ends.data(), error_ < 0 ? 1 : 2, static_cast<int>(std::max<long>(0, left.count())));
    looked = true;
    if (ends[1].revents != 0) static_cast<void>(last_words());
    if (ends[0].revents != 0 && !take(output_, heard_)) {
      if (take_line()) return Heard::line;
      line_ = std::exchange(heard_, {});
      return Heard::end;
    }
  }
  return Heard::line;
}

std::string Child::end_within(milliseconds time) {
  const siginfo_t info = end_group(time);
  if (info.si_pid == 0) return "did not end";
  if (info.si_code != CLD_EXITED) {
    return fmt::format("was killed by SIG{}", sigabbrev_np(info.si_status));
  }
  return fmt::format("ended with exit status {}", info.si_status);
}

std::string Child::last_words() {
  if (error_ >= 0 && !take(error_, said_)) {
    close(error_);
    error_ = -1;
  }
  if (said_.size() > kMostErrorBytes) said_.erase(0, said_.size() - kMostErrorBytes);
  std::string_view text = said_;
  while (text.ends_with('\n')) text.remove_suffix(1);
  return std::string(text.substr(text.rfind('\n') + 1));
}

}  // namespace bench::measure
