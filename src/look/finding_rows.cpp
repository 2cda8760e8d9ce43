#include "look/finding_rows.h"

namespace causal_sessions {
namespace {

// The last event of a type in X; kNone if there is none.
constexpr std::uint32_t kNone = 0xFFFFFFFFu;
std::uint32_t last_in_x(const RowSession& session, std::uint8_t type) {
  for (std::uint32_t at = session.x_end; at-- > session.begin;) {
    if (session.events.type[at] == type && session.in_x(at)) return at;
  }
  return kNone;
}

bool is_late(const SequenceTable& table, const RowSession& session, std::uint32_t event) {
  return session.events.time_us[event] > table.time_zero_us[session.row];
}

// As the audit counts them: an outcome in X by which Y is 1, a treatment in X by which T is.
bool outcome_in_x(const SequenceTable& table, const RowSession& session) {
  const std::uint32_t at = last_in_x(session, session.setup.outcome_type);
  if (at == kNone) return false;
  if (table.has_time_zero()) return is_late(table, session, at);
  return session.setup.prior == PriorOutcome::kCount || table.treatment[session.row] == 0 ||
         last_in_x(session, session.setup.treatment_type) != kNone;
}

bool treatment_in_x(const SequenceTable& table, const RowSession& session) {
  const std::uint32_t at = last_in_x(session, session.setup.treatment_type);
  return at != kNone && (!table.has_time_zero() || is_late(table, session, at));
}

bool outcome_before_treatment(const SequenceTable& table, const RowSession& session) {
  if (table.outcome[session.row] == 0 || !session.treatment) return false;
  if (table.has_time_zero()) return session.outcome && *session.outcome < *session.treatment;
  for (std::uint32_t at = session.begin; at < *session.treatment; ++at) {
    if (session.events.type[at] == session.setup.outcome_type) return true;
  }
  return false;
}

bool outcome_in_window(const SequenceTable& table, const RowSession& session) {
  return table.treatment[session.row] == 0 && session.outcome && session.window_end_us &&
         session.events.time_us[*session.outcome] <= *session.window_end_us;
}

// Two events at one time, or two that are the same in all.
bool has_tie(const RowSession& session, bool same) {
  const OrderedEvents& events = session.events;
  for (std::uint32_t at = session.begin + 1; at < session.end; ++at) {
    if (events.time_us[at] != events.time_us[at - 1]) continue;
    if (!same || (events.type[at] == events.type[at - 1] && events.item[at] == events.item[at - 1])) return true;
  }
  return false;
}

bool is_treated(const SequenceTable& table, const RowSession& session) { return table.treatment[session.row] != 0; }
bool is_padded(const SequenceTable& table, const RowSession& session) { return table.padding[session.row] != 0; }
bool is_tied(const SequenceTable&, const RowSession& session) { return has_tie(session, false); }

}  // namespace

const FindingRows::Entry FindingRows::kEntries[] = {
    {"outcomeInX", outcome_in_x},
    {"treatmentInX", treatment_in_x},
    {"paddingInOneArm", is_padded},
    {"paddingTellsTreatment", is_padded},
    {"outcomeBeforeTreatment", outcome_before_treatment},
    {"immortalTime", outcome_in_window},
    {"lengthTellsTreatment", is_treated},
    {"spanTellsTreatment", is_treated},
    {"lastEventTellsTreatment", is_treated},
    {"armDecidedInWindow", is_treated},
    {"tiesChangeSessions", is_tied},
    {"tiesDecidedByRule", is_tied},
    {"duplicates", [](const SequenceTable&, const RowSession& session) { return has_tie(session, true); }},
    {"censoredRows", [](const SequenceTable& table, const RowSession& session) { return table.censored[session.row] != 0; }},
    {"coarseClock", [](const SequenceTable& table,
                       const RowSession& session) { return session.treatment && !is_late(table, session, *session.treatment); }},
};

FindingRows::FindingRows(const Run& run, std::string_view code) : table_(run.table), session_(run) {
  for (const Entry& entry : kEntries) {
    if (entry.code == code) shows_ = entry.shows;
  }
}

bool FindingRows::shows(std::uint32_t row) {
  if (shows_ == nullptr) return false;
  session_.enter(row);
  return shows_(table_, session_);
}

}  // namespace causal_sessions
