// The names of files have what their placeholders stand for, and nothing that leads elsewhere.

#include "cli/placeholders.hpp"

#include <gtest/gtest.h>

#include <string>

#include "measure/plan.hpp"

namespace bench::testing {
namespace {

using cli::filled_in;
using cli::placeholder_values;
using cli::PlaceholderValues;

std::string name_of(const std::string& pattern, const std::string& label = "old server") {
  return filled_in("--output", pattern, placeholder_values("2026-01-31T12:34:56Z", "host", label));
}

std::string refusal_of(const std::string& pattern, const PlaceholderValues& values) {
  try {
    return "it was filled in: " + filled_in("--output", pattern, values);
  } catch (const measure::BadRequest& error) {
    return error.what();
  }
}

TEST(Placeholders, AreFilledIn) {
  EXPECT_EQ(name_of("results/{hostname}-{date}.json"), "results/host-2026-01-31.json");
  EXPECT_EQ(name_of("{label}/{date}T{time}"), "old server/2026-01-31T123456");
  EXPECT_EQ(name_of("{date}{date}"), "2026-01-312026-01-31");
  EXPECT_EQ(name_of("plain.json"), "plain.json");
  EXPECT_EQ(name_of("-"), "-");
}

TEST(Placeholders, AreNoneWhereBracesAreDoubled) {
  EXPECT_EQ(name_of("{{date}}.json"), "{date}.json");
  EXPECT_EQ(name_of("{{{date}}}"), "{2026-01-31}");
  EXPECT_EQ(name_of("a}b"), "a}b");
}

TEST(Placeholders, LeadNowhereElse) {
  EXPECT_EQ(name_of("{label}", "../../etc/passwd"), "---..-etc-passwd");
  EXPECT_EQ(name_of("{label}", "..."), "---");
  EXPECT_EQ(name_of("{label}", ".hidden v1.2"), "-hidden v1.2");
  EXPECT_EQ(name_of("{label}", "a\x1b[31m\n\x7f\xE2\x80\xAE!\xFF"), "a-[31m---!-");
  EXPECT_EQ(name_of("{label}", "{date}"), "{date}") << "a value is not filled in again";
  EXPECT_EQ(name_of("{label}", "\xC3\xA4"), "\xC3\xA4");
}

TEST(Placeholders, ThatAreUnknownOrWithoutAValueAreRefused) {
  const PlaceholderValues values = placeholder_values("2026-01-31T12:34:56Z", "", "");
  EXPECT_EQ(refusal_of("{id}.json", values),
            "--output {id}.json: there is no placeholder {id}; {hostname}, {date}, {time}, "
            "{label} and {series} are known, and {{ stands for a brace");
  EXPECT_TRUE(refusal_of("{Date}", values).contains("(did you mean {date}?)"))
      << refusal_of("{Date}", values);
  EXPECT_TRUE(refusal_of("{}", values).contains("no placeholder {}"));
  EXPECT_TRUE(refusal_of("a{date", values).contains("there is a { without a }"));
  EXPECT_EQ(refusal_of("{label}.json", values),
            "--output {label}.json: {label} has no value: there is no label, which run, sweep, "
            "latency and topology take with --label");
  EXPECT_TRUE(refusal_of("{hostname}", values).contains("the host has no name"));
  EXPECT_TRUE(
      refusal_of("{time}", placeholder_values("", "host", "")).contains("when it was made"));
}

}  // namespace
}  // namespace bench::testing
