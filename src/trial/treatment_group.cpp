#include "trial/treatment_group.h"

#include <algorithm>

#include "core/cold.h"
#include "core/wording.h"
#include "trial/trial_setup.h"

namespace causal_sessions {
namespace {

constexpr std::size_t kShownTexts = 5;

}  // namespace

TreatmentGroup::TreatmentGroup(const TrialOptions& trial, const GroupedValues& values, std::size_t place,
                               const std::vector<std::string>& types)
    : texts_of_group_(trial.group_values), values_(values), column_(values.columns[place]),
      treatment_(type_id(types, trial.treatment)), other_(static_cast<std::uint8_t>(types.size())) {}

COLD void TreatmentGroup::tell_apart(OrderedEvents& events, std::uint32_t user, std::uint32_t begin, std::uint32_t end) {
  const std::uint32_t* const of_user = column_.codes.data() + values_.user_begin[user];
  for (std::uint32_t i = begin; i < end; ++i) {
    if (events.type[i] != treatment_) continue;
    if (holds(of_user[events.input_rank[i]])) ++counts_.treatments;
    else events.type[i] = other_;
  }
}

bool TreatmentGroup::holds(std::uint32_t code) {
  const bool lacks = code == StringPool::kNone;
  const auto is = [&](const std::string& text) { return column_.texts[code] == text; };
  if (!lacks && std::any_of(texts_of_group_.begin(), texts_of_group_.end(), is)) return true;
  ++counts_.others;
  counts_.lacking += lacks;
  const bool enough = other_codes_.size() == kShownTexts;
  if (!lacks && !enough && std::find(other_codes_.begin(), other_codes_.end(), code) == other_codes_.end())
    other_codes_.push_back(code);
  return false;
}

std::string TreatmentGroup::other_texts() const {
  std::string list;
  for (const std::uint32_t code : other_codes_)
    list += filled("{}\"{}\"", {list.empty() ? "" : ", ", visible(column_.texts[code])});
  return list;
}

}  // namespace causal_sessions
