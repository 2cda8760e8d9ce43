#include "simulate/event_stream.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

#include "core/portable_math.h"
#include "simulate/units.h"

namespace causal_sessions {
namespace {

constexpr std::int64_t kStartUs = 1'757'030'400 * kSecond;  // 2025-09-05 00:00:00 UTC

// Streams of an experiment and, above those of the behaviour, of a visit.
constexpr std::uint64_t kVisitsStream = 1;
constexpr std::uint64_t kArrivalsStream = 2;
constexpr std::uint64_t kInterestsStream = 3;
constexpr std::uint64_t kTraitsStream = 4;
constexpr std::uint64_t kDetailsStream = std::uint64_t{1} << 32;

// Arrivals by hour of day, in thousandths.
constexpr std::uint32_t kHours[24] = {22, 13, 8, 6, 5, 8, 16, 27, 38, 48, 54, 57, 57, 54, 52, 51, 52, 55, 61, 70, 78, 75, 57, 36};

// A user's arrival: position counts days of constant density; within a day the hours stretch and
// shrink.
std::int64_t arrival_us(double position) {
  const auto day = static_cast<std::int64_t>(position);
  double thousandths = (position - static_cast<double>(day)) * 1000;
  std::int64_t hour = 0;
  while (hour < 23 && thousandths >= kHours[hour]) thousandths -= kHours[hour++];
  const double within = thousandths / kHours[hour];
  return kStartUs + (day * 24 + hour) * kHour + static_cast<std::int64_t>(within * static_cast<double>(kHour));
}

// Popularity falls as 1 / (rank + 16): an octave of ranks, then a rank within it.
std::uint32_t draw_rank(std::uint32_t items, Xoshiro256& random) {
  constexpr std::uint32_t kFirstOctave = 4;
  constexpr std::uint32_t kShift = 1u << kFirstOctave;
  const auto octaves = static_cast<std::uint32_t>(std::bit_width(kShift + items - 1)) - kFirstOctave;
  while (true) {
    const std::uint64_t bits = random.next_u64();
    const auto octave = kFirstOctave + static_cast<std::uint32_t>(((bits >> 32) * octaves) >> 32);
    const std::uint32_t rank = (1u << octave) + (static_cast<std::uint32_t>(bits) & ((1u << octave) - 1));
    if (rank - kShift < items) return rank - kShift;
  }
}

std::uint8_t draw_placement(Xoshiro256& random) {
  const std::uint32_t percent = random.below(100);
  std::uint8_t placement = 0;
  for (const std::uint32_t below : {38u, 62u, 80u, 93u})
    placement = static_cast<std::uint8_t>(placement + (percent >= below ? 1 : 0));
  return placement;
}

// Auctions that show nothing before the next exposure.
std::uint32_t draw_empty_auctions(Xoshiro256& random) {
  const std::uint32_t percent = random.below(100);
  std::uint32_t count = 0;
  for (const std::uint32_t below : {35u, 62u, 82u, 92u}) count += percent >= below ? 1 : 0;
  return count;
}

constexpr auto kLaterTurn = [](const auto& a, const auto& b) {
  return a.time_us != b.time_us ? a.time_us > b.time_us : a.user > b.user;
};
constexpr auto kLaterPlace = [](const SimulatedRow& a, const SimulatedRow& b) {
  return a.place_us != b.place_us ? a.place_us > b.place_us : a.order > b.order;
};

}  // namespace

Behaviour behaviour_of(const SimulateOptions& options) {
  return {.effect = options.effect,
          .confounding = options.confounding,
          .varying = options.varying,
          .overlap = options.overlap,
          .hidden = options.hidden,
          .carryover = options.carryover,
          .impulse = options.impulse,
          .pace = options.pace,
          .linger = options.linger,
          .always_returns = options.users != 0};
}

EventStream::EventStream(const SimulateOptions& options, OnExposure on_exposure)
    : behaviour_(behaviour_of(options)), root_(StreamKey{options.seed}),
      clock_us_(std::max<std::int64_t>(1, static_cast<std::int64_t>(options.coarse_clock * kSecond))),
      on_exposure_(std::move(on_exposure)) {
  const auto events = static_cast<double>(options.events);
  const bool given = options.users != 0;
  const double users = given ? static_cast<double>(options.users) : std::max(1.0, events / kRowsPerUser);
  // A given number of users must all have come before their rows are complete.
  constexpr double kRowsPerUserAndDay = 25;
  const double days = given ? std::min(options.days, events / users / kRowsPerUserAndDay) : options.days;
  users_per_day_ = users / days;
  arrivals_left_ = given ? options.users : std::numeric_limits<std::uint32_t>::max();
  items_ = options.items != 0 ? options.items
                              : static_cast<std::uint32_t>(std::clamp<std::uint64_t>(options.events / 20, 500, 500'000));
  late_per_million_ = static_cast<std::uint32_t>(options.late_share * 1e6);
  plan_arrival();
}

void EventStream::plan_arrival() {
  if (arrivals_left_ == 0) {
    next_arrival_us_ = std::numeric_limits<std::int64_t>::max();
    return;
  }
  --arrivals_left_;
  Xoshiro256 random(root_.child(kArrivalsStream).child(arrived_));
  next_arrival_us_ = arrival_us((arrived_ + random.uniform()) / users_per_day_);
}

void EventStream::let_in() {
  Visit visit;
  visit.user = arrived_++;
  visit.next_us = next_arrival_us_;
  visit.trait = draw_trait(root_.child(kTraitsStream).child(visit.user));
  wait_for(visit);
  plan_arrival();
}

void EventStream::wait_for(const Visit& visit) {
  std::uint32_t slot = static_cast<std::uint32_t>(visits_.size());
  if (free_slots_.empty()) {
    visits_.push_back(visit);
  } else {
    slot = free_slots_.back();
    free_slots_.pop_back();
    visits_[slot] = visit;
  }
  turns_.push_back({visit.next_us, visit.user, slot});
  std::push_heap(turns_.begin(), turns_.end(), kLaterTurn);
}

SimulatedRow EventStream::next() {
  while (true) {
    const std::int64_t turn_us = turns_.empty() ? next_arrival_us_ : std::min(turns_.front().time_us, next_arrival_us_);
    if (!rows_.empty() && rows_.front().place_us < turn_us) break;
    if (turn_us == next_arrival_us_) {
      let_in();
    } else {
      take_turn();
    }
  }
  std::pop_heap(rows_.begin(), rows_.end(), kLaterPlace);
  const SimulatedRow row = rows_.back();
  rows_.pop_back();
  return row;
}

void EventStream::take_turn() {
  std::pop_heap(turns_.begin(), turns_.end(), kLaterTurn);
  const std::uint32_t slot = turns_.back().slot;
  turns_.pop_back();
  Visit visit = visits_[slot];
  free_slots_.push_back(slot);

  const StreamKey key = visit_key(root_.child(kVisitsStream), visit);
  if (visit.opened) {
    run_exposure(visit, key);
  } else {
    open(visit, key);
  }
}

void EventStream::open(Visit& visit, StreamKey key) {
  Xoshiro256 random(key.child(kDetailsStream));
  SimulatedRow row{.time_us = visit.next_us, .user = visit.user};
  switch (open_visit(visit, key)) {
    case Opening::kAuction: return run_exposure(visit, key);
    case Opening::kClick:
      row.type = RowType::kClick;
      row.item = draw_item(visit.user, random);
      row.placement = kPlacementMail;
      add_row(row, random);
      return wait_for(visit);
    case Opening::kLonelyAuction:
      row.auction = auctions_made_++;
      row.placement = draw_placement(random);
      add_row(row, random);
      return end_visit(visit, key);
  }
}

void EventStream::run_exposure(Visit& visit, StreamKey key) {
  const ExposureDraws draws = draw_exposure(behaviour_, key, visit.exposures);
  Xoshiro256 random(key.child(kDetailsStream + 1 + visit.exposures));
  const Shown shown = show(visit, draws, random);
  const std::int64_t t0_us = expose(visit, draws);
  if (on_exposure_) on_exposure_(visit, t0_us, key);

  const bool click = draws.click_level < click_probability(behaviour_, visit, t0_us);
  const Purchase purchase = conclude_exposure(behaviour_, visit, draws, t0_us, click);
  follow(visit, shown, draws, t0_us, click, purchase, random);
  if (visit_ends(visit, draws)) {
    end_visit(visit, key);
  } else {
    wait_for(visit);
  }
}

EventStream::Shown EventStream::show(const Visit& visit, const ExposureDraws& draws, Xoshiro256& random) {
  Shown shown{.items = {}, .count = draws.impressions, .auction = auctions_made_++, .placement = draw_placement(random)};
  for (std::uint32_t i = 0; i < shown.count; ++i) {
    std::uint32_t item = draw_item(visit.user, random);
    // An exposure shows an item once; otherwise its impressions would be duplicate rows.
    while (std::find(shown.items, shown.items + i, item) != shown.items + i) item = (item + 1) % items_;
    shown.items[i] = item;
  }

  SimulatedRow row{.time_us = visit.next_us, .auction = shown.auction, .user = visit.user, .placement = shown.placement};
  add_row(row, random);
  row.type = RowType::kImpression;
  row.time_us += draws.impression_delay_us;
  for (std::uint32_t i = 0; i < shown.count; ++i) {
    row.item = shown.items[i];
    add_row(row, random);
  }
  return shown;
}

// The rows after the impressions: clicks, a purchase soon after, and auctions that show nothing.
void EventStream::follow(const Visit& visit, const Shown& shown, const ExposureDraws& draws, std::int64_t t0_us, bool click,
                         Purchase purchase, Xoshiro256& random) {
  const std::uint32_t chosen = shown.items[random.below(shown.count)];
  SimulatedRow row{.time_us = t0_us + draws.click_delay_us,
                   .auction = shown.auction,
                   .user = visit.user,
                   .item = chosen,
                   .type = RowType::kClick,
                   .placement = shown.placement};
  if (click) {
    add_row(row, random);
    if (draws.second_click_delay_us != 0) {
      row.time_us += draws.second_click_delay_us;
      row.item = shown.items[random.below(shown.count)];
      add_row(row, random);
    }
  }
  if (purchase == Purchase::kSoon) {
    add_row({.time_us = t0_us + draws.purchase_delay_us,
             .user = visit.user,
             .item = chosen,
             .type = RowType::kPurchase,
             .placement = kPlacementCheckout},
            random);
  }

  if (buys_on_impulse(behaviour_, draws)) {
    add_row({.time_us = t0_us + draws.impulse_delay_us,
             .user = visit.user,
             .item = chosen,
             .type = RowType::kPurchase,
             .placement = kPlacementCheckout},
            random);
  }

  const auto aside = static_cast<std::int64_t>(static_cast<double>(5 * kSecond) / behaviour_.pace);
  for (std::uint32_t left = draw_empty_auctions(random); left > 0; --left) {
    const double share = random.uniform();
    const auto wait_us = static_cast<std::int64_t>(share * static_cast<double>(draws.gap_us - 2 * aside));
    add_row({.time_us = t0_us + aside + wait_us,
             .auction = auctions_made_++,
             .user = visit.user,
             .placement = draw_placement(random)},
            random);
  }
}

void EventStream::end_visit(const Visit& visit, StreamKey key) {
  const Afterwards after = after_visit(behaviour_, visit, key);
  if (visit.purchase_pending) {
    Xoshiro256 random(key.child(kDetailsStream - 1));
    add_row({.time_us = after.purchase_us,
             .user = visit.user,
             .item = draw_item(visit.user, random),
             .type = RowType::kPurchase,
             .placement = kPlacementCheckout},
            random);
  }
  if (after.returns) wait_for(next_visit(visit, after.return_us));
}

// Three items in ten come from the user's six interests, which come back visit after visit; the
// rest by popularity.
std::uint32_t EventStream::draw_item(std::uint32_t user, Xoshiro256& random) {
  if (random.below(10) >= 3) return draw_rank(items_, random);
  Xoshiro256 interest(root_.child(kInterestsStream).child(user).child(random.below(6)));
  return draw_rank(items_, interest);
}

void EventStream::add_row(SimulatedRow row, Xoshiro256& random) {
  row.order = rows_made_++;
  row.place_us = row.time_us;
  row.time_us -= row.time_us % clock_us_;
  if (random.below(1'000'000) < late_per_million_) {
    row.place_us += 20 * kSecond + static_cast<std::int64_t>(random.uniform() * static_cast<double>(1180 * kSecond));
  }
  rows_.push_back(row);
  std::push_heap(rows_.begin(), rows_.end(), kLaterPlace);
}

}  // namespace causal_sessions
