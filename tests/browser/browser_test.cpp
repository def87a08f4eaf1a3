// What the other tests of this folder rely on.

#include "browser/browser.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include "scratch_directory.hpp"

namespace bench::testing {
namespace {

class BrowserItself : public InScratchDirectory {};

bool complains_of(const Browser& browser, const std::string& what) {
  return std::ranges::any_of(browser.complaints(), [&](const std::string& complaint) {
    return complaint.find(what) != std::string::npos;
  });
}

void expect_no_process_is_left() {
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

TEST_F(BrowserItself, SeesWhatAPageMustNotDo) {
  const std::string file = make("page.html", R"(<!doctype html>
<meta charset=utf-8>
<meta http-equiv=Content-Security-Policy content="style-src 'none'">
<style>p { color: red }</style>
<script>
  console.warn('a warning'); console.error('an error');
  setTimeout(() => { throw new Error('nobody catches this'); }, 0);
</script>
<img src="https://host.invalid/image.png"><iframe></iframe>
)");
  Browser browser(directory_ / "chromium");
  browser.open(file);
  for (const char* const what :
       {"a warning", "an error", "nobody catches this", "https://host.invalid/image.png",
        "Content Security Policy", "Page.frameAttached"}) {
    EXPECT_TRUE(complains_of(browser, what)) << what;
  }
}

TEST_F(BrowserItself, HasNothingToSayOfAGoodPage) {
  {
    Browser browser(directory_ / "chromium");
    browser.open(make("page.html", "<!doctype html><html lang=en><title>t</title><p>text"));
    EXPECT_EQ(browser.complaints(), std::vector<std::string>());
    EXPECT_EQ(browser.value_of("document.querySelector('p').textContent"), "text");
    EXPECT_THROW(static_cast<void>(browser.value_of("nothing.of.this")), std::runtime_error);
  }
  expect_no_process_is_left();
}

TEST_F(BrowserItself, GivesUpOnAPageThatHangsAndLeavesNoProcess) {
  const std::string file = make("page.html", "<!doctype html><script>for (;;);</script>");
  try {
    Browser browser(directory_ / "chromium", std::chrono::seconds(4));
    browser.open(file);
    ADD_FAILURE() << "it has loaded";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("has taken too long"), std::string::npos)
        << error.what();
  }
  expect_no_process_is_left();
}

}  // namespace
}  // namespace bench::testing
