#include "cli/process.hpp"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <system_error>

namespace bench::testing {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// Lets a system call fail with EPERM in this process and its children, as sandboxes do.
bool refuse(long call) {
  std::array<sock_filter, 4> filter = {
      sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(call), 0, 1),
      sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  const sock_fprog program{.len = filter.size(), .filter = filter.data()};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

struct Pipe {
  Pipe() {
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
      throw std::system_error(errno, std::generic_category(), "pipe");
    }
  }
  std::array<int, 2> ends{};
};

/// The two ends of a terminal, which it has in place of a pipe's.
Pipe terminal(unsigned columns) {
  Pipe made;
  for (const int end : made.ends) close(end);
  made.ends[0] = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (made.ends[0] < 0 || grantpt(made.ends[0]) != 0 || unlockpt(made.ends[0]) != 0) {
    throw std::system_error(errno, std::generic_category(), "posix_openpt");
  }
  made.ends[1] = open(ptsname(made.ends[0]), O_RDWR | O_NOCTTY | O_CLOEXEC);
  const winsize size{
      .ws_row = 24, .ws_col = static_cast<unsigned short>(columns), .ws_xpixel = 0, .ws_ypixel = 0};
  if (made.ends[1] < 0 || ioctl(made.ends[1], TIOCSWINSZ, &size) != 0) {
    throw std::system_error(errno, std::generic_category(), "a terminal's other end");
  }
  return made;
}

[[noreturn]] void become(const Launch& launch, const Pipe& out, const Pipe& err) {
  dup2(out.ends[1], STDOUT_FILENO);
  dup2(err.ends[1], STDERR_FILENO);
  if (!launch.stdin_file.empty()) {
    const int file = open(launch.stdin_file.c_str(), O_RDONLY);
    dup2(file, STDIN_FILENO);
  }
  if (!launch.stdout_file.empty()) {
    const int file = open(launch.stdout_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    dup2(file, STDOUT_FILENO);
  }
  if (launch.stderr_file == "closed") {
    close(STDERR_FILENO);
  } else if (!launch.stderr_file.empty()) {
    dup2(open(launch.stderr_file.c_str(), O_WRONLY), STDERR_FILENO);
  }
  if (!launch.working_directory.empty() && chdir(launch.working_directory.c_str()) != 0) _exit(126);
  for (const auto& [name, value] : launch.environment) setenv(name.c_str(), value.c_str(), 1);
  if (launch.only_cpu) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(static_cast<unsigned>(*launch.only_cpu), &set);
    if (sched_setaffinity(0, sizeof set, &set) != 0) _exit(126);
  }
  if (launch.address_space) {
    const rlimit limit{.rlim_cur = *launch.address_space, .rlim_max = *launch.address_space};
    if (setrlimit(RLIMIT_AS, &limit) != 0) _exit(126);
  }
  if (launch.file_size) {
    const rlimit limit{.rlim_cur = *launch.file_size, .rlim_max = *launch.file_size};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) _exit(126);
  }
  if (launch.cpu_seconds) {
    const rlimit limit{.rlim_cur = *launch.cpu_seconds, .rlim_max = RLIM_INFINITY};
    if (setrlimit(RLIMIT_CPU, &limit) != 0) _exit(126);
  }
  if (launch.refused_call && !refuse(*launch.refused_call)) _exit(126);
  std::vector<char*> argv{const_cast<char*>("ringmpsc-bench")};
  for (const std::string& argument : launch.arguments) {
    argv.push_back(const_cast<char*>(argument.c_str()));
  }
  argv.push_back(nullptr);
  execv(launch.program.c_str(), argv.data());
  _exit(127);
}

}  // namespace

Outcome run(const Launch& launch) {
  const Pipe out;
  const Pipe err = launch.terminal ? terminal(*launch.terminal) : Pipe();
  const pid_t child = fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (child == 0) become(launch, out, err);
  close(out.ends[1]);
  close(err.ends[1]);

  Outcome outcome;
  const auto deadline = Clock::now() + std::chrono::minutes(2);
  auto next_signal = launch.signals.begin();
  auto signal_due = Clock::now();
  if (next_signal != launch.signals.end()) signal_due += next_signal->first;

  std::array<pollfd, 2> sources{pollfd{out.ends[0], POLLIN, 0}, pollfd{err.ends[0], POLLIN, 0}};
  const std::array<std::string*, 2> texts{&outcome.out, &outcome.err};
  bool killed = false;
  while (sources[0].fd >= 0 || sources[1].fd >= 0) {
    poll(sources.data(), sources.size(), 10);
    for (std::size_t i = 0; i < sources.size(); ++i) {
      if (sources[i].fd < 0 || (sources[i].revents & (POLLIN | POLLHUP)) == 0) continue;
      std::array<char, 65536> buffer{};
      const ssize_t count = read(sources[i].fd, buffer.data(), buffer.size());
      if (count > 0) {
        texts[i]->append(buffer.data(), static_cast<std::size_t>(count));
      } else {
        close(sources[i].fd);
        sources[i].fd = -1;
      }
    }
    while (next_signal != launch.signals.end() && Clock::now() >= signal_due) {
      kill(child, next_signal->second);
      if (++next_signal != launch.signals.end()) signal_due = Clock::now() + next_signal->first;
    }
    if (!killed && Clock::now() > deadline) {
      kill(child, SIGKILL);
      killed = true;
    }
  }
  int status = 0;
  waitpid(child, &status, 0);
  outcome.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return outcome;
}

}  // namespace bench::testing
