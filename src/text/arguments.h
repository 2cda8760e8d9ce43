// The words of the command: which commands and options there are, what each takes, and what is said of words that are none.
//
// Options may stand anywhere, "--" ends them, and of an option that is given twice the last one counts, but for --set. A value
// stands behind its option, unless it begins with "--" as an option does, or behind "=" in the same word.
//
// Errors:  kBadCall, which is a wrong use.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"

namespace causal_sessions {

struct Arguments {
  std::string command;  // "help" and "version" too
  std::vector<std::string> files, settings;
  std::vector<std::pair<std::string, std::string>>
      options;  // by name, without "--", the last one counts; a flag's value is empty

  [[nodiscard]] bool has(std::string_view option) const { return find(option) != nullptr; }
  // Empty where it was not given.
  [[nodiscard]] std::string at(std::string_view option) const { return has(option) ? *find(option) : ""; }
  // Of one that takes a whole number, which has been checked.
  [[nodiscard]] unsigned number(std::string_view option, unsigned otherwise) const;
  // Of --part, as 3/64: a number and of how many; zeros where it was not given, or is none.
  [[nodiscard]] std::pair<unsigned, unsigned> share() const;
  // Bytes of --memory; nothing where it was not given, or is none.
  [[nodiscard]] std::optional<std::uint64_t> memory() const;

 private:
  [[nodiscard]] const std::string* find(std::string_view option) const;
};

[[nodiscard]] Result<Arguments> read_arguments(std::span<const std::string> words);

// The options of simulate that were given, by the names that simulate/options.h has for them.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> simulation_of(const Arguments& arguments);

// 0 done, 1 the data was refused or differs, 2 wrong use, 130 interrupted: of a refusal by its code.
[[nodiscard]] int exit_code_of(std::string_view code);
// What standard error says of a refusal, and of an interruption, which has no message of its own.
[[nodiscard]] std::string refusal_text(std::string_view code, std::string_view message);

}  // namespace causal_sessions
