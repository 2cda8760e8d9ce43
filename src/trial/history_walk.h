// What a user has done up to a position: a walk over the user's events that stops at each row's time zero.
//
// Units:  microseconds since 1970-01-01 UTC; positions of ordered events.
// Cost:   each event once where the stops come in order, else from the user's first one on again; twelve bytes an item. Where an
//         event was not known at the stop before, from the user's first one on again too; and a bit an event.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "session/order.h"
#include "trial/known_events.h"

namespace causal_sessions {

class HistoryWalk {
 public:
  // What the events of a user are counted as; those of a type may be several.
  enum Kind : std::uint8_t { kExposure, kTreatment, kOutcome };
  static constexpr std::size_t kKinds = 3;

  struct Past {
    std::uint32_t count = 0;
    std::int64_t last_us = 0;  // where there is one
  };

  // By event type: the column that counts it, and whether its items are looked at. By kind: its event type.
  HistoryWalk(const OrderedEvents& events, std::vector<std::uint8_t> column_of_type, std::vector<std::uint8_t> has_item,
              std::array<std::uint8_t, kKinds> type_of_kind);

  // To the end of a history, from the session's first event and the user's.
  void go(std::uint32_t user_begin, std::uint32_t session_begin, std::uint32_t end);
  // The same over the events alone that were known at a row's time zero, and the sessions that these make.
  void go(std::uint32_t user_begin, std::uint32_t end, const KnownEvents& known);
  // Of the walk at hand: events that were not known yet.
  [[nodiscard]] std::uint32_t unknown() const { return unknown_; }
  // Of all walks: those that were not known in one of them, each once.
  [[nodiscard]] std::uint64_t late_events() const;

  // --- of the session, up to the end ---
  [[nodiscard]] std::uint32_t events_in_session() const { return in_session_count_; }
  [[nodiscard]] std::uint32_t session_number() const { return number_; }  // of the sessions of known events
  [[nodiscard]] std::span<const std::uint32_t> by_column() const { return by_column_; }
  [[nodiscard]] std::uint32_t distinct_items() const { return distinct_; }
  // Of a session with an event.
  [[nodiscard]] std::int64_t first_us() const { return events_.time_us[session_begin_]; }
  [[nodiscard]] std::int64_t last_us() const { return events_.time_us[last_]; }
  // The last event at another instant than the given one, which none is later than; the instant itself without one.
  [[nodiscard]] std::int64_t last_us_before(std::int64_t time_us) const {
    return last_us() != time_us ? last_us() : has_earlier_ ? earlier_us_ : time_us;
  }
  // The different items of the last instant at which the session had exposures, and that instant.
  [[nodiscard]] std::span<const std::uint32_t> index_items() const { return index_items_; }
  [[nodiscard]] std::int64_t index_us() const { return index_us_; }

  // --- of the user, up to the end ---
  [[nodiscard]] std::uint32_t exposures_after(std::int64_t time_us) const;
  // Whether an index item was shown before that instant, or treated, in an earlier session too.
  [[nodiscard]] bool shown_before() const;
  [[nodiscard]] bool treated_before() const;

  // --- of the user, before the session ---
  [[nodiscard]] std::int64_t user_first_us() const { return events_.time_us[user_first_]; }
  [[nodiscard]] const Past& earlier(Kind kind) const { return earlier_[kind]; }

 private:
  // By item, the position that had it first since the session or the user began. One that the walk has not passed, or that is
  // before its begin, is left from another walk.
  using FirstPositions = std::vector<std::uint32_t>;

  void enter_user(std::uint32_t begin);
  void enter_session(std::uint32_t begin);
  void walk_to(std::uint32_t end);
  void pass(std::uint32_t position);
  void forget_items(std::uint32_t begin, std::uint32_t end);
  void enter_index(std::int64_t time_us);
  // Whether the walk is at the first position that has an item, which is noted.
  [[nodiscard]] bool is_first(FirstPositions& first, std::uint32_t item, std::uint32_t begin) const;
  [[nodiscard]] static bool had(const FirstPositions& first, std::uint32_t item, std::uint32_t begin, std::uint32_t end) {
    return item < first.size() && first[item] >= begin && first[item] < end;
  }
  [[nodiscard]] bool is(Kind kind, std::uint8_t type) const { return type_of_kind_[kind] == type; }

  const OrderedEvents& events_;
  std::vector<std::uint8_t> column_of_type_, has_item_;
  std::array<std::uint8_t, kKinds> type_of_kind_;
  bool begun_ = false, in_earlier_session_ = false;
  std::uint32_t user_begin_ = 0, session_begin_ = 0, at_ = 0;  // walked: [user_begin_, at_)
  std::uint32_t user_first_ = 0, last_ = 0;                    // events that were passed
  // Where not all are known.
  std::uint32_t unknown_ = 0, number_ = 0;
  std::int64_t known_until_us_ = INT64_MIN;  // when the last of the passed ones became known
  std::vector<bool> late_;                   // by event
  FirstPositions in_session_, shown_, treated_;
  // Of the user.
  std::array<Past, kKinds> all_{}, earlier_{};
  std::vector<std::int64_t> exposures_us_;
  // Of the session.
  std::vector<std::uint32_t> by_column_;
  std::uint32_t in_session_count_ = 0, distinct_ = 0;
  bool has_earlier_ = false;     // an event before the instant of the last one
  std::int64_t earlier_us_ = 0;  // the last such
  bool has_index_ = false;
  std::uint32_t index_begin_ = 0;  // first position of its exposures
  std::int64_t index_us_ = 0;
  std::vector<std::uint32_t> index_items_;
};

}  // namespace causal_sessions
