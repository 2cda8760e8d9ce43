#include "ingest/inspection/event_roles.h"

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>

#include "core/cold.h"
#include "ingest/schema.h"

namespace causal_sessions {
namespace {

// The way of a visitor. A name is at a stage if one of its words begins so; where several stages have a word of it the latest
// counts, and within a stage the earlier word is the better one.
// Source: the events that GA4's e-commerce measurement, Segment's specification for e-commerce, Matomo and the published data
// sets of exports.cpp name.
enum Stage : std::uint8_t { kAuction, kView, kClick, kCart, kCheckout, kPurchase, kStages };

const std::array<std::vector<std::string_view>, kStages> kWords = {{
    {"auction", "bid", "request"},
    {"impression", "item view", "view item", "product view", "view product", "exposure", "exposed",
     "view",       "pageview",  "shown",     "show",         "display",      "seen",     "detail",
     "delivered",  "sent",      "product",   "browse",       "visit",        "page",     "catalog"},
    {"click", "select", "tap", "open"},
    {"addtocart", "cart", "basket", "bag"},
    {"checkout"},
    {"purchase", "order", "bought", "buy", "paid", "pay", "transaction", "sale", "sold", "conversion", "convert", "book",
     "subscri", "signup", "sign up"},
}};

// What takes a step back is no step on the way, and who looks at a cart has put something into it before.
constexpr std::array<std::string_view, 10> kNoStep = {"remove", "refund", "cancel",    "abandon",   "fail",
                                                      "error",  "delete", "unsubscri", "view cart", "cart view"};
// With these a payment, or a way to it, has been gone to its end, or not yet.
constexpr std::array<std::string_view, 6> kDone = {"complete", "done", "success", "succeed", "confirm", "placed"};
constexpr std::array<std::string_view, 8> kNotYet = {"begin", "start", "initiat", "info", "choice", "choose", "method", "select"};

struct Place {
  int stage = kStages;   // none
  std::size_t rank = 0;  // of the word, the best one first
};

// "AddToCart", "add_to_cart" and "add-to-cart" as " add to cart".
std::string words_of_name(std::string_view name) {
  std::string words;
  char before = ' ';
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z', digit = c >= '0' && c <= '9';
    if (!upper && !lower && !digit && static_cast<unsigned char>(c) < 0x80) {
      before = ' ';
      continue;
    }
    const bool camel = upper && before >= 'a' && before <= 'z';
    if (before == ' ' || camel) words += ' ';
    words += upper ? static_cast<char>(c | 0x20) : c;
    before = c;
  }
  return words;
}

template <std::size_t kCount>
bool has_any(const std::string& words, const std::array<std::string_view, kCount>& any) {
  return std::any_of(any.begin(), any.end(),
                     [&](std::string_view word) { return words.find(" " + std::string(word)) != words.npos; });
}

std::optional<Place> place_of(std::string_view type) {
  const std::string words = words_of_name(type);
  if (has_any(words, kNoStep)) return std::nullopt;
  for (int stage = kStages - 1; stage >= 0; --stage) {
    const auto& own = kWords[static_cast<std::size_t>(stage)];
    const auto word = std::find_if(own.begin(), own.end(),
                                   [&](std::string_view one) { return words.find(" " + std::string(one)) != words.npos; });
    if (word == own.end()) continue;
    const auto rank = static_cast<std::size_t>(word - own.begin());
    if (stage < kCheckout) return Place{stage, rank};
    if (has_any(words, kDone)) return Place{kPurchase, 0};
    if (has_any(words, kNotYet)) return Place{kCheckout, rank};
    return Place{stage, rank};
  }
  return std::nullopt;
}

}  // namespace

COLD bool is_known_type(std::string_view name) { return place_of(name).has_value(); }

COLD std::vector<RoledType> guess_roles(std::vector<TypeRows> types) {
  struct Candidate {
    RoledType type;
    Place place;
  };
  std::vector<Candidate> found;
  for (TypeRows& type : types) {
    const Place place = place_of(type.type).value_or(Place{});
    found.push_back({{std::move(type)}, place});
  }
  std::stable_sort(found.begin(), found.end(), [](const Candidate& a, const Candidate& b) {
    const auto key = [](const Candidate& one) {
      return std::tuple(one.place.stage, UINT64_MAX - one.type.of.rows, one.type.of.type);
    };
    return key(a) < key(b);
  });
  // The best type of the stages from the first to the last, the nearest to the first of both, or the last.
  const auto choose = [&](int first, int last, bool latest) -> Candidate* {
    Candidate* best = nullptr;
    const auto key = [&](const Candidate& one) {
      return std::tuple(latest ? kStages - one.place.stage : one.place.stage, one.place.rank, UINT64_MAX - one.type.of.rows);
    };
    for (Candidate& one : found) {
      if (one.place.stage < first || one.place.stage > last || one.type.role != EventRole::kOther) continue;
      if (best == nullptr || key(one) < key(*best)) best = &one;
    }
    return best;
  };
  const auto unplaced = [&]() -> Candidate* {
    const auto first = std::find_if(found.begin(), found.end(), [](const Candidate& one) {
      return one.place.stage == kStages && one.type.role == EventRole::kOther;
    });
    return first == found.end() ? nullptr : &*first;
  };
  const auto give = [](Candidate* to, EventRole role) {
    if (to != nullptr) to->type.role = role;
    return to;
  };
  Candidate* exposure = choose(kView, kClick, false);
  if (exposure == nullptr) exposure = unplaced();
  give(exposure, EventRole::kExposure);
  const int before = exposure == nullptr || exposure->place.stage == kStages ? +kView : exposure->place.stage;
  // A click is what is done to come to something, and not what was hoped for.
  const Candidate* const outcome = give(choose(std::max(before + 1, +kCart), kPurchase, true), EventRole::kOutcome);
  Candidate* treatment = choose(before + 1, outcome == nullptr ? +kClick : outcome->place.stage - 1, false);
  if (treatment == nullptr && outcome != nullptr) treatment = unplaced();
  give(treatment, EventRole::kTreatment);
  std::vector<RoledType> roled;
  roled.reserve(found.size());
  for (Candidate& one : found) roled.push_back(std::move(one.type));
  return roled;
}

COLD bool has_all_roles(std::span<const RoledType> types) {
  const auto has = [&](EventRole role) {
    return std::any_of(types.begin(), types.end(), [&](const RoledType& type) { return type.role == role; });
  };
  return has(EventRole::kExposure) && has(EventRole::kTreatment) && has(EventRole::kOutcome);
}

COLD const char* role_name(EventRole role) {
  constexpr std::array<const char*, 4> kNames = {"exposure", "treatment", "outcome", "other"};
  return kNames[static_cast<std::size_t>(role)];
}

}  // namespace causal_sessions
