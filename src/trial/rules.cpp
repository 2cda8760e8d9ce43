#include "trial/rules.h"

#include <array>

namespace causal_sessions {
namespace {

//                                                 kind   time zero  window  exposure  controls
constexpr std::array<Rule, 4> kRules = {Rule{IndexKind::kSession, false, false, false, false, add_session_rows},
                                        Rule{IndexKind::kExposure, true, true, true, false, add_exposure_rows},
                                        Rule{IndexKind::kLandmark, true, true, false, false, add_landmark_rows},
                                        Rule{IndexKind::kMatched, true, false, false, true, add_matched_rows}};

constexpr bool stand_by_kind() {
  for (std::size_t i = 0; i < kRules.size(); ++i) {
    if (static_cast<std::size_t>(kRules[i].kind) != i) return false;
  }
  return true;
}
static_assert(stand_by_kind());

}  // namespace

const Rule& rule_of(IndexKind kind) { return kRules[static_cast<std::size_t>(kind)]; }

}  // namespace causal_sessions
