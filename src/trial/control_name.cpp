#include "trial/control_name.h"

#include "core/wording.h"

namespace causal_sessions {

ControlName::ControlName(const TrialOptions& trial) {
  is_named_ = trial.compares();
  if (is_named_) text_ = filled("\"{}\"", {visible(trial.comparator)});
}

std::string ControlName::in(std::string_view words) const {
  constexpr std::string_view kWord = "untreated";
  std::string text(words);
  for (std::size_t at = 0; (at = text.find(kWord, at)) != text.npos; at += text_.size()) text.replace(at, kWord.size(), text_);
  return text;
}

}  // namespace causal_sessions
