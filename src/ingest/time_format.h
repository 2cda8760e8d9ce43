// Formats of times, as a plan's time.format writes them in strptime's letters, and texts read by them.
//
// Letters: %Y four digits, %y two (69 to 99 are of the 20th century); %m %d %e %j; %b %B a month's English name, short or in
//          full, %a %A a weekday's, which must be the date's; %H %I %p %M %S, %f one to nine digits; %z an offset or Z,
//          %Z UTC, GMT or Z; %s seconds since 1970; %F %T %D %R as strptime has them; %% the sign itself.
// Rules:   a number may lack its leading zero, except where another one touches it; a blank stands for one or more; case
//          does not matter in names. 24:00:00 is the end of the day, and a second 60 the beginning of the next minute.
// Cost:    one pass over the text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/parsed_time.h"

namespace causal_sessions {

// Bytes of a blank at the front of a text: a space, a tab, or a no-break space, which browsers write before AM and PM. 0: none.
[[nodiscard]] std::size_t blank_size(std::string_view text);

// Whether a word is an English name of a month or a weekday, in full or short.
[[nodiscard]] bool is_month_name(std::string_view word);
[[nodiscard]] bool is_weekday_name(std::string_view word);

class TimeFormat {
 public:
  // What is wrong with a format, as a rule; empty: nothing.
  [[nodiscard]] static std::string problem(std::string_view format);
  // Of a format without a problem, or one of this program's own, which may have %q: an offset, or a zone's name as e-mails
  // have it.
  explicit TimeFormat(std::string_view format);

  // Not a number; a time that names no zone is local, in microseconds since 1970 there. kBad: it does not fit.
  [[nodiscard]] ParsedTime read(std::string_view text) const;
  // Whether it has nothing but digits, which a number may have in the place of a text.
  [[nodiscard]] bool of_digits() const { return of_digits_; }

 private:
  struct Item {
    char letter;   // 0: the literal
    char literal;  // of a letter: whether another number touches it
  };

  std::vector<Item> items_;
  bool of_digits_ = false;
  std::size_t width_ = 0;  // of a format of digits whose number of digits is known; else 0
  bool year_first_ = false;
};

}  // namespace causal_sessions
