#include "trial/rules.h"

#include <array>

namespace causal_sessions {
namespace {

//                                                 kind   time zero  window  exposure  controls
constexpr std::array<Rule, 4> kRules = {Rule{IndexKind::kSession, false, false, false, false, add_session_rows},
                                        Rule{IndexKind::kExposure, true, true, true, false, add_exposure_rows},
                                        Rule{IndexKind::kLandmark, true, true, false, false, add_landmark_rows},
                                        Rule{IndexKind::kMatched, true, false, false, true, add_matched_rows}};

}  // namespace

const Rule& rule_of(IndexKind kind) {
  for (const Rule& rule : kRules) {
    if (rule.kind == kind) return rule;
  }
  return kRules.front();
}

}  // namespace causal_sessions
