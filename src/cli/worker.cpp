// The command worker: one side of a duel.

#include "measure/worker.hpp"

#include <utility>

#include "cli/command.hpp"
#include "cli/flags.hpp"
#include "cli/output.hpp"

namespace bench::cli {
namespace {

constexpr const char* kWorkerFooter =
    R"(duel starts two of them for each four trials, and each ends when its input does.
What both say is in configs/schema/worker.schema.json. A program that starts it
with its own arguments in front (numactl, taskset, a shell script) can stand for
either side of a duel; what has not ended 50 ms after its input is killed.

Exit status: 0 its input ended; 3 what it reads is no request, or nobody reads
its answers.)";

int execute_worker(Arguments arguments, const std::string& /*command_line*/) {
  Flags flags("ringmpsc-bench worker",
              "One side of a duel: reads requests from stdin, runs their trials, and writes the\n"
              "samples to stdout, one line of JSON each.",
              kWorkerFooter);
  if (const auto help = flags.read(std::move(arguments))) return show(*help);
  return measure::serve_duel();
}

}  // namespace

const Command kWorker{
    .name = "worker", .summary = "one side of a duel, which starts it", .execute = execute_worker};

}  // namespace bench::cli
