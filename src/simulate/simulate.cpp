#include "simulate/simulate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "core/random.h"
#include "simulate/event_stream.h"
#include "simulate/truth_meter.h"

namespace causal_sessions {
namespace {

constexpr std::string_view kHeader = "USER_ID,event_timestamp,event_type,product_id,auction_id,placement\n";
constexpr std::array<std::string_view, 4> kTypeNames = {"auction", "impression", "click", "purchase"};
constexpr std::array<std::string_view, 7> kPlacementNames = {"search_results", "home_carousel", "product_page", "category",
                                                             "cart",           "mail",          "checkout"};
constexpr std::uint64_t kRowsPerCall = 4096;
constexpr std::size_t kMaxRowLength = 192;

enum IdKind : std::uint64_t { kUserId = 101, kItemId, kAuctionId };

// "00" .. "ff" and "00" .. "99", two bytes each.
constexpr auto kHexPairs = [] {
  std::array<char, 512> pairs{};
  for (std::size_t i = 0; i < 256; ++i) {
    pairs[2 * i] = "0123456789abcdef"[i / 16];
    pairs[2 * i + 1] = "0123456789abcdef"[i % 16];
  }
  return pairs;
}();
constexpr auto kDecimalPairs = [] {
  std::array<char, 200> pairs{};
  for (std::size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

char* put_text(char* at, std::string_view text) {
  std::memcpy(at, text.data(), text.size());
  return at + text.size();
}

char* put_decimal_pair(char* at, std::uint32_t value) {
  std::memcpy(at, &kDecimalPairs[2 * value], 2);
  return at + 2;
}

char* put_hex(char* at, std::uint64_t word, int first_byte, int last_byte) {
  for (int byte = first_byte; byte <= last_byte; ++byte, at += 2) {
    std::memcpy(at, &kHexPairs[2 * ((word >> (56 - 8 * byte)) & 0xff)], 2);
  }
  return at;
}

// A random UUID (RFC 9562, version 4), the same for the same seed, kind and number.
char* put_uuid(char* at, StreamKey ids, std::uint64_t number) {
  const std::uint64_t high = ids.child(number).value;
  const std::uint64_t low = mix64(high + ids.value) | 0x8000000000000000u;
  const std::uint64_t versioned = (high & ~std::uint64_t{0xf000}) | 0x4000u;
  at = put_hex(at, versioned, 0, 3);
  *at++ = '-';
  at = put_hex(at, versioned, 4, 5);
  *at++ = '-';
  at = put_hex(at, versioned, 6, 7);
  *at++ = '-';
  at = put_hex(at, low & ~std::uint64_t{0x4000000000000000u}, 0, 1);
  *at++ = '-';
  return put_hex(at, low, 2, 7);
}

// "2025-09-05 00:11:14.887526"; days to dates after Hinnant, chrono-compatible low-level date
// algorithms.
char* put_time(char* at, std::int64_t time_us) {
  const auto seconds = static_cast<std::uint64_t>(time_us / 1'000'000);
  const auto micros = static_cast<std::uint32_t>(time_us % 1'000'000);
  const std::uint64_t day = seconds / 86400 + 719468;
  const auto second_of_day = static_cast<std::uint32_t>(seconds % 86400);
  const std::uint64_t era = day / 146097;
  const auto day_of_era = static_cast<std::uint32_t>(day % 146097);
  const std::uint32_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::uint32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::uint32_t march_month = (5 * day_of_year + 2) / 153;
  const std::uint32_t month = march_month < 10 ? march_month + 3 : march_month - 9;
  const auto year = static_cast<std::uint32_t>(era * 400 + year_of_era + (month <= 2 ? 1 : 0));

  at = put_decimal_pair(put_decimal_pair(at, year / 100), year % 100);
  *at++ = '-';
  at = put_decimal_pair(at, month);
  *at++ = '-';
  at = put_decimal_pair(at, day_of_year - (153 * march_month + 2) / 5 + 1);
  *at++ = ' ';
  at = put_decimal_pair(at, second_of_day / 3600);
  *at++ = ':';
  at = put_decimal_pair(at, second_of_day / 60 % 60);
  *at++ = ':';
  at = put_decimal_pair(at, second_of_day % 60);
  *at++ = '.';
  return put_decimal_pair(put_decimal_pair(put_decimal_pair(at, micros / 10000), micros / 100 % 100), micros % 100);
}

char* put_row(char* at, const SimulatedRow& row, StreamKey root) {
  at = put_uuid(put_text(at, "ext1:"), root.child(kUserId), row.user);
  *at++ = ',';
  at = put_time(at, row.time_us);
  *at++ = ',';
  at = put_text(at, kTypeNames[static_cast<std::size_t>(row.type)]);
  *at++ = ',';
  if (row.item != SimulatedRow::kNoItem) at = put_uuid(at, root.child(kItemId), row.item);
  *at++ = ',';
  if (row.auction != SimulatedRow::kNoAuction) at = put_uuid(at, root.child(kAuctionId), row.auction);
  *at++ = ',';
  at = put_text(at, kPlacementNames[row.placement]);
  *at++ = '\n';
  return at;
}

}  // namespace

SimulateOptions small_example() {
  SimulateOptions options;
  options.events = 20'000;
  options.effect = 3;
  options.seed = 8;
  return options;
}

Simulator::Simulator(const SimulateOptions& options, WithTruth with_truth) : options_(options) {
  EventStream::OnExposure on_exposure;
  if (with_truth == WithTruth::kYes) {
    meter_ = std::make_unique<TruthMeter>(options);
    on_exposure = [meter = meter_.get()](const Visit& visit, std::int64_t t0_us, StreamKey key) {
      meter->follow(visit, t0_us, key);
    };
  }
  stream_ = std::make_unique<EventStream>(options, std::move(on_exposure));
}

Simulator::~Simulator() = default;
Simulator::Simulator(Simulator&&) noexcept = default;
Simulator& Simulator::operator=(Simulator&&) noexcept = default;

bool Simulator::next(ByteSink& sink) {
  if (rows_ == 0) sink.put(kHeader);
  const std::uint64_t end = std::min(options_.events, rows_ + kRowsPerCall);
  const StreamKey root{options_.seed};
  char text[kMaxRowLength];
  for (; rows_ < end; ++rows_) {
    const char* last = put_row(text, stream_->next(), root);
    sink.put(std::string_view(text, static_cast<std::size_t>(last - text)));
  }
  return rows_ < options_.events;
}

Truth Simulator::truth() const { return meter_ ? meter_->truth() : Truth{}; }

}  // namespace causal_sessions
