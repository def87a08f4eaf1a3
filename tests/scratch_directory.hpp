// The fixture of tests that need a directory of their own.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>

namespace bench::testing {

/// Gives each test an empty directory and removes it afterwards. Paths are relative to it.
class InScratchDirectory : public ::testing::Test {
 protected:
  InScratchDirectory() {
    namespace fs = std::filesystem;
    std::string pattern = (fs::temp_directory_path() / "ringmpsc-test-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot create " + pattern);
    directory_ = pattern;
  }
  ~InScratchDirectory() override {
    std::filesystem::permissions(directory_, std::filesystem::perms::owner_all);
    std::filesystem::remove_all(directory_);
  }

  [[nodiscard]] std::string path(const std::filesystem::path& name) const {
    return directory_ / name;
  }
  /// Creates a file with this text, and its parent folders. Returns its path.
  std::string make(const std::filesystem::path& name, const std::string& text) const {
    std::filesystem::create_directories((directory_ / name).parent_path());
    std::ofstream(directory_ / name) << text;
    return path(name);
  }
  [[nodiscard]] std::string text(const std::filesystem::path& name) const {
    std::ostringstream all;
    all << std::ifstream(directory_ / name).rdbuf();
    return all.str();
  }
  [[nodiscard]] std::size_t entries() const {
    namespace fs = std::filesystem;
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(directory_), fs::directory_iterator()));
  }

  std::filesystem::path directory_;
};

}  // namespace bench::testing
