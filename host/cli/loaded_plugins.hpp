// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <memory>
#include <vector>

#include "plugin/host.hpp"
#include "telemetry/metrics.hpp"

namespace headwind::cli {

// The plugins of some directories, to be looked at: probed as the operator does it, with nobody logging.
class LoadedPlugins {
 public:
  explicit LoadedPlugins(std::vector<std::filesystem::path> directories);
  plugin::Host& host() { return *host_; }
  const plugin::Host& host() const { return *host_; }

 private:
  boost::asio::io_context loop_;
  telemetry::Metrics metrics_;
  std::unique_ptr<plugin::Host> host_;
};

}  // namespace headwind::cli
