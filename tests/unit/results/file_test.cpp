// Tests that files are read whole, and are written whole or not at all.

#include "results/file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "scratch_directory.hpp"

namespace bench::testing {
namespace {

namespace fs = std::filesystem;
using results::check_writable;
using results::read_whole;
using results::write_whole_or_not;

using ResultFile = InScratchDirectory;

TEST_F(ResultFile, IsCreatedWithTheUsualPermissions) {
  const mode_t before = umask(027);
  EXPECT_TRUE(check_writable(path("new")));
  EXPECT_EQ(entries(), 0) << "the check left something behind";
  EXPECT_TRUE(write_whole_or_not(path("new"), "text"));
  umask(before);
  EXPECT_EQ(text("new"), "text");
  EXPECT_EQ(fs::status(path("new")).permissions(), static_cast<fs::perms>(0640));
  EXPECT_EQ(entries(), 1);
}

TEST_F(ResultFile, ReplacesAnotherAndKeepsItsPermissions) {
  make("old", "a longer text than the new one");
  fs::permissions(path("old"), static_cast<fs::perms>(0600));
  EXPECT_TRUE(check_writable(path("old")));
  EXPECT_EQ(text("old"), "a longer text than the new one") << "the check changed it";
  EXPECT_TRUE(write_whole_or_not(path("old"), "new"));
  EXPECT_EQ(text("old"), "new");
  EXPECT_EQ(fs::status(path("old")).permissions(), static_cast<fs::perms>(0600));
  EXPECT_EQ(entries(), 1);
}

TEST_F(ResultFile, FollowsSymbolicLinks) {
  make("target", "old");
  fs::create_symlink("target", path("link"));
  EXPECT_TRUE(write_whole_or_not(path("link"), "new"));
  EXPECT_EQ(text("target"), "new");
  EXPECT_TRUE(fs::is_symlink(path("link")));

  fs::create_symlink("unborn", path("early"));
  EXPECT_TRUE(check_writable(path("early")));
  EXPECT_TRUE(write_whole_or_not(path("early"), "new"));
  EXPECT_EQ(text("unborn"), "new");
  EXPECT_TRUE(fs::is_symlink(path("early")));
}

TEST_F(ResultFile, ThatCannotBeWrittenIsNamedInTheError) {
  make("file", "");
  fs::create_symlink("loop", path("loop"));
  for (const std::string& name :
       {std::string("missing/"), std::string("file/below"), std::string("file/far/below"),
        std::string("."), std::string("loop")}) {
    const auto asked = check_writable(path(name));
    const auto written = write_whole_or_not(path(name), "text");
    ASSERT_FALSE(asked) << name;
    ASSERT_FALSE(written) << name;
    EXPECT_TRUE(asked.error().starts_with(path(name) + ": ")) << asked.error();
    EXPECT_TRUE(written.error().starts_with(path(name) + ": ")) << written.error();
  }
  EXPECT_EQ(entries(), 2);
}

TEST_F(ResultFile, IsWrittenIntoFoldersThatItCreates) {
  EXPECT_TRUE(check_writable(path("a/b/new")));
  EXPECT_EQ(entries(), 0) << "the check left something behind";
  ASSERT_TRUE(write_whole_or_not(path("a/b/new"), "text"));
  EXPECT_EQ(text("a/b/new"), "text");
  const auto forbidden = check_writable("/proc/none/new");
  ASSERT_FALSE(forbidden);
  EXPECT_TRUE(forbidden.error().starts_with("/proc/none/new: cannot create a file in /proc: "))
      << forbidden.error();

  const fs::path before = fs::current_path();
  fs::current_path(directory_);
  EXPECT_TRUE(check_writable("c/new"));
  EXPECT_TRUE(write_whole_or_not("c/new", "text"));
  fs::current_path(before);
  EXPECT_EQ(text("c/new"), "text");
}

TEST_F(ResultFile, ThatIsProtectedIsLeftAlone) {
  if (geteuid() == 0) GTEST_SKIP() << "root may write anywhere";
  make("file", "old");
  fs::permissions(path("file"), fs::perms::owner_read);
  EXPECT_FALSE(check_writable(path("file")));
  EXPECT_FALSE(write_whole_or_not(path("file"), "new"));
  EXPECT_EQ(text("file"), "old");
  fs::permissions(directory_, fs::perms::owner_read | fs::perms::owner_exec);
  EXPECT_FALSE(check_writable(path("new")));
}

TEST_F(ResultFile, StaysAsItWasWhenThereIsNoRoomForTheNewOne) {
  make("old", "old");
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit tight{.rlim_cur = 1000, .rlim_max = before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &tight);
  const auto written = write_whole_or_not(path("old"), std::string(5000, 'x'));
  setrlimit(RLIMIT_FSIZE, &before);
  ASSERT_FALSE(written);
  EXPECT_EQ(text("old"), "old");
  EXPECT_EQ(entries(), 1);
}

TEST_F(ResultFile, MayBeADeviceOrAPipe) {
  EXPECT_TRUE(check_writable("/dev/null"));
  EXPECT_TRUE(write_whole_or_not("/dev/null", "text"));
  EXPECT_TRUE(fs::is_character_file("/dev/null"));

  ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
  const int reader = open(path("pipe").c_str(), O_RDONLY | O_NONBLOCK);
  EXPECT_TRUE(check_writable(path("pipe")));
  EXPECT_TRUE(write_whole_or_not(path("pipe"), "text"));
  std::array<char, 8> received{};
  EXPECT_EQ(read(reader, received.data(), received.size()), 4);
  close(reader);
  EXPECT_TRUE(fs::is_fifo(path("pipe")));
}

TEST_F(ResultFile, BehindADescriptorKeepsItsContent) {
  make("log", "first ");
  const int file = open(path("log").c_str(), O_WRONLY | O_APPEND);
  const std::string name = "/dev/fd/" + std::to_string(file);
  EXPECT_TRUE(check_writable(name));
  EXPECT_TRUE(write_whole_or_not(name, "second"));
  close(file);
  EXPECT_EQ(text("log"), "first second");
}

TEST_F(ResultFile, WhoseReaderIsGoneGivesAnErrorAndNoSignal) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  const std::string name = "/dev/fd/" + std::to_string(ends[1]);
  close(ends[0]);
  EXPECT_FALSE(write_whole_or_not(name, "text"));
  close(ends[1]);
}

TEST_F(ResultFile, IsReadWhole) {
  for (const std::size_t size : {0U, 1U, 65'535U, 65'536U, 65'537U, 1'000'000U}) {
    std::string text(size, 'x');
    if (size > 2) text[size / 2] = '\0';
    make("file", text);
    EXPECT_EQ(read_whole(path("file")), text) << size;
  }
}

TEST_F(ResultFile, IsReadToTheEndOfAPipe) {
  ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
  const std::string text(300'000, 'x');
  std::thread writer([&] { EXPECT_TRUE(write_whole_or_not(path("pipe"), text)); });
  EXPECT_EQ(read_whole(path("pipe")), text);
  writer.join();
}

TEST_F(ResultFile, ThatCannotBeReadIsNamedInTheError) {
  make("file", "");
  const auto of = [this](const std::string& name) { return read_whole(path(name)).error(); };
  EXPECT_EQ(of("missing"), path("missing") + ": No such file or directory");
  EXPECT_EQ(of("file/below"), path("file/below") + ": Not a directory");
  EXPECT_EQ(of("."), path(".") + ": Is a directory");
  if (geteuid() == 0) return;  // root may read anything
  fs::permissions(path("file"), fs::perms::none);
  EXPECT_EQ(of("file"), path("file") + ": Permission denied");
}

TEST_F(ResultFile, ThatIsTooLargeIsNotRead) {
  make("file", "");
  fs::resize_file(path("file"), results::kMostBytesRead + 1);  // a hole, which takes no space
  EXPECT_EQ(read_whole(path("file")).error(), path("file") + ": larger than 1073741824 bytes");
  make("file", "12345");
  EXPECT_TRUE(read_whole(path("file"), 5));
  EXPECT_FALSE(read_whole(path("file"), 4));

  ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
  std::thread writer([&] { std::ofstream(path("pipe")) << "12345"; });
  EXPECT_FALSE(read_whole(path("pipe"), 4)) << "a pipe has no size that could be checked before";
  writer.join();
}

}  // namespace
}  // namespace bench::testing
