// The columns of each format's files with what they mean, for people: the data dictionary is made of them.
#pragma once

#include <string>
#include <vector>

#include "sequence/sequence_table.h"
#include "write/table_formats.h"

namespace causal_sessions {

struct ColumnNote {
  std::string name, type, meaning;  // units are named in the meaning
};

// In the order of the file; arrays of a format of tensors by name. Of a table without a time zero there are no covariates.
[[nodiscard]] std::vector<ColumnNote> column_notes(TableShape shape, const SequenceTable& table);

}  // namespace causal_sessions
