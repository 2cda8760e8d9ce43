// A partial run: what reading some of the inputs gives, as one Arrow file, so that several machines read and one runs.
//
// A partial run does all that needs no other input: it reads, checks and numbers. Everything behind it needs all events in one
// place (vocabulary, split, donors, audit), and is the run of whoever merges, over the same events with the same ids in the same
// order; so its files are those of one process over all inputs, byte for byte.
//
// The file has a row an event, in the order of the inputs, with dictionaries of its texts, and batches that end where a file ends.
// The rest of what reading finds out (run/partial_head.h) is JSON in the schema's metadata, with a sum over it and the rows.
//
// Order:   of shares the places that the inputs have among all of them, as prepare is given them. Else that of the names of the
//          inputs as bytes, as prepare has those of one folder.
// Needs:   parts of one version and, but for what reading does not ask for, of one plan.
// Errors:  kBadCall for parts that do not go together, kBadSyntax for one that is damaged; those of a reader's finish() come later.
// Cost:    writing 9 to 17 bytes an event and the different texts. Merging a part's texts in memory, as often as parts whose inputs
//          take turns are open at once.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/result.h"
#include "formats/byte_sink.h"
#include "run/partial_head.h"
#include "run/run.h"

namespace causal_sessions {

class PartialRun {
 public:
  // `run`: whose reader reads the inputs, in their order.
  explicit PartialRun(Run& run) : run_(run) {}

  // The input at hand has been read to its end. `place`: its place among all, of a share.
  void end_input(std::uint64_t place);
  // Rows that were read, and of these such that cannot be used.
  [[nodiscard]] std::uint64_t rows() const;
  [[nodiscard]] std::uint64_t unusable() const;
  // `names`: of all inputs. `sha256`: of an input of this part.
  void write(const InputShare& share, std::span<const std::string> names, const std::function<std::string(std::size_t)>& sha256,
             ByteSink& sink);

 private:
  Run& run_;
  PartialHead head_;
};

// Where a part is: its bytes from an offset on, and how many there were.
struct PartialSource {
  std::string name;
  std::uint64_t size = 0;
  std::function<std::size_t(std::uint64_t offset, std::span<char> room)> read_at;
};

// Of bytes in memory.
[[nodiscard]] PartialSource source_of_bytes(std::string name, std::string bytes);

enum class CheckSum : bool { kNo, kYes };

class PartialMerge {
 public:
  // Looks at what the parts say of themselves, and whether they go together.
  [[nodiscard]] static Result<std::unique_ptr<PartialMerge>> open(std::vector<PartialSource> sources,
                                                                  CheckSum check = CheckSum::kYes);
  ~PartialMerge();

  [[nodiscard]] std::size_t inputs() const { return places_.size(); }
  // The plan of the parts, as JSON. Where it is another one for each, refused unless the run has a plan of its own.
  [[nodiscard]] Result<std::string> plan() const;
  // As if the run's reader had read all inputs. `go_on`: asked after each of them.
  [[nodiscard]] Status read_into(Run& run, const std::function<bool()>& go_on);
  // Of an input, in their order; empty where a part does not say it.
  [[nodiscard]] const std::string& sha256(std::size_t input) const;

 private:
  class Part;
  struct Place {
    std::size_t part, input;
  };
  PartialMerge();
  [[nodiscard]] Status order();
  [[nodiscard]] Status order_shares();
  [[nodiscard]] Status check_kinds() const;

  std::vector<std::unique_ptr<Part>> parts_;
  std::vector<Place> places_;  // of the inputs, in their order
};

}  // namespace causal_sessions
