#include "text/usage.h"

#include <algorithm>
#include <string_view>

#include "write/table_formats.h"

namespace causal_sessions {
namespace {

constexpr std::string_view kUsage =
    R"(causal-sessions: turn event logs into training data (X, T, Y) for causal models

  causal-sessions prepare FILE... --out DIR   build sessions, vocabulary and split, and write the files
  causal-sessions partial FILE... --out FILE  what one machine of several reads, as a part; in the native command alone
  causal-sessions merge PART... --out DIR     the same files as prepare's over all inputs of the parts; in the native command alone
  causal-sessions audit FILE...               report threats to a causal interpretation and the settings that fix them
  causal-sessions estimate FILE...            the effect, adjusted for what is recorded, and what could overturn it
  causal-sessions estimate --table FILE...    the same of a finished table of T, Y and covariates
  causal-sessions verify MANIFEST [FILE...]   rerun a manifest and compare; writes nothing
  causal-sessions inspect FILE                show format, columns, event types with their roles, and the first rows
  causal-sessions plan                        check a plan and fill in the defaults
  causal-sessions plan --help [KEY]           explain a key of the plan, the keys of a section, or all
  causal-sessions simulate --out FILE         generate example events

A FILE of - is standard input; a folder is all files below it; a pattern in quotes is all that match, as in 'events/**/*.parquet'
with *, ?, [abc] and ** for folders; a ZIP file is the files in it. Names that begin with . or _ are passed over. Several files are
one stream, in the given order, those of a folder, a pattern or a ZIP file in the order of their paths.

  --out DIR            where prepare writes: data/*_sessions.*, data/processing_metadata.json, models/vocab.json, manifest.json and
                       README.md, which says what each file and column is
  --plan FILE          the plan, JSON; every key is optional
  --preset NAME        settings for a known export, such as ga4; the same as --set preset=NAME
  --profile NAME       notebook or causal: the plan's defaults; the same as --set profile=NAME
  --set KEY=VALUE      set one plan key, as in --set session.gapHours=12; repeatable.
                       VALUE is JSON, or else a text: --set input.separator=tab, --set 'input.nulls=["NULL","NA"]'
  --against FILE       of audit: another plan, whole in itself; the same events under both are told side by side
  --blind              of audit: without outcomes, and the smallest effect that these data could show; look at it first
  --table              of estimate: a FILE is a table whose rows are finished, such as data/train_sessions_covariates.parquet
  --treatment COLUMN   of a table, as --outcome: 1 or 0 in each row (default treatment, outcome)
  --user COLUMN        of a table: errors are clustered by it (default user_id, if there is one)
  --propensity COLUMN  of a table: the known probability of treatment, as in an experiment, in place of a fitted one
  --covariates LIST    of a table: the columns to adjust for, as in --covariates age,visits (default all others)
  --report FILE        of prepare and audit: the verdict, charts, findings and plan as one HTML page, to print or to hand on
  --report-counts X    exact: counts below 5 too, which the report shows as <5
  --format LIST        table formats, as in --format parquet,csv (default parquet,pickle):
FORMATS
                       and audit, which writes audit.json
  --no-manifest        write no manifest.json
  --threads N          threads that work at once (default: as many as the machine has, up to 8)
  --memory SIZE        memory that the native command may take, as 2G or 500M; what is beyond goes to a temporary file beside the
                       output, or in TMPDIR, with the same results (default: three quarters of what is free)
  --part K/N           of partial: the K-th of N shares of the FILEs, of which every machine is given all, in the same order
  --name NAME          of partial: what standard input is called among the inputs
  --inputs DIR         where verify finds the inputs, unless they are beside the manifest or given
  --events N --seed N  of simulate (defaults 100000 and 1); also, with the defaults in brackets:
  --effect X           of a click on a purchase, in log odds; 0: none (2)
  --confounding X      how much of the history that leads to clicks leads to purchases too (1)
  --pace X             divides all times within a visit; at 10 exposures are half a minute apart (1)
  --linger X           how many times later clicks come; purchases and the next exposure wait for the latest (1)
  --impulse X          probability of a purchase at an exposure that asks nothing of the click (0)
  --hidden X           weight of a trait of the user that no row tells of, on clicks and purchases (0)
  --overlap X          makes clicks all but certain or all but impossible, by the history (0)
  --carryover X        of a click in the last 24 hours on later purchases, in log odds (0)
  --varying X          how much the effect grows with the history, in log odds (0)
  --coarse-clock X     seconds of a tick of the clock that the times are told by (0: microseconds)
  --users N            fixed number of returning users (0: about one per 70 events, who come and go)
  --items N --days X   in the catalogue (0: events / 20, at least 500); over which users arrive (14)
  --late X             share of rows up to 20 minutes late in the file (0.004)
  --draws N            Monte Carlo pairs used to compute the true effect (200000)
  --no-truth           write no FILE.truth.json
  --rows N             how many rows inspect shows (default 10)
  --json               machine-readable output
  --quiet              no progress, no report; notices about the data are printed all the same
  --help, --version

Exit codes: 0 success, 1 data rejected or verification failed, 2 usage error, 130 interrupted.
)";

constexpr std::string_view kFormatsWord = "FORMATS";

}  // namespace

std::string usage() {
  std::string formats;
  for (const TableFormat& format : kTableFormats) {
    formats.append(formats.empty() ? "" : "\n").append(25, ' ').append(format.name);
    formats.append(20 - std::min<std::size_t>(20, format.name.size()), ' ').append(format.description);
  }
  std::string text(kUsage);
  return text.replace(text.find(kFormatsWord), kFormatsWord.size(), formats);
}

}  // namespace causal_sessions
