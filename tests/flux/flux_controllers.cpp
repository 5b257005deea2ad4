// SPDX-License-Identifier: Apache-2.0
#include "flux_controllers.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "cluster.hpp"

namespace headwind::end_to_end {
namespace {

std::string local() { return "127.0.0.1:" + std::to_string(testbed::free_port()); }

}  // namespace

FluxControllers::FluxControllers() : directory_(testbed::make_temporary_directory("flux")) {
  plane().create_namespace("flux-system");
  std::filesystem::create_directory(directory_ / "storage");
  const std::string storage = local();
  source_ = start("source-controller", {"--storage-path=" + (directory_ / "storage").string(),
                                        "--storage-addr=" + storage, "--storage-adv-addr=" + storage});
  helm_ = start("helm-controller", {"--requeue-dependency=3s"});  // how late it tells why a source is not ready
}

FluxControllers::~FluxControllers() {
  helm_.stop(std::chrono::seconds(5));
  source_.stop(std::chrono::seconds(5));
  std::error_code ignored;
  if (std::getenv("HEADWIND_TESTBED_KEEP") == nullptr) std::filesystem::remove_all(directory_, ignored);
}

testbed::Process FluxControllers::start(const std::string& controller, const std::vector<std::string>& more) const {
  const std::string health = local();
  std::vector<std::string> arguments{(testbed::flux_binaries() / controller).string(),
                                     "--health-addr=" + health,
                                     "--metrics-addr=" + local(),
                                     "--watch-all-namespaces=true",
                                     "--enable-leader-election=false",
                                     "--log-level=info"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  auto started = testbed::Process::start({arguments,
                                          directory_ / (controller + ".log"),
                                          directory_,
                                          {"KUBECONFIG=" + plane().kubeconfig().string(),
                                           "RUNTIME_NAMESPACE=flux-system", "HOME=" + directory_.string()}});
  if (!started) throw std::runtime_error(started.error().message);
  const bool ready =
      eventually([&] { return !started->running() || call("GET", "http://" + health + "/readyz").status == 200; });
  if (!ready || !started->running()) throw std::runtime_error(controller + " does not start: " + log(controller));
  return std::move(*started);
}

std::string FluxControllers::log(const std::string& controller) const {
  std::ifstream file(directory_ / (controller + ".log"), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace headwind::end_to_end
