#include "report/dictionary.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>

#include "core/wording.h"
#include "report/estimand.h"
#include "sequence/session_row.h"
#include "trial/covariates.h"
#include "write/columns.h"

namespace causal_sessions {
namespace {

constexpr std::string_view kMissing =
    R"(No value is missing in any file: an item that is unknown or missing has the id of [UNK], and padding is [PAD] or what the
plan pads with.

)";

constexpr std::string_view kOtherFiles =
    R"(| `models/vocab.json` | the ids of event types and items, by their names |
| `data/processing_metadata.json` | settings, sizes and rates |
| `audit.json` | threats to a causal interpretation, with their figures |
| `manifest.json` | SHA-256 of inputs and outputs, the plan, why rows were skipped or dropped |

Which of them were written is listed in `manifest.json`.

)";

constexpr std::string_view kLoading = R"(## Reading them

```python
import json, pickle
import duckdb, numpy, pandas, pyarrow.ipc

frame = pandas.read_parquet("data/train_sessions.parquet")
with open("data/train_sessions.pkl", "rb") as file:
    frame = pickle.load(file)
frame = pandas.read_json("data/train_sessions.jsonl", lines=True, dtype={"session_id": str, "user_id": str})
frame = pandas.read_csv("data/train_sessions.csv", dtype={"session_id": str, "user_id": str}, converters={"sequence": json.loads})
flat = duckdb.sql("SELECT treatment, count(*), avg(outcome) FROM 'data/train_sessions_flat.parquet' GROUP BY treatment")
with pyarrow.memory_map("data/train_sessions.arrow") as file:
    flat = pyarrow.ipc.open_file(file).read_all()
with open("data/train_sessions.arrows", "rb") as file:
    flat = pyarrow.ipc.open_stream(file).read_all()
arrays = numpy.load("data/train_sessions.npz")
first_items = arrays["item_ids"][arrays["offsets"][0] : arrays["offsets"][1]]
```

```python
from safetensors.torch import load_file

ragged = load_file("data/train_sessions.safetensors")
padded = load_file("data/train_sessions_padded.safetensors")
```

## PyTorch

```python
import numpy, torch

class Sessions(torch.utils.data.Dataset):
    def __init__(self, path):
        self.data = {name: torch.from_numpy(values) for name, values in numpy.load(path).items()}
    def __len__(self):
        return len(self.data["treatment"])
    def __getitem__(self, i):
        tokens = slice(self.data["offsets"][i], self.data["offsets"][i + 1])
        x = {name: self.data[name][tokens] for name in ("event_ids", "item_ids", "minutes")}
        return x, self.data["treatment"][i], self.data["outcome"][i]

train = Sessions("data/train_sessions.npz")
```
)";

// {}: the last column before the covariates, and after its second place the splits by fold or by user.
constexpr std::string_view kModels = R"(
## Causal models

With the covariates; those of X are the columns between `{}` and `treatment`.

```python
import numpy, pandas
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

train = pandas.read_parquet("data/train_sessions_covariates.parquet")
names = list(train)
x = train[names[names.index("{}") + 1 : names.index("treatment")]]
model = make_pipeline(StandardScaler(), LogisticRegression())  # with many rows, one that bends may fit better
{}```

EconML; its own intervals treat rows as independent, so resample whole users (a bootstrap) for valid ones:

```python
from econml.dml import LinearDML

dml = LinearDML(model_y=model, model_t=model, discrete_treatment=True, discrete_outcome=True, cv=splits)
dml.fit(train["outcome"], train["treatment"], X=None, W=x)
print(dml.ate().item())
```

DoubleML, clustered by user:

```python
import doubleml

data = doubleml.DoubleMLData(train, y_col="outcome", d_cols="treatment", x_cols=list(x), cluster_cols="cluster")
print(doubleml.DoubleMLIRM(data, ml_g=model, ml_m=model, n_folds=5).fit().summary)
```

grf in R, of the format covariates-csv:

```r
library(grf)
train <- read.csv("data/train_sessions_covariates.csv", check.names = FALSE)
x <- train[, (which(names(train) == "{}") + 1):(which(names(train) == "treatment") - 1)]
forest <- causal_forest(as.matrix(x), train$outcome, train$treatment, clusters = train$cluster)
average_treatment_effect(forest, target.sample = "overlap")
```
)";

constexpr std::string_view kSplitsByFold =
    R"(splits = [(numpy.flatnonzero(train["fold"] != fold), numpy.flatnonzero(train["fold"] == fold)) for fold in sorted(set(train["fold"]))]
)";
constexpr std::string_view kSplitsByUser =
    R"(part = train["cluster"].rank(method="dense").astype(int) % 5  # a user's rows stay together
splits = [(numpy.flatnonzero(part != fold), numpy.flatnonzero(part == fold)) for fold in range(5)]
)";

// Text of the input in Markdown: its punctuation means nothing.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : visible(text)) {
    if (std::string_view("\\`*_{}[]<>#|~&").find(c) != std::string_view::npos) out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

std::string value_text(double value) {
  return value == std::floor(value) ? std::to_string(static_cast<std::int64_t>(value)) : decimal_text(value);
}

std::string path_of(const TableFormat& format) { return "data/{train,validation,test}_sessions" + std::string(format.suffix); }

class Dictionary {
 public:
  Dictionary(const Run& run, ByteSink& sink) : run_(run), table_(run.table), sink_(sink) {}

  void write() {
    put(filled("# Data dictionary\n\nWritten by causal-sessions {} of {} events of {} users.\n\n## What the table is\n\n",
               {CAUSAL_SESSIONS_VERSION, count_text(run_.event_count), count_text(table_.users.size())}));
    add_table();
    add_files();
    add_columns();
    put(kLoading);
    if (table_.covariate_names.empty()) return;
    const std::string before(row_columns(table_).back().name);
    put(filled(kModels, {before, before, std::string(table_.with_folds ? kSplitsByFold : kSplitsByUser), before}));
  }

 private:
  void put(std::string_view text) { sink_.put(text); }

  void add_table() {
    const TrialOptions& trial = run_.plan.trial;
    for (const std::string& sentence : {estimand_sentence(trial), time_zero_sentence(trial), eligibility_sentence(trial)}) {
      if (!sentence.empty()) put(plain(sentence) + "\n");
    }
    put("\n| set | rows | users | treated | with the outcome |\n|---|---:|---:|---:|---:|\n");
    for (std::size_t part = 0; part < kParts; ++part) {
      const ArmCounts& counts = run_.summary.parts[part];
      put(filled("| {} | {} | {} | {} | {} |\n",
                 {kPartNames[part], count_text(counts.sessions), count_text(run_.split.users[part]), count_text(counts.treated),
                  count_text(counts.outcomes)}));
    }
    put(run_.plan.split.kind == SplitKind::kTime ? "\nThe sets are cut by time, so a user may be in several.\n"
                                                 : "\nEach user is in one set only.\n");
    put("**Rows of one user are not independent: cluster every error by user** (`user_id`; in the covariates `cluster`).\n");
    if (table_.with_folds) put("For cross-fitting the column `fold` keeps a user's rows together.\n");
    put(kMissing);
  }

  [[nodiscard]] bool has(const TableFormat& format) const { return !format.needs_time_zero || table_.has_time_zero(); }

  void add_files() {
    put("## Files\n\n| file | what it is |\n|---|---|\n");
    for (const TableFormat& format : kTableFormats) {
      if (has(format))
        put(filled("| `{}` | `--format {}`, {} |\n",
                   {path_of(format), std::string(format.name), std::string(format.description)}));
    }
    put(kOtherFiles);
  }

  // A table for each shape, under the endings of the formats that have it.
  void add_columns() {
    for (const TableFormat* format = std::begin(kTableFormats); format != std::end(kTableFormats); ++format) {
      const auto same = [&](const TableFormat& other) { return other.shape == format->shape; };
      if (!has(*format) || std::find_if(std::begin(kTableFormats), format, same) != format) continue;
      put("## Columns of");
      for (const TableFormat& other : kTableFormats) {
        if (same(other)) put(filled(" `{}`", {std::string(other.suffix)}));
      }
      put("\n\n| column | type | meaning |\n|---|---|---|\n");
      for (const ColumnNote& note : column_notes(format->shape, table_))
        put(filled("| {} | {} | {} |\n", {plain(note.name), note.type, note.meaning}));
      put("\n");
      if (format->shape == TableShape::kCovariates) add_constants();
    }
  }

  // Tables of other data may have them, so they are told.
  void add_constants() {
    if (table_.constant_covariates.empty()) return;
    put("## Covariates without a column\n\nThey are the same in every row.\n\n| covariate | in every row | unit | meaning "
        "|\n|---|---|---|---|\n");
    for (const auto& [name, value] : table_.constant_covariates) {
      const CovariateTraits& traits = covariate_traits(name);
      put(filled("| {} | {} | {} | {} |\n",
                 {plain(name), value_text(value), std::string(traits.unit), std::string(traits.meaning)}));
    }
    put("\n");
  }

  const Run& run_;
  const SequenceTable& table_;
  ByteSink& sink_;
};

}  // namespace

void write_dictionary(const Run& run, ByteSink& sink) { Dictionary(run, sink).write(); }

}  // namespace causal_sessions
