// What the group with T = 0 is called, where it has another treatment.
#include "trial/control_name.h"

#include <gtest/gtest.h>

#include <string>

#include "estimate/blind.h"
#include "estimate/estimate.h"
#include "support/run.h"
#include "support/simulated.h"
#include "text/audit_text.h"
#include "text/blind_text.h"
#include "text/estimate_text.h"
#include "text/report_html.h"
#include "text/report_text.h"

namespace causal_sessions::control_name {
namespace {

using support::contains;

// Every other click is a tap.
std::string events_with_taps() {
  std::string text = support::simulated({{"events", "30000"}, {"effect", "2"}, {"seed", "3"}});
  bool tap = false;
  for (std::size_t at = 0; (at = text.find(",click,", at)) != text.npos; at += 5) {
    if (tap = !tap; tap) text.replace(at, 7, ",tap,");
  }
  return text;
}

struct Told {
  explicit Told(const std::string& treatment)
      : run(support::plan_of(R"({"profile": "causal", "events": {"types": ["auction", "impression", "click", "tap", "purchase"]},
            "treatment": {)" +
                             treatment + "}}"),
            WithAudit::kYes) {
    EXPECT_TRUE(support::feed(run.reader(), {events_with_taps()}).ok());
    EXPECT_TRUE(run_to_end(run).ok());
    constexpr std::size_t kWidth = 200;
    text = audit_text(*run.audit, kWidth);
    text += estimate_text(estimate_effect(run), kWidth) + blind_text(*run.audit, look_blind(run), kWidth) + report_html(run, {}) +
            report_text(run, "out", {});
  }
  causal_sessions::Run run;
  std::string text;
};

TEST(ControlName, IsTheTreatmentThatTheGroupHas) {
  const Told compared(R"("comparator": "tap")");
  EXPECT_EQ(compared.text.find("untreated"), std::string::npos)
      << compared.text.substr(compared.text.find("untreated") - std::min<std::size_t>(compared.text.find("untreated"), 100), 200);
  EXPECT_TRUE(contains(compared.text, "Outcome rate: treated "));
  EXPECT_TRUE(contains(compared.text, ", \"tap\" "));
  // Of one repair at a time the first steps are the notebook's, which compares with no treatment.
  EXPECT_TRUE(contains(compared.text, "T=0"));
  const Told plain(R"("otherTypes": ["tap"])");
  EXPECT_TRUE(contains(plain.text, ", untreated "));
  EXPECT_EQ(plain.text.find("\"tap\" Y"), std::string::npos);
  EXPECT_EQ(plain.text.find("T=0"), std::string::npos);
}

TEST(ControlName, StandsForTheWordAlone) {
  TrialOptions trial;
  EXPECT_EQ(ControlName(trial).in("{} untreated, {} treated"), "{} untreated, {} treated");
  trial.comparator = "call";
  EXPECT_EQ(ControlName(trial).in("{} untreated, {} treated"), "{} \"call\", {} treated");
  EXPECT_EQ(ControlName(trial).text(), "\"call\"");
}

}  // namespace
}  // namespace causal_sessions::control_name
