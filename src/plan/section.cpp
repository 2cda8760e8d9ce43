#include "plan/section.h"

#include <algorithm>
#include <cmath>

namespace causal_sessions {

std::string join(std::span<const std::string> words) {
  std::string text;
  for (const std::string& word : words) text.append(text.empty() ? "" : ", ").append(word);
  return text;
}

std::string shown(const Section::Json& value) {
  std::string text = value.dump(-1, ' ', false, Section::Json::error_handler_t::replace);
  constexpr std::size_t kMost = 57;
  if (text.size() <= kMost + 3) return text;
  std::size_t end = kMost;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // between characters
  return text.substr(0, end) + "...";
}

Section::Section(const Json& parent, const char* key, std::optional<Error>& error) : path_(key), error_(error) {
  const auto found = parent.find(key);
  if (found == parent.end()) return;
  if (found->is_object()) {
    object_ = &*found;
  } else {
    refuse("", *found, "it must be an object");
  }
}

Section::Section(const Json& whole, std::optional<Error>& error) : object_(&whole), error_(error) {}

Section::~Section() {
  if (object_ == nullptr) return;
  for (const auto& [key, value] : object_->items()) {
    if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
    if (error_) return;
    const std::string owner = path_.empty() ? "the plan" : path_;
    error_ = Error{ErrorCode::kBadPlan, full(key) + " is not a plan key; " + owner + " has " + join(known_), {}};
    error_->where.column = full(key);
  }
}

const Section::Json* Section::find(const char* key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.push_back(key);
  if (object_ == nullptr) return nullptr;
  const auto found = object_->find(key);
  return found == object_->end() ? nullptr : &*found;
}

void Section::number(const char* key, double& target, double low, double high, const char* rule) {
  const Json* value = find(key);
  if (!value) return;
  if (!value->is_number() || !(value->get<double>() >= low && value->get<double>() <= high)) {
    refuse(key, *value, rule);
    return;
  }
  target = value->get<double>();
}

void Section::whole(const char* key, std::uint32_t& target, std::uint32_t low, std::uint32_t high) {
  const Json* value = find(key);
  if (!value) return;
  const double number = value->is_number() ? value->get<double>() : std::nan("");
  if (!(number >= low && number <= high) || number != std::floor(number)) {
    refuse(key, *value, "it must be a whole number from " + std::to_string(low) + " to " + std::to_string(high));
    return;
  }
  target = static_cast<std::uint32_t>(number);
}

void Section::flag(const char* key, bool& target) {
  const Json* value = find(key);
  if (!value) return;
  if (!value->is_boolean()) {
    refuse(key, *value, "it must be true or false");
    return;
  }
  target = value->get<bool>();
}

void Section::text(const char* key, std::string& target) {
  const Json* value = find(key);
  if (!value) return;
  if (!value->is_string() || value->get_ref<const std::string&>().empty()) {
    refuse(key, *value, "it must be a text that is not empty");
    return;
  }
  target = value->get<std::string>();
}

std::optional<std::string> Section::type_name(const Json& value) {
  if (value.is_number_integer()) return value.dump();
  if (!value.is_string() || value.get_ref<const std::string&>().empty()) return std::nullopt;
  return value.get<std::string>();
}

void Section::type(const char* key, std::string& target) {
  const Json* value = find(key);
  if (!value) return;
  if (const std::optional<std::string> name = type_name(*value)) {
    target = *name;
  } else {
    refuse(key, *value, "it must be an event type: a text that is not empty, or a whole number");
  }
}

void Section::character(const char* key, char& target) {
  const Json* value = find(key);
  if (!value) return;
  const std::string text = value->is_string() ? value->get<std::string>() : std::string();
  const bool usable = text.size() == 1 && text[0] > ' ' && text[0] < 0x7F && text.find_first_of(",;|") == text.npos;
  if (!value->is_null() && !usable) {
    refuse(key, *value, "it must be one printable character that is no separator, or null for none");
    return;
  }
  target = usable ? text[0] : '\0';
}

std::optional<int> Section::chosen(const std::string& key, const Json* value, std::span<const Choice> choices) {
  if (!value) return std::nullopt;
  std::vector<std::string> allowed;
  for (const Choice& choice : choices) {
    if (value->is_string() && value->get_ref<const std::string&>() == choice.name) return choice.value;
    allowed.push_back(shown(std::string(choice.name)));
  }
  refuse(key, *value, "allowed: " + join(allowed));
  return std::nullopt;
}

void Section::column(const char* key, ColumnName& target) {
  const Json* value = find(key);
  if (!value || value->is_null()) return;
  if (value->is_string() && !value->get_ref<const std::string&>().empty()) {
    target.name = value->get<std::string>();
  } else if (value->is_number_unsigned() && value->get<double>() >= 1 && value->get<double>() <= 100'000) {
    target.number = value->get<std::uint32_t>();
  } else {
    refuse(key, *value, "it must be a column name, or a column number from 1");
  }
}

void Section::refuse(const std::string& key, const Json& value, const std::string& rule) {
  if (error_) return;
  error_ = Error{ErrorCode::kBadPlan, full(key) + " is " + shown(value) + "; " + rule, {}};
  error_->where.column = full(key);
}

std::string Section::full(const std::string& key) const {
  if (path_.empty() || key.empty()) return path_ + key;
  return path_ + "." + key;
}

}  // namespace causal_sessions
