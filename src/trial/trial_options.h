// What makes a row, its treatment and its outcome; trials.h has the rules.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/date.h"
#include "core/duration.h"

namespace causal_sessions {

enum class IndexKind {
  kSession,   // the notebook's: no common time zero
  kExposure,  // every exposure of a session
  kLandmark,  // a fixed time after the session's start
  kMatched,   // risk sets: where the treated are treated, and controls who are not yet at the same point of a session
};
// Where the window ends in which a treatment makes T = 1.
enum class WindowEnds {
  kWindow,        // after its minutes
  kNextExposure,  // or at the user's next exposure, if that comes first
};
// What becomes of what happens between an exposure and its treatment.
enum class GracePeriod {
  kExclude,  // rows whose outcome comes before their treatment are left out
  kAlign,    // time zero is moved to the treatment, and by a delay like the treated's in every other row
  kKeep,     // nothing: chance assigned the treatment at time zero, so rows count as assigned, whatever comes first
};
enum class OutcomeFrom { kTimeZero, kWindowEnd };
// Whose events count as outcomes of a row with a time zero.
enum class OutcomeScope {
  kUser,     // the user's, in later sessions too
  kSession,  // those of the row's own session
};
enum class PriorOutcome {
  kCount,    // an outcome before the treatment is one like any other
  kIgnore,   // it does not count towards Y
  kExclude,  // the row is left out
};
enum class Censored { kKeep, kDrop };

struct TrialOptions {
  std::string treatment = "click", outcome = "purchase", exposure = "impression";  // event types
  // Event types that are treatments as well. The first treatment in a window decides the arm of its row: a row whose first is one of
  // these is of neither arm, so it is left out.
  std::vector<std::string> other_treatments;
  // The column that tells which events of the treatment's type are the treatment, and what it then says: treatment_group.h. Empty:
  // all of them are.
  std::string group;
  std::vector<std::string> group_values;
  // The treatment of rows with T = 0, whose first has to be this one, so that rows without any are left out. Empty: T = 0 are the
  // rows without any.
  std::string comparator;
  IndexKind kind = IndexKind::kSession;
  Duration landmark = minutes(10);  // after the session's start
  Duration window = minutes(5);     // in which a treatment makes T = 1
  Duration horizon = hours(24);     // in which an outcome makes Y = 1
  Duration washout = hours(0);      // no treatment of the user in so long before time zero; 0: not asked
  bool same_item = false;           // only a treatment with an item of the exposure counts
  WindowEnds window_ends = WindowEnds::kWindow;
  GracePeriod grace = GracePeriod::kExclude;  // kAlign of kExposure, kKeep where the propensity is known
  std::uint32_t controls = 1;                 // of kMatched, for each treated row
  std::uint32_t seed = 42;                    // of what kMatched and kAlign draw
  OutcomeFrom from = OutcomeFrom::kTimeZero;
  OutcomeScope scope = OutcomeScope::kUser;
  PriorOutcome prior = PriorOutcome::kCount;
  Censored censored = Censored::kKeep;  // rows whose follow-up the end of the data cuts
  Date data_end;                        // until when events were observed; unset: told from their times
  std::string propensity;               // the column that holds the probability of treatment, where it is known
  std::string outcome_value;        // the column whose sum over a row's outcomes is asked beside Y (outcome_values.h); or none
  std::optional<double> value_cap;  // what such a sum counts as at most
  // Event types that the treatment cannot cause, followed up as the outcome is: estimate/negative_control.h.
  std::vector<std::string> negative_controls;

  // Whether a row depends on others, by the delays that are drawn from them.
  [[nodiscard]] bool draws_delays() const { return kind == IndexKind::kExposure && grace == GracePeriod::kAlign; }
  // What events of the treatment's type and of no group are told as.
  [[nodiscard]] std::string treatment_of_others() const { return treatment + " (other)"; }
  // Event types whose rows are of neither arm.
  [[nodiscard]] std::vector<std::string> left_out_treatments() const {
    std::vector<std::string> types = other_treatments;
    if (!group.empty()) types.push_back(treatment_of_others());
    return types;
  }
  // Whether T = 0 is another treatment, and not none.
  [[nodiscard]] bool compares() const { return !comparator.empty(); }
  // Whether T was settled at time zero, so that nothing behind it decides who is in which group.
  [[nodiscard]] bool is_assigned() const { return grace == GracePeriod::kKeep; }
  // From time zero to the last instant that can decide T or Y.
  [[nodiscard]] std::int64_t follow_up_us() const { return horizon.us + (from == OutcomeFrom::kWindowEnd ? window.us : 0); }
};

enum class KeepEvents { kFirst, kLast };
// What a token carries beside event, item and minutes.
enum class Channel : std::uint8_t {
  kGap,         // minutes since the session's previous event
  kHour,        // 0 .. 23, UTC
  kWeekday,     // 0 .. 6, Monday first, UTC
  kToTimeZero,  // minutes until time zero
};
constexpr std::size_t kMostChannels = 4;

// What of a row's history is X.
struct SequenceOptions {
  std::uint32_t max_events = 500;
  KeepEvents keep = KeepEvents::kFirst;
  std::uint32_t min_events = 2;     // shorter sequences are padded to this
  std::string padding = "auction";  // event type of padding tokens; empty: no padding
  std::vector<Channel> channels;

  [[nodiscard]] bool has(Channel channel) const {
    for (const Channel entry : channels) {
      if (entry == channel) return true;
    }
    return false;
  }
};

}  // namespace causal_sessions
