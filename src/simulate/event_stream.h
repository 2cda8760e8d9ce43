// The simulated events in file order, as plain rows; simulate.cpp gives them their text.
//
// Two heaps: users by the time they act next, and rows by their place in the file. A row is handed
// out once no user acts before it. Ties in the first go by user, in the second by order of making,
// so the order is total.
//
// Cost: memory for users who will return and for rows of the next minutes, whatever the number of
// events.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "simulate/behaviour.h"
#include "simulate/options.h"

namespace causal_sessions {

enum class RowType : std::uint8_t { kAuction, kImpression, kClick, kPurchase };

struct SimulatedRow {
  static constexpr std::uint32_t kNoItem = 0xffffffffu;
  static constexpr std::uint64_t kNoAuction = ~std::uint64_t{0};

  std::int64_t place_us = 0;  // its place in the file: the time, or later
  std::uint64_t order = 0;    // among equal places
  std::int64_t time_us = 0;
  std::uint64_t auction = kNoAuction;
  std::uint32_t user = 0;
  std::uint32_t item = kNoItem;
  RowType type = RowType::kAuction;
  std::uint8_t placement = 0;
};

// Auctions have placements 0 .. 4.
inline constexpr std::uint8_t kPlacementMail = 5;      // of clicks from outside
inline constexpr std::uint8_t kPlacementCheckout = 6;  // of purchases

[[nodiscard]] Behaviour behaviour_of(const SimulateOptions& options);

class EventStream {
 public:
  // Called at every exposure, before anything that follows the impressions is drawn.
  using OnExposure = std::function<void(const Visit& visit, std::int64_t t0_us, StreamKey visit_key)>;

  explicit EventStream(const SimulateOptions& options, OnExposure on_exposure = {});

  SimulatedRow next();

 private:
  struct Turn {
    std::int64_t time_us;
    std::uint32_t user;
    std::uint32_t slot;  // in visits_
  };
  // What one exposure shows: its items and the auction they share.
  struct Shown {
    std::uint32_t items[6];
    std::uint32_t count;
    std::uint64_t auction;
    std::uint8_t placement;
  };

  void plan_arrival();
  void let_in();
  void take_turn();
  void open(Visit& visit, StreamKey key);
  void run_exposure(Visit& visit, StreamKey key);
  void end_visit(const Visit& visit, StreamKey key);
  void follow(const Visit& visit, const Shown& shown, const ExposureDraws& draws, std::int64_t t0_us, bool click,
              Purchase purchase, Xoshiro256& random);
  void wait_for(const Visit& visit);
  Shown show(const Visit& visit, const ExposureDraws& draws, Xoshiro256& random);
  std::uint32_t draw_item(std::uint32_t user, Xoshiro256& random);
  void add_row(SimulatedRow row, Xoshiro256& random);

  Behaviour behaviour_;
  StreamKey root_;
  std::int64_t clock_us_;  // a tick of the clock that the rows are told by
  std::uint32_t items_;
  std::uint32_t late_per_million_;
  double users_per_day_;
  std::uint32_t arrivals_left_;  // of users
  OnExposure on_exposure_;

  std::uint32_t arrived_ = 0;
  std::int64_t next_arrival_us_ = 0;
  std::uint64_t rows_made_ = 0;
  std::uint64_t auctions_made_ = 0;
  std::vector<Visit> visits_;
  std::vector<std::uint32_t> free_slots_;
  std::vector<Turn> turns_;         // heap, earliest first
  std::vector<SimulatedRow> rows_;  // heap, earliest place first
};

}  // namespace causal_sessions
