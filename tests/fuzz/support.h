// What the targets share: dice thrown by the input itself, ways to hand a file to the readers, what a run tells as text,
// and comparisons that end the program with both texts.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "audit/audit_json.h"
#include "look/session_list.h"
#include "look/session_view.h"
#include "property/streams.h"
#include "report/manifest_json.h"
#include "report/report_json.h"
#include "steps/outputs.h"
#include "steps/steps.h"

namespace causal_sessions::fuzz {

using streams::Dice;

// Dice whose throws depend on the input alone.
Dice dice_of(std::string_view input);

// A plan that has to be one.
Plan plan_of(std::string_view json);

// Aborts, with both texts, unless they are the same.
void expect_same(std::string_view what, std::string_view one, std::string_view other);
void expect(bool holds, std::string_view what, std::string_view shown = {});
void expect_json(std::string_view what, std::string_view text);

enum class Access { kInOrder, kByRanges };

// Hands a file to the reader: in one piece, or in pieces of random sizes where there are dice.
[[nodiscard]] Status feed(EventReader& reader, const std::string& name, std::string_view bytes, Access access, Dice* dice);

// An error with everything that users see of it.
std::string told(const Error& error);
// What was read, before any stage: files, rows left out, every event.
std::string told(EventReader& reader, const Status& status);
// Report, vocabulary, every session, and the audit if there is one; what failed where something did.
std::string told(const Run& made, const Status& status);
// Of an output that can be written.
std::string output_text(const Run& made, const Output& output);

// The events of a file, or the refusal; `dice` as in feed().
std::string read_events(const Plan& plan, std::string_view bytes, Access access, Dice* dice = nullptr);
// Everything that a run of a file makes.
std::string run_file(const Plan& plan, std::string_view bytes, Access access, Dice* dice = nullptr);

// Of a file with an index: by ranges and gathered, in whole ranges and in pieces of them, the same events or the same refusal;
// and the preview.
void check_columnar(std::string_view bytes);

// The preview of a whole file is JSON, and where it names a problem a run is refused.
void check_preview(std::string_view bytes);

// Changes bytes within [begin, end) of an input and leaves all others where they are.
void mutate_within(std::span<std::uint8_t> data, std::size_t begin, std::size_t end, Dice& dice);

}  // namespace causal_sessions::fuzz
