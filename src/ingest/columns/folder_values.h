// The folders of a path by which Hive and Spark tell the value of a column that all of a file's rows have: event_type=click/a.csv.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace causal_sessions {

struct FolderValue {
  std::string name, value;  // the value is empty where none is meant
};

[[nodiscard]] std::vector<FolderValue> folder_values(std::string_view path);

}  // namespace causal_sessions
