// The native command: the same core and the same files as the one in Node, without JavaScript.
//
// Exit codes: 0 done, 1 the data was refused or differs, 2 wrong use, 130 interrupted.
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/out_of_core.h"
#include "ingest/chunks/chunked_reading.h"
#include "plan/keys.h"
#include "plan/settings.h"
#include "steps/steps.h"
#include "text/lines.h"
#include "text/usage.h"

namespace causal_sessions {

std::optional<Failure> open_file(const std::string& path, FileHandle& file) {
  file.reset(path == "-" ? stdin : std::fopen(path.c_str(), "rb"));
  if (file) return std::nullopt;
  return unreadable(path + (errno == ENOENT   ? " does not exist."
                            : errno == EACCES ? " may not be read by this user."
                                              : " cannot be read."));
}

std::optional<std::uint64_t> regular_size(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code not_a_file;
  const std::uintmax_t size = path != "-" && fs::is_regular_file(path, not_a_file) ? fs::file_size(path, not_a_file) : 0;
  if (size == 0 || not_a_file) return std::nullopt;
  return size;
}

std::size_t read_at(int file, std::uint64_t offset, std::span<char> room) {
  std::size_t filled = 0;
  while (filled < room.size()) {
    const ssize_t size = pread(file, room.data() + filled, room.size() - filled, static_cast<off_t>(offset + filled));
    if (size <= 0) break;
    filled += static_cast<std::size_t>(size);
  }
  return filled;
}

std::optional<std::string> read_to_end(std::FILE* file) {
  std::string text, piece(1 << 16, '\0');
  while (const std::size_t size = std::fread(piece.data(), 1, piece.size(), file)) text.append(piece, 0, size);
  return std::ferror(file) == 0 ? std::optional(std::move(text)) : std::nullopt;
}

namespace {

std::optional<Failure> read_file(Run& run, const InputFile& input, Watch& watch, std::uint64_t before, Sha256* hash) {
  constexpr std::size_t kPiece = 1 << 20;
  constexpr std::size_t kLeastBytesForChunks = 16 << 20;  // others are read before a thread has started
  FileHandle file(nullptr, std::fclose);
  if (auto failure = open_file(input.path(), file)) return failure;
  EventReader& reader = run.reader();
  const std::optional<std::uint64_t> file_size = regular_size(input.path());
  reader.begin_file(input.name(), file_size, input.found());
  const bool large = hash == nullptr && run.workers.threads() > 1 && file_size.value_or(0) >= kLeastBytesForChunks;
  const auto go_on = [&](std::uint64_t position) {
    watch.show_read(before + position);
    tell_out_of_core(watch);
    return !Watch::stopped();
  };
  // False where the reader is not at a place from which threads can read on.
  const auto read_in_chunks = [&](Status& status) {
    const auto read = [&](std::uint64_t offset, std::span<char> into) { return read_at(fileno(file.get()), offset, into); };
    const auto chunked =
        large ? ChunkedReading::start(reader, run.plan.reading, *file_size, run.workers.threads(), read) : nullptr;
    if (chunked) status = chunked->read(run.workers, go_on);
    return chunked != nullptr;
  };
  std::uint64_t taken = 0;
  while (!reader.wanted()) {
    const std::span<char> room = reader.window(kPiece);
    const std::size_t size = std::fread(room.data(), 1, room.size(), file.get());
    if (size == 0) break;
    if (hash != nullptr) hash->update({reinterpret_cast<const std::uint8_t*>(room.data()), size});
    const bool first = taken == 0;
    Status status = reader.commit(size);
    if (!status.ok()) return refused(status.error());
    if (!go_on(taken += size)) return stopped();
    if (!first || !read_in_chunks(status)) continue;
    if (!status.ok()) return refused(status.error());
    if (Watch::stopped()) return stopped();
    if (fseeko(file.get(), static_cast<off_t>(reader.position()), SEEK_SET) != 0) {
      return unreadable(input.name() + " cannot be read from within");
    }
  }
  while (const auto range = reader.wanted()) {
    Status status;
    if (read_in_chunks(status)) {
      if (!status.ok()) return refused(status.error());
      if (Watch::stopped()) return stopped();
      continue;
    }
    const std::span<char> room = reader.window(range->size);
    if (fseeko(file.get(), static_cast<off_t>(range->offset), SEEK_SET) != 0) break;
    const std::size_t size = std::fread(room.data(), 1, room.size(), file.get());
    status = reader.commit(size);
    if (!status.ok()) return refused(status.error());
    if (!go_on(taken += size)) return stopped();
  }
  if (Watch::stopped()) return stopped();  // which ends a wait for more, too
  if (std::ferror(file.get())) return unreadable(input.name() + " cannot be read to its end");
  if (Status status = reader.end_file(); !status.ok()) return refused(status.error());
  return std::nullopt;
}

}  // namespace

unsigned default_threads() { return std::clamp(std::thread::hardware_concurrency(), 1u, 8u); }

std::optional<Failure> read_files(Run& run, const InputFiles& inputs, Watch& watch,
                                  const std::function<Sha256*(std::size_t)>& hash_of,
                                  const std::function<void(std::size_t)>& ended) {
  std::optional<std::uint64_t> total = 0;
  for (const InputFile& file : inputs.files) {
    const auto size = regular_size(file.path());
    total = total && size ? std::optional(*total + *size) : std::nullopt;
  }
  watch.expect(total);
  run.workers.stop_when(Watch::stopped);
  run.reader().expect_files(inputs.files.size());
  run.reader().pass_over(inputs.passed_over);
  std::uint64_t before = 0;
  for (std::size_t i = 0; i < inputs.files.size(); ++i) {
    if (auto failure = read_file(run, inputs.files[i], watch, before, hash_of ? hash_of(i) : nullptr)) return failure;
    before += run.reader().input(i).bytes;
    if (ended) ended(i);
  }
  return std::nullopt;
}

std::optional<Failure> read_and_run(Run& run, const InputFiles& inputs, Watch& watch,
                                    const std::function<Sha256*(std::size_t)>& hash_of) {
  if (auto failure = read_files(run, inputs, watch, hash_of)) return failure;
  return run_steps(run, watch);
}

std::optional<Failure> run_steps(Run& run, Watch& watch) {
  while (!done(run)) {
    watch.show_stage(step_name(run));
    if (Watch::stopped()) return stopped();
    if (Status status = advance(run); !status.ok()) return refused(status.error());
    tell_out_of_core(watch);
  }
  return std::nullopt;
}

std::size_t terminal_width() {
  winsize size{};
  const bool known = isatty(STDOUT_FILENO) != 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
  const char* columns = std::getenv("COLUMNS");
  return line_width(columns == nullptr ? "" : columns, known ? size.ws_col : 0);
}

bool hash_file(const std::string& path, Sha256& hash) {
  FileHandle file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (!file) return false;
  std::vector<std::uint8_t> piece(1 << 18);
  while (const std::size_t size = std::fread(piece.data(), 1, piece.size(), file.get())) {
    hash.update(std::span(piece).first(size));
  }
  return std::ferror(file.get()) == 0;
}

namespace {

using nlohmann::ordered_json;

// Of a file that is no directory, or of standard input.
std::optional<std::string> read_text(const std::string& path) {
  if (path != "-" && std::filesystem::is_directory(path)) return std::nullopt;
  FileHandle file(path == "-" ? stdin : std::fopen(path.c_str(), "rb"), path == "-" ? [](std::FILE*) { return 0; } : std::fclose);
  return file ? read_to_end(file.get()) : std::nullopt;
}

}  // namespace

namespace {

Failure unreadable_plan(const std::string& path) { return wrong_use("the plan " + path + " cannot be read"); }

// Words that are no plan are a wrong use.
Failure refused_words(const Error& error) {
  return error.code == ErrorCode::kBadCall ? wrong_use(error.message) : refused(error);
}

}  // namespace

std::optional<Failure> gather_plan(const Arguments& arguments, Plan& plan, std::string otherwise) {
  PlanWords words;
  words.text = std::move(otherwise);
  if (arguments.has("plan")) {
    words.file = arguments.at("plan");
    words.text = read_text(words.file);
    if (!words.text) return unreadable_plan(words.file);
  }
  if (arguments.has("profile")) words.profile = arguments.at("profile");
  words.settings = arguments.settings;
  const Result<std::string> text = plan_of_words(words);
  if (!text.ok()) return refused_words(text.error());
  Result<Plan> read = read_plan(text.value());
  if (!read.ok()) return refused(read.error());
  plan = std::move(read.value());
  return std::nullopt;
}

std::optional<Failure> gather_other_plan(const Arguments& arguments, const Plan& plan, std::optional<Plan>& other) {
  if (!arguments.has("against")) return std::nullopt;
  const std::string path = arguments.at("against");
  const std::optional<std::string> text = read_text(path);
  if (!text) return unreadable_plan(path);
  Result<Plan> read = plan_to_compare(*text, path, plan);
  if (!read.ok()) return refused_words(read.error());
  other = std::move(read.value());
  return std::nullopt;
}

namespace {

std::optional<Failure> run_plan(const Arguments& arguments) {
  if (arguments.has("help")) {
    const Result<std::string> help = plan_key_help(arguments.files.empty() ? "" : arguments.files.front());
    if (!help.ok()) return wrong_use(help.error().message);
    std::fputs(help.value().c_str(), stdout);
    return std::nullopt;
  }
  Plan plan;
  if (auto failure = gather_plan(arguments, plan)) return failure;
  std::printf("%s\n", write_plan(plan).c_str());
  return std::nullopt;
}

// The failure as one line of JSON.
void print_failure_json(const Failure& failure) {
  ordered_json where = ordered_json::object();
  if (!failure.where.file.empty()) where["file"] = failure.where.file;
  if (failure.where.row) where["row"] = *failure.where.row;
  if (failure.where.line) where["line"] = *failure.where.line;
  if (!failure.where.column.empty()) where["column"] = failure.where.column;
  const ordered_json error = {{"error", {{"code", failure.code}, {"message", failure.message}, {"where", where}}}};
  std::printf("%s\n", error.dump(-1, ' ', false, ordered_json::error_handler_t::replace).c_str());
}

std::optional<Failure> run(const Arguments& arguments) {
  if (arguments.command == "prepare") return run_prepare(arguments);
  if (arguments.command == "partial") return run_partial(arguments);
  if (arguments.command == "merge") return run_merge(arguments);
  if (arguments.command == "audit") return run_audit(arguments);
  if (arguments.command == "estimate") return run_estimate(arguments);
  if (arguments.command == "verify") return run_verify(arguments);
  if (arguments.command == "inspect") return run_inspect(arguments);
  if (arguments.command == "plan") return run_plan(arguments);
  return run_simulate(arguments);
}

int run_command(std::span<const std::string> words) {
  const Result<Arguments> arguments = read_arguments(words);
  std::optional<Failure> failure;
  if (!arguments.ok()) {
    failure = wrong_use(arguments.error().message);
  } else if (arguments.value().command == "version") {
    std::puts("causal-sessions " CAUSAL_SESSIONS_VERSION);
  } else if (arguments.value().command == "help") {
    std::fputs(usage().c_str(), stdout);
  } else {
    try {
      failure = run(arguments.value());
    } catch (const Stopped&) {
      failure = stopped();
    } catch (const std::filesystem::filesystem_error& error) {
      failure = unreadable(error.path1().string() + " cannot be reached: " + error.code().message() + ".");
    }
  }
  if (!failure && (std::fflush(stdout) != 0 || std::ferror(stdout) != 0))
    failure = unwritable("standard output cannot be written");
  if (!failure) return 0;
  const bool json = std::find(words.begin(), words.end(), "--json") != words.end();
  if (json && !failure->told && failure->code != "stopped") print_failure_json(*failure);
  std::fputs(refusal_text(failure->code, failure->message).c_str(), stderr);
  return exit_code_of(failure->code);
}

}  // namespace
}  // namespace causal_sessions

namespace {

// Once, by whichever thread is first, and in one piece, as another one may end the program at any time.
void tell_no_memory() {
  static std::atomic_flag told;
  if (told.test_and_set()) {
    usleep(100'000);  // which the first one needs at most
    return;
  }
  std::array<iovec, 3> parts;
  std::size_t i = 0;
  for (const char* const text : {"causal-sessions: ", causal_sessions::out_of_memory_text(), "\n"}) {
    parts[i++] = {const_cast<char*>(text), std::strlen(text)};  // which is only read
  }
  [[maybe_unused]] const ssize_t written = writev(STDERR_FILENO, parts.data(), static_cast<int>(parts.size()));
}

// Where memory runs out in what may not fail, as the destructor of a JSON value.
void end_without_memory() {
  try {
    if (const std::exception_ptr thrown = std::current_exception()) std::rethrow_exception(thrown);
  } catch (const std::bad_alloc&) {
    tell_no_memory();
    _exit(1);
  } catch (...) {
    std::abort();
  }
  std::abort();
}

}  // namespace

int main(int argc, char** argv) {
  std::set_terminate(end_without_memory);
  try {
    return causal_sessions::run_command(std::vector<std::string>(argv + 1, argv + argc));
  } catch (const std::bad_alloc&) {
    tell_no_memory();
    return 1;
  }
}
