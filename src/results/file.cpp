#include "results/file.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

namespace bench::results {
namespace {

namespace fs = std::filesystem;
using Written = std::expected<void, std::string>;

/// The system's message for `error`, after `path`.
std::unexpected<std::string> failed(const std::string& path, int error = errno) {
  return std::unexpected(path + ": " + std::generic_category().message(error));
}

class Descriptor {
 public:
  explicit Descriptor(int fd) noexcept : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() { static_cast<void>(close()); }

  [[nodiscard]] int get() const noexcept { return fd_; }
  [[nodiscard]] bool valid() const noexcept { return fd_ >= 0; }
  /// False if it turns out that earlier writes are lost.
  [[nodiscard]] bool close() noexcept {
    const int fd = std::exchange(fd_, -1);
    return fd < 0 || ::close(fd) == 0;
  }

 private:
  int fd_;
};

bool write_all(int fd, std::string_view text) {
  ::signal(SIGPIPE, SIG_IGN);  // NOLINT(cert-err33-c): EPIPE reports the same as an error
  while (!text.empty()) {
    const ssize_t count = ::write(fd, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

/// Delays SIGINT (Ctrl-C), SIGTERM and SIGHUP while it exists, so that no temporary file is left
/// behind.
class SignalsHeld {
 public:
  SignalsHeld() {
    sigset_t held;
    sigemptyset(&held);
    sigaddset(&held, SIGINT);
    sigaddset(&held, SIGTERM);
    sigaddset(&held, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &held, &before_);
  }
  SignalsHeld(const SignalsHeld&) = delete;
  SignalsHeld& operator=(const SignalsHeld&) = delete;
  ~SignalsHeld() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

/// A new file that will be put in the place of another one, or where there is none. It is removed
/// again unless put() succeeds.
class Temporary {
 public:
  /// In the directory of the file whose place it will take: a rename cannot cross file systems.
  static std::expected<Temporary, std::string> in(const fs::path& directory) {
    std::string name = directory / ".ringmpsc-bench-XXXXXX";
    Descriptor file(mkostemp(name.data(), O_CLOEXEC));
    if (!file.valid()) return failed(directory);
    return Temporary(std::move(name), std::move(file));
  }
  Temporary(Temporary&& other) noexcept
      : name_(std::exchange(other.name_, {})), file_(std::move(other.file_)) {}
  Temporary& operator=(Temporary&&) = delete;
  ~Temporary() {
    if (!name_.empty()) ::unlink(name_.c_str());
  }

  /// Writes `text`, sets the permissions `mode`, syncs, and renames to `target`. False on failure;
  /// errno then has the reason.
  [[nodiscard]] bool put(const fs::path& target, std::string_view text, mode_t mode) {
    if (!write_all(file_.get(), text) || ::fchmod(file_.get(), mode) != 0 ||
        ::fsync(file_.get()) != 0 || !file_.close() ||
        ::rename(name_.c_str(), target.c_str()) != 0) {
      return false;
    }
    name_.clear();
    return true;
  }

 private:
  Temporary(std::string name, Descriptor file) : name_(std::move(name)), file_(std::move(file)) {}

  std::string name_;  // empty once the file is in place, or after a move
  Descriptor file_;
};

mode_t mode_of_new_files() {
  const mode_t mask = ::umask(0);  // it cannot be read without being set
  ::umask(mask);
  return 0666 & ~mask;
}

/// The file that a path leads to, and how it can be written.
struct Target {
  fs::path path;               ///< with symbolic links followed
  std::optional<mode_t> mode;  ///< permissions of the file that exists there, if any
  bool replaceable = true;     ///< false for a device, a pipe or a descriptor
};

bool names_a_descriptor(const std::string& path) {
  constexpr std::array<std::string_view, 5> kNames = {"/dev/stdout", "/dev/stderr", "/dev/fd/",
                                                      "/proc/self/fd/", "/proc/thread-self/fd/"};
  for (const std::string_view name : kNames) {
    if (path.starts_with(name)) return true;
  }
  return false;
}

fs::path directory_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : ".";
}

/// The directory or, if it does not exist, the nearest one above it that does. A symbolic link that
/// leads nowhere does exist: nothing can be created in its place.
fs::path existing(fs::path directory) {
  std::error_code error;
  while (!fs::exists(fs::symlink_status(directory, error)) && directory.has_relative_path()) {
    directory = directory_of(directory);
  }
  return directory;
}

/// Follows symbolic links, also to a file that does not exist yet: it is the one to be created.
fs::path followed(fs::path path) {
  constexpr int kMostLinks = 40;  // Linux follows as many before it reports ELOOP
  std::error_code error;
  for (int i = 0; i < kMostLinks && fs::is_symlink(path, error); ++i) {
    const fs::path next = fs::read_symlink(path, error);
    if (error) break;
    path = next.is_absolute() ? next : path.parent_path() / next;
  }
  return path;
}

std::expected<Target, std::string> find(const std::string& path) {
  if (names_a_descriptor(path)) return Target{.path = path, .mode = {}, .replaceable = false};
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) {
    if (errno != ENOENT) return failed(path);
    if (path.ends_with('/')) return failed(path, EISDIR);
    return Target{.path = followed(path), .mode = {}};
  }
  if (S_ISDIR(status.st_mode)) return failed(path, EISDIR);
  if (::access(path.c_str(), W_OK) != 0) return failed(path);
  return Target{.path = followed(path),
                .mode = status.st_mode & 07777,
                .replaceable = S_ISREG(status.st_mode)};
}

Written write_directly(const std::string& path, std::string_view text, int flag) {
  Descriptor file(::open(path.c_str(), O_WRONLY | flag | O_CLOEXEC));
  if (!file.valid() || !write_all(file.get(), text) || !file.close()) return failed(path);
  return {};
}

}  // namespace

std::expected<std::string, std::string> read_whole(const std::string& path,
                                                   std::size_t most_bytes) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) return failed(path);
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) return failed(path);
  if (S_ISDIR(status.st_mode)) return failed(path, EISDIR);
  const auto too_large = [&] {
    return std::unexpected(path + ": larger than " + std::to_string(most_bytes) + " bytes");
  };
  const auto size = static_cast<std::size_t>(status.st_size);  // 0 for a pipe
  if (size > most_bytes) return too_large();
  std::string text;
  // A file may grow while it is read, and a pipe has no size. So reading ends when nothing more
  // comes.
  constexpr std::size_t kBlock = std::size_t{1} << 16;
  std::size_t length = 0;
  while (true) {
    text.resize(std::max(length + kBlock, size + 1));
    const ssize_t count = ::read(file.get(), text.data() + length, text.size() - length);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed(path);
    if (count == 0) break;
    length += static_cast<std::size_t>(count);
    if (length > most_bytes) return too_large();
  }
  text.resize(length);
  return text;
}

Written check_writable(const std::string& path) {
  const auto target = find(path);
  if (!target) return std::unexpected(target.error());
  if (!target->replaceable) {
    if (::access(path.c_str(), W_OK) != 0) return failed(path);
    return {};
  }
  const SignalsHeld held;
  const auto made = Temporary::in(existing(directory_of(target->path)));
  if (!made && !target->mode) {
    return std::unexpected(path + ": cannot create a file in " + made.error());
  }
  return {};
}

Written write_whole_or_not(const std::string& path, std::string_view text) {
  const auto target = find(path);
  if (!target) return std::unexpected(target.error());
  // Appends, so that the file behind a descriptor keeps its content.
  if (!target->replaceable) return write_directly(path, text, O_APPEND);
  bool in_its_place = false;
  {
    const SignalsHeld held;
    const fs::path directory = directory_of(target->path);
    std::error_code error;
    fs::create_directories(directory, error);  // what went wrong shows in the next step
    auto file = Temporary::in(directory);
    if (file && file->put(target->path, text, target->mode.value_or(mode_of_new_files()))) {
      return {};
    }
    if (!file && !target->mode) {
      return std::unexpected(path + ": cannot create a file in " + file.error());
    }
    // A file that is a mount point, or in somebody else's directory, may be writable but not
    // replaceable.
    in_its_place = target->mode && (!file || errno == EBUSY || errno == EPERM || errno == EACCES);
    if (!in_its_place) return failed(path);
  }
  return write_directly(path, text, O_TRUNC);
}

Written write_stdout(std::string_view text) {
  if (!write_all(STDOUT_FILENO, text)) return failed("stdout");
  return {};
}

}  // namespace bench::results
