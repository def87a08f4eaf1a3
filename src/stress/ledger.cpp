#include "stress/ledger.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bench::stress {

void Ledger::foreign(const Stamp& stamp, bool intact) {
  if (intact && stamp.sender == kNobody) {
    ++unpublished_;
    if (first_.empty()) first_ = "a message of a reservation that was not committed came";
    return;
  }
  ++corrupted_;
  if (!first_.empty()) return;
  const bool known = stamp.sender < accounts_.size();
  first_ = known ? fmt::format("a message was damaged; life {} was to send its message {} next",
                               stamp.sender, accounts_[stamp.sender].expected())
                 : std::string("a message came whose first word nobody sent");
}

void Ledger::out_of_order(const Stamp& stamp) {
  workload::ProducerAccount& account = accounts_[stamp.sender];
  const std::uint64_t expected = account.expected();
  // A damaged stamp is far from any that is due.
  constexpr std::uint64_t kFar = std::uint64_t{1} << 32;
  if (stamp.sequence > expected + kFar) {
    ++corrupted_;
    if (first_.empty()) {
      first_ = fmt::format("a message was damaged; life {} was to send its message {} next",
                           stamp.sender, expected);
    }
    return;
  }
  const auto kind = account.arrived(stamp.sequence);
  const std::string what = fmt::format("message {} of life {} came where its message {} was due",
                                       stamp.sequence, stamp.sender, expected);
  if (kind == workload::FaultKind::duplicated && first_.empty()) first_ = what;
  if (first_late_.empty()) first_late_ = what;
}

std::vector<std::uint64_t> Ledger::seen() const {
  std::vector<std::uint64_t> all(accounts_.size());
  std::ranges::transform(accounts_, all.begin(), &workload::ProducerAccount::expected);
  return all;
}

std::string Ledger::fault(std::span<const std::uint64_t> sent, bool keeps_order) const {
  std::uint64_t lost = 0;
  std::uint64_t duplicated = 0;
  std::uint64_t reordered = 0;
  std::string first = first_;
  for (std::size_t i = 0; i < accounts_.size(); ++i) {
    const workload::ProducerAccount& account = accounts_[i];
    lost += account.missing(sent[i]);
    duplicated += account.duplicated();
    reordered += account.reordered();
    // More messages in order than were sent are messages that nobody sent.
    if (account.expected() > sent[i]) duplicated += account.expected() - sent[i];
    if (!first.empty()) continue;
    if (account.expected() > sent[i]) {
      first = fmt::format("message {} of life {} came, which was not sent", sent[i], i);
    } else if (const auto missing = account.first_missing(sent[i])) {
      first = fmt::format("message {} of life {} never came, of {} that it sent",
                          missing->expected.value_or(0), i, sent[i]);
    }
  }
  if (!keeps_order) reordered = 0;
  if (first.empty() && reordered > 0) first = first_late_;
  if (first.empty()) return {};
  std::string counts;
  const auto add = [&counts](std::uint64_t count, const char* what) {
    if (count > 0) counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", count, what);
  };
  add(lost, "lost");
  add(duplicated, "duplicated");
  add(reordered, "reordered");
  add(corrupted_, "corrupted");
  add(unpublished_, "not published");
  return counts.empty() ? first : fmt::format("{} ({})", first, counts);
}

}  // namespace bench::stress
