// SPDX-License-Identifier: Apache-2.0
#include "cli/audit_stream.hpp"

#include <string>

#include "telemetry/audit.hpp"

namespace headwind::cli {

void begin_audit(const config::Config& config) {
  telemetry::AuditOptions options;
  options.sink = config.audit == config::AuditTo::off    ? telemetry::AuditSink::off
                 : config.audit == config::AuditTo::file ? telemetry::AuditSink::file
                                                         : telemetry::AuditSink::standard_output;
  options.file = config.audit_file;
  options.process = std::string("headwind/") + HEADWIND_VERSION;
  telemetry::init_audit(options);
}

}  // namespace headwind::cli
