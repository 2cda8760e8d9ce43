// The fuzz targets: each takes any bytes and calls abort() where the core breaks one of its promises.
//
// All are one program, built with clang's libFuzzer and with sanitizers, and with the readers' small buffers
// (core/buffer_sizes.h), so that an input of some hundred bytes is cut wherever a large file is. scripts/fuzz builds and
// runs them; with the usual buffers and any compiler the unit tests go through their first inputs (replay_test.cpp). An input
// is a file as it is wherever that is possible: how it is cut is drawn from its own bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace causal_sessions::fuzz {

void run_events(std::string_view input);
void run_plans(std::string_view input);
void run_parquet(std::string_view input);
void run_arrow(std::string_view input);
void run_codecs(std::string_view input);
void run_chunks(std::string_view input);
void run_times(std::string_view input);
void run_plan(std::string_view input);
void run_preview(std::string_view input);
void run_threads(std::string_view input);
void run_writers(std::string_view input);
void run_json(std::string_view input);
void run_csv(std::string_view input);
void run_paths(std::string_view input);
void run_formats(std::string_view input);
void run_encodings(std::string_view input);
void run_zip(std::string_view input);
void run_manifests(std::string_view input);
void run_partials(std::string_view input);
void run_peers(std::string_view input);

// Changes an input in place, as LLVMFuzzerCustomMutator() is asked to; returns its size.
using Mutate = std::size_t(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed);
Mutate mutate_parquet;
Mutate mutate_arrow;
Mutate mutate_zip;
Mutate mutate_json;

struct Target {
  std::string_view name;
  void (*run)(std::string_view input);
  Mutate* mutate = nullptr;  // null: libFuzzer's own mutations alone
};

inline constexpr Target kTargets[] = {
    {"events", run_events},
    {"plans", run_plans},
    {"parquet", run_parquet, mutate_parquet},
    {"arrow", run_arrow, mutate_arrow},
    {"codecs", run_codecs},
    {"chunks", run_chunks},
    {"times", run_times},
    {"plan", run_plan, mutate_json},
    {"preview", run_preview},
    {"threads", run_threads},
    {"writers", run_writers},
    {"json", run_json, mutate_json},
    {"csv", run_csv},
    {"paths", run_paths, mutate_json},
    {"formats", run_formats},
    {"encodings", run_encodings},
    {"zip", run_zip, mutate_zip},
    {"manifests", run_manifests, mutate_json},
    {"partials", run_partials, mutate_arrow},
#ifdef CAUSAL_SESSIONS_FUZZ_PEERS  // the libraries it needs are there
    {"peers", run_peers},
#endif
};

}  // namespace causal_sessions::fuzz
