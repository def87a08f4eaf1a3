// Verdicts in JUnit's form, for the test reports of GitLab, Jenkins and others.
#pragma once

#include <string>

#include "results/verdict_report.hpp"

namespace bench::present {

/// One suite with a test case for each series: a series that regressed has a <failure>, one in
/// which messages went wrong an <error>, and one that is inconclusive is <skipped>, or has a
/// <failure> if `inconclusive_fails`. An unmatched series is <skipped>. If the measurement failed
/// or was interrupted, or if nothing was compared, the case "measurement" has an <error> that says
/// so. No two cases have the same name.
///
/// The suite's properties have the figures of each series, like "ratio of producers=1", with the
/// fewest digits that give exactly the same value back. Valid under Jenkins's junit-10.xsd, which
/// allows properties in suites only. UTF-8; what XML 1.0 cannot hold becomes U+FFFD.
[[nodiscard]] std::string to_junit(const results::VerdictReport& report, bool inconclusive_fails);

}  // namespace bench::present
