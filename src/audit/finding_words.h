// What a finding says: its title, its sentence with the numbers in it, and what follows from it.
//
// The words of each code are one row of the table in finding_words.cpp. A sentence is a pattern: {rows} stands for the figure of
// that name, {control.rows} and {interval.0} for one inside another, and what follows the name says how it is written:
//   {rows}       a count, a number, or a text as it is        {share%}   a share, as 3.2%
//   {rows|row}   a count with its noun, as 1 row, 2 rows      {low pp}   a difference of shares, as +9.4 points
//   {gap h}      hours, as 1 minute, 24 hours or 7 days       {filter:}  what a rule is called
// A part in square brackets is left out where one of its figures is null, zero or absent.
#pragma once

#include <string>
#include <string_view>

#include "formats/json/fields.h"

namespace causal_sessions {

struct FindingWords {
  const char* code;
  const char* title;
  const char* message;      // a pattern
  const char* consequence;  // why it matters
};

[[nodiscard]] const FindingWords& finding_words(std::string_view code);

[[nodiscard]] std::string filled_with(std::string_view pattern, const Json& figures);

}  // namespace causal_sessions
