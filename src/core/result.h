// Failures as values: a Result<T> holds a T or an Error. Nothing in the core throws or prints over data.
//
// A message names the place, what was found and the rule; `where` repeats the place for machines.
#pragma once

#include <cassert>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "core/cold.h"

namespace causal_sessions {

enum class ErrorCode {
  kBadPlan,          // a plan key or value that is not allowed
  kEmptyInput,       // no bytes, or a header and no rows
  kUnknownFormat,    // not an event file this build can read
  kBadEncoding,      // text that is not UTF-8
  kBadSyntax,        // an unclosed quote, broken JSON, a truncated file
  kMissingColumn,    // a needed column is not there
  kAmbiguousColumn,  // two columns could be the one needed
  kBadRows,          // rows without user, time or type, with a bad time or an unknown type
  kMixedTimeUnits,   // epoch numbers of different units in one column
  kBadTimes,         // numbers that are no times
  kReservedId,       // an item id equal to a special token
  kTooLarge,         // more than the 32-bit ids, or the memory, can hold
  kBadCall,          // calls out of order: a broken promise of the caller, not of the data
};

// The name of a code as users see it ("badPlan", "missingColumn", ...).
std::string_view code_name(ErrorCode code);

// Where in the user's input an error is; unset parts do not apply.
struct Where {
  std::string file;
  std::optional<std::uint64_t> row;   // data row, 1-based, the header not counted
  std::optional<std::uint64_t> line;  // line of text, 1-based, the header counted
  std::string column;                 // the file's own column name, or the plan key
};

// Made, copied and destroyed out of line: a failure is rare, and the code for it would be inlined in hundreds of places.
struct Error {
  COLD Error(ErrorCode error_code, std::string text, Where place);
  COLD Error(const Error&);
  COLD Error(Error&&) noexcept;
  COLD Error& operator=(const Error&);
  COLD Error& operator=(Error&&) noexcept;
  COLD ~Error();

  ErrorCode code;
  std::string message;
  Where where;
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  COLD Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  [[nodiscard]] T& value() {
    assert(ok());
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] const T& value() const {
    assert(ok());
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] Error& error() {
    assert(!ok());
    return *std::get_if<1>(&state_);
  }
  [[nodiscard]] const Error& error() const {
    assert(!ok());
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, Error> state_;
};

// A Result without a value.
class [[nodiscard]] Status {
 public:
  Status() = default;
  COLD Status(Error error) : error_(std::move(error)) {}

  [[nodiscard]] bool ok() const { return !error_.has_value(); }
  [[nodiscard]] Error& error() {
    assert(!ok());
    return *error_;
  }
  [[nodiscard]] const Error& error() const {
    assert(!ok());
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

}  // namespace causal_sessions
