// The side of a duel that runs trials when it is asked to; results/worker_protocol.hpp has what is
// said.
#pragma once

namespace bench::measure {

/// Says hello on stdout, and answers each request on stdin until stdin ends. After a failed trial,
/// whose threads may still run, it ends the process once it has answered. Returns the exit code: 0
/// if stdin ended, 3 if nobody reads the answers or a line is no request.
[[nodiscard]] int serve_duel();

}  // namespace bench::measure
