// Covariates as a table: one row a trial, what is known at its time zero beside T and Y, for EconML, DoWhy, DoubleML,
// CausalML and whoever takes plain numbers.
//
// Columns: index (position before the split), session_id, user_id, cluster (a number for each user: errors are to be
//          clustered by it), the row columns of sequence/session_row.h, the covariates of trial/covariates.h as doubles,
//          treatment, outcome.
// Needs:   a table with a time zero; check_session_covariates() tells.
#pragma once

#include <cstdint>
#include <span>

#include "core/on_demand.h"
#include "core/result.h"
#include "formats/byte_sink.h"
#include "sequence/sequence_table.h"

namespace causal_sessions {

[[nodiscard]] Status check_session_covariates(const SequenceTable& table);
ON_DEMAND void write_session_covariates_parquet(const SequenceTable& table, std::span<const std::uint32_t> rows,
                                                ByteSink& sink);
ON_DEMAND void write_session_covariates_csv(const SequenceTable& table, std::span<const std::uint32_t> rows,
                                            CsvFormulas formulas, ByteSink& sink);

}  // namespace causal_sessions
