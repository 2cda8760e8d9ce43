#include "write/columns.h"

#include <algorithm>

#include "sequence/session_row.h"
#include "trial/covariates.h"

namespace causal_sessions {
namespace {

constexpr const char *kWhole = "int64", *kNumber = "float64", *kText = "text";

class Notes {
 public:
  Notes(TableShape shape, const SequenceTable& table) : shape_(shape), table_(table) {}

  [[nodiscard]] std::vector<ColumnNote> take() {
    switch (shape_) {
      case TableShape::kSequence: add_sequence(); break;
      case TableShape::kFlat: add_flat(); break;
      case TableShape::kTensors:
      case TableShape::kPadded: add_tensors(); break;
      case TableShape::kCovariates: add_covariates(); break;
    }
    return std::move(notes_);
  }

 private:
  void add(std::string_view name, std::string_view type, std::string_view meaning) {
    notes_.push_back({std::string(name), std::string(type), std::string(meaning)});
  }
  void add_index() { add("index", kWhole, "Position of the row before the split."); }
  void add_ids() {
    add("session_id", kText, "The user, \"_\" and the number of the session among the user's.");
    add("user_id", kText, "The user as the input has it. Rows of one user are not independent.");
  }
  void add_row_columns() {
    for (const RowColumn& column : row_columns(table_)) add(column.name, kWhole, column.meaning);
  }
  void add_number_columns() {
    for (const NumberColumn& column : number_columns(table_)) add(column.name, kNumber, column.meaning);
  }
  void add_treatment(std::string_view type) { add("treatment", type, "T: 1 treated, 0 not."); }
  void add_outcome(std::string_view type) { add("outcome", type, "Y: 1 with the outcome, 0 without."); }
  void add_facts() {
    add("sequence_length", kWhole, "Tokens of X, padding included.");
    add_treatment(kWhole);
    add_outcome(kWhole);
    add_row_columns();
    add_number_columns();
  }

  void add_sequence() {
    add_ids();
    std::string meaning = "X: for each event [event id, item id, minutes since the session's first event";
    for (const Channel channel : table_.channels) meaning.append(", ").append(channel_name(channel));
    add("sequence", "list of lists", meaning + "]; the ids are those of `models/vocab.json`.");
    add_facts();
  }
  // In lists, or in arrays of a format of tensors.
  void add_tokens(std::string_view integers, std::string_view items, std::string_view numbers) {
    add("event_ids", integers, "Event types of X, ids of `models/vocab.json`.");
    add("item_ids", items, "Items of X, ids of `models/vocab.json`; [UNK] for an unknown or a missing one.");
    add("minutes", numbers, "Minutes since the session's first event.");
    for (const Channel channel : table_.channels) add(channel_name(channel), numbers, channel_meaning(channel));
  }
  void add_flat() {
    add_index();
    add_ids();
    add_tokens("list of int16", "list of int32", "list of float64");
    add_facts();
  }
  void add_tensors() {
    const bool padded = shape_ == TableShape::kPadded;
    if (padded) {
      add_tokens("int16, rows × tokens", "int32, rows × tokens", "float64, rows × tokens");
      add("mask", "bool, rows × tokens", "1 where there is a token; the values behind it are 0.");
    } else {
      add("offsets", kWhole, "The tokens of row i are offsets[i] to offsets[i + 1].");
      add_tokens("int16, a token", "int32, a token", "float64, a token");
    }
    add_index();
    add("sequence_length", kWhole, "Tokens of X, before it is cut to the tensor's length.");
    add_row_columns();
    add_number_columns();
    add("session_numbers", "int32", "Number of the session among the user's.");
    add("user_id_offsets", kWhole, "The user of row i is user_id_bytes[user_id_offsets[i]] to [user_id_offsets[i + 1]].");
    add("user_id_bytes", "uint8", "The users as UTF-8, one behind the other.");
    add_treatment("int8");
    add_outcome("int8");
  }
  void add_covariates() {
    if (!table_.has_time_zero()) return;
    add_index();
    add_ids();
    add("cluster", kWhole, "A number for each user: errors are to be clustered by it.");
    add_row_columns();
    for (const std::string& name : table_.covariate_names) {
      const CovariateTraits& traits = covariate_traits(name);
      add(name, "float64, " + std::string(traits.unit), traits.meaning);
    }
    add_treatment(kWhole);
    add_outcome(kWhole);
    add_number_columns();
    if (!table_.propensity.empty()) {
      add("propensity", kNumber, "The probability of treatment, which was known by design; no covariate.");
    }
  }

  TableShape shape_;
  const SequenceTable& table_;
  std::vector<ColumnNote> notes_;
};

}  // namespace

std::vector<ColumnNote> column_notes(TableShape shape, const SequenceTable& table) { return Notes(shape, table).take(); }

}  // namespace causal_sessions
