// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace headwind::cli {

// Ends the process without unwinding: plugins' threads and abandoned calls stay as they are (decisions 24).
// Sanitizer builds run exit handlers first, so that leaks are seen.
[[noreturn]] void leave(int code);

}  // namespace headwind::cli
