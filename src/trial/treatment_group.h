// Treatment by group: of the events of the treatment's type those alone are the treatment whose value in a column of the input is
// one of some texts, such as those of a category of items. The others become events of a type of their own, "click (other)", which
// is a treatment as well (TrialOptions::other_treatments): where one of them comes first, the row is of neither group, as its
// user was not left without a treatment. Whoever looks at event types, the history and the audit among them, tells the two apart.
//
// A treatment event without a value is one of the others, and counted.
//
// Needs:   ordered events with their input ranks and values.
// Cost:    a pass over the event types; a text is looked at for each treatment event.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "session/order.h"
#include "trial/trial_options.h"

namespace causal_sessions {

class TreatmentGroup {
 public:
  // `place`: of TrialOptions::group among the values; `types`: those of the events as they were read.
  TreatmentGroup(const TrialOptions& trial, const GroupedValues& values, std::size_t place,
                 const std::vector<std::string>& types);

  // Gives a user's events [begin, end) that are the treatment of no group the type that stands behind all others.
  void tell_apart(OrderedEvents& events, std::uint32_t user, std::uint32_t begin, std::uint32_t end);

  struct Counts {
    std::uint64_t treatments = 0, others = 0, lacking = 0;  // of the group, of no group, and those of them without a value
  };
  [[nodiscard]] const Counts& counts() const { return counts_; }
  // Texts that treatment events of no group have, the first few, in quotes.
  [[nodiscard]] std::string other_texts() const;

 private:
  [[nodiscard]] bool holds(std::uint32_t code);

  const std::vector<std::string>& texts_of_group_;
  const GroupedValues& values_;
  const GroupedValues::Column& column_;
  std::uint8_t treatment_, other_;
  Counts counts_;
  std::vector<std::uint32_t> other_codes_;
};

}  // namespace causal_sessions
