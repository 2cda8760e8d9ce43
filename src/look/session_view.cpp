#include "look/session_view.h"

#include <optional>

#include "formats/json/fields.h"
#include "look/row_session.h"
#include "look/session_list.h"
#include "sequence/session_row.h"
#include "trial/rules.h"

namespace causal_sessions {
namespace {

Json or_null(const std::optional<std::int64_t>& value) { return value ? Json(*value) : Json(); }

class SessionView {
 public:
  SessionView(const Run& run, std::uint32_t row) : run_(run), table_(run.table), row_(row), session_(run) { session_.enter(row); }

  [[nodiscard]] Json json() const {
    Json events = Json::array();
    for (std::uint32_t i = session_.begin; i < session_.end; ++i) events.push_back(event_json(i));
    std::string buffer;
    const bool timed = table_.has_time_zero();
    return Fields()
        .count("row", row_)
        .text("session", session_id(table_, row_, buffer))
        .text("user", table_.users[table_.user[row_]])
        .text_or_null("part", part_name(run_.split, row_))
        .count("length", table_.length(row_))
        .count("treatment", table_.treatment[row_])
        .count("outcome", table_.outcome[row_])
        .flag("censored", table_.censored[row_] != 0)
        .put("trial", timed ? Json(table_.trial[row_]) : Json())
        .put("startUs", table_.start_us[row_])
        .put("timeZeroUs", timed ? Json(table_.time_zero_us[row_]) : Json())
        .put("windowEndUs", or_null(session_.window_end_us))
        .put("horizonEndUs", or_null(session_.horizon_end_us))
        .put("treatmentUs", time_of(session_.treatment))
        .put("outcomeUs", time_of(session_.outcome))
        .put("padding", padding_json())
        .put("events", std::move(events))
        .done();
  }

 private:
  [[nodiscard]] Json time_of(const std::optional<std::uint32_t>& event) const {
    return event ? Json(session_.events.time_us[*event]) : Json();
  }

  [[nodiscard]] Json event_json(std::uint32_t i) const {
    const std::uint32_t at = session_.token_of(i);
    const bool in_x = session_.in_x(i);
    const char* const after = table_.has_time_zero() ? "afterTimeZero" : "afterTreatment";
    const std::uint32_t item = session_.events.item[i];
    return Fields()
        .put("timeUs", session_.events.time_us[i])
        .text("type", session_.events.types[session_.events.type[i]])
        .put("item", item == StringPool::kNone ? Json() : Json(run_.kept->items[item]))
        .put("eventId", in_x ? Json(table_.event_id[at]) : Json())
        .put("itemId", in_x ? Json(table_.item_id[at]) : Json())
        .text("role", in_x                                        ? "x"
                      : i < session_.x_end || before_time_zero(i) ? "cut"
                                                                  : after)
        .text_or_null("decides", i == session_.treatment ? "treatment"
                                 : i == session_.outcome ? "outcome"
                                                         : "")
        .done();
  }

  // Of a matched row, whose X ends at its last exposure, earlier than time zero.
  [[nodiscard]] bool before_time_zero(std::uint32_t i) const {
    return rule_of(session_.setup.kind).controls && session_.events.time_us[i] <= table_.time_zero_us[row_];
  }

  [[nodiscard]] Json padding_json() const {
    if (table_.padding[row_] == 0) return {};
    Fields fields;
    return fields.count("tokens", table_.padding[row_])
        .count("eventId", table_.padding_event_id)
        .count("itemId", table_.padding_item_id)
        .done();
  }

  const Run& run_;
  const SequenceTable& table_;
  const std::uint32_t row_;
  RowSession session_;
};

}  // namespace

std::string session_view_json(const Run& run, std::uint32_t row) {
  return SessionView(run, row).json().dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace causal_sessions
