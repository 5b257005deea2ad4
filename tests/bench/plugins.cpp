// SPDX-License-Identifier: Apache-2.0
// What the guard adds to a call into a plugin, and what looking at plugin files adds to opening them.
//
// Crossing: `choose` among 10,000 tags by a policy that takes the last one, through the guard (breaker, lending, checks
// of what comes back, counting; no crash journal is kept) and through its bare function pointer, both on this thread
// with columns that are built. The goal of 10 µs is for the difference. Beside it, for information, the whole call with
// its worker's hop. Loading: Host::load() of twenty files, each probed in a child of the program that is measured, and
// dlopen alone.
#include <dlfcn.h>
#include <headwind/headwind.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/report.hpp"
#include "net/client.hpp"
#include "plugin/choose.hpp"
#include "plugin/guard.hpp"
#include "plugin/host.hpp"
#include "plugin/instance.hpp"
#include "plugin/lifecycle.hpp"
#include "plugin/module.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"

namespace headwind::bench {
namespace {

using std::chrono::steady_clock;
namespace fs = std::filesystem;

constexpr std::size_t kTags = 10'000, kCalls = 40, kFiles = 20;
constexpr double kGuardMicros = 10, kLoadMillis = 300;

template <class T>
T value(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}
void need(const Result<>& result) {
  if (!result) throw std::runtime_error(result.error().message);
}

plugin::Tags tags() {
  plugin::Tags out;
  for (std::size_t i = 0; i < kTags; ++i)
    out.names.push_back("1." + std::to_string(i / 100) + "." + std::to_string(i % 100));
  return out;
}

std::vector<fs::path> module_files(const Arguments& arguments) {
  std::vector<fs::path> files;
  for (std::size_t i = 1; i <= kFiles; ++i)
    files.push_back(arguments.build / "tests/bench/modules" / ("small_policy_" + std::to_string(i) + ".so"));
  return files;
}

// Microseconds of one call through the guard, and of the bare function.
struct Crossing {
  double guarded = 0, bare = 0;
};

Crossing cross(const std::shared_ptr<plugin::Instance>& instance, const plugin::Tags& candidates) {
  std::vector<std::shared_ptr<plugin::Choose>> frames;
  for (std::size_t i = 0; i < kCalls; ++i)
    frames.push_back(std::make_shared<plugin::Choose>(instance, plugin::PolicyQuery{}, candidates, false));
  const auto guarded = steady_clock::now();
  for (const auto& frame : frames) need(plugin::run_here(frame));
  const double with = since(guarded);
  if (frames.back()->choice.index != kTags - 1) throw std::runtime_error("the policy did not take the last tag");

  std::vector<hw_str> names;
  for (const std::string& name : candidates.names) names.push_back({name.data(), name.size()});
  hw_tags lent{};
  lent.struct_size = sizeof lent;
  lent.count = names.size();
  lent.names = names.data();
  const hw_policy_query query{};
  const hw_sink nowhere{nullptr, [](void*, hw_str) { return hw_status{HW_OK}; }};
  hw_choice out{};
  std::uint64_t sum = 0;
  const auto bare = steady_clock::now();
  for (std::size_t i = 0; i < kCalls; ++i) {
    instance->api<hw_policy_api>().choose(instance->self, nullptr, &query, &lent, &out, &nowhere, nullptr);
    sum += out.index;
  }
  const double without = since(bare);
  if (sum != kCalls * (kTags - 1)) throw std::runtime_error("the bare function did not take the last tag");
  return {with * 1e6 / kCalls, without * 1e6 / kCalls};
}

// Microseconds of one call as the engine makes it: the columns are built and a worker is entered.
double hop(const fs::path& file, const plugin::Tags& candidates, telemetry::Metrics& metrics) {
  boost::asio::io_context loop;
  plugin::HostOptions options;
  options.directories = {file};
  plugin::Host host(loop.get_executor(), nullptr, metrics, std::move(options));
  host.load();
  double seconds = 0;
  const auto measure = [&]() -> Task<> {
    const Result<> created = co_await host.create({"small", host.plugins().front().id, "", {}, {}});
    need(created);
    const plugin::Policy policy = host.policies().front();
    for (std::size_t i = 0; i < kCalls; ++i) {
      plugin::Tags copy = candidates;
      const auto start = steady_clock::now();
      const Result<plugin::Choice> choice = co_await policy.choose({}, std::move(copy), false);
      seconds += since(start);
      if (!choice) throw std::runtime_error(choice.error().message);
    }
    co_await host.shut_down(std::chrono::milliseconds(100));
  };
  boost::asio::co_spawn(loop, measure(), [&](std::exception_ptr failure) {
    loop.stop();
    if (failure) std::rethrow_exception(failure);
  });
  loop.run();
  return seconds * 1e6 / kCalls;
}

void measure_crossing(const Arguments& arguments) {
  const plugin::Tags candidates = tags();
  telemetry::Metrics metrics;
  const fs::path file = module_files(arguments).front();
  const hw_module& module = *value(plugin::open_module(file));
  plugin::InstanceConfig config;
  config.name = "small";
  config.plugin = "bench.policy.small1";
  const auto instance =
      std::make_shared<plugin::Instance>(config, *module.plugins[0], file, std::make_shared<plugin::Runtime>(metrics));
  need(plugin::run_here(plugin::make_create(instance)));
  cross(instance, candidates);  // the first one makes its metrics
  std::vector<double> guarded, bare, over;
  for (std::size_t i = 0; i < 5 * arguments.pairs; ++i) {
    const Crossing one = cross(instance, candidates);
    guarded.push_back(one.guarded);
    bare.push_back(one.bare);
    over.push_back(one.guarded - one.bare);
  }
  need(plugin::run_here(plugin::make_destroy(instance)));
  note("bare function " + std::to_string(median(bare)) + " us, through the guard " + std::to_string(median(guarded)) +
       " us, with columns built and a worker's hop " + std::to_string(hop(file, candidates, metrics)) + " us");
  report(arguments, {"guard of one choose, 10,000 tags", median(over), kGuardMicros, "us", median(over) / kGuardMicros,
                     Goal::at_most, 1});
}

// A directory of its own with copies: what was opened once is open.
class Copies {
 public:
  explicit Copies(const std::vector<fs::path>& files) {
    std::string pattern = (fs::temp_directory_path() / "headwind-bench-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no directory for the copies");
    place = pattern;
    for (const fs::path& file : files) fs::copy_file(file, place / file.filename());
  }
  ~Copies() {
    std::error_code ignored;
    fs::remove_all(place, ignored);
  }
  Copies(const Copies&) = delete;
  Copies& operator=(const Copies&) = delete;
  fs::path place;
};

double load(const Arguments& arguments, const Copies& copies) {
  boost::asio::io_context loop;
  telemetry::Metrics metrics;
  plugin::HostOptions options;
  options.directories = {copies.place};
  options.executable = arguments.build / "host" / "headwind";
  plugin::Host host(loop.get_executor(), nullptr, metrics, std::move(options));
  const auto start = steady_clock::now();
  host.load();
  const double seconds = since(start);
  for (const plugin::PluginInfo& info : host.plugins())
    if (info.state != "loaded") throw std::runtime_error(info.reason);
  if (host.plugins().size() != kFiles) throw std::runtime_error("not all plugins were found");
  return seconds * 1e3;
}

double open(const Copies& copies) {
  const auto start = steady_clock::now();
  for (const auto& entry : fs::directory_iterator(copies.place))
    if (dlopen(entry.path().c_str(), RTLD_NOW | RTLD_LOCAL) == nullptr) throw std::runtime_error(dlerror());
  return since(start) * 1e3;
}

void measure_loading(const Arguments& arguments) {
  const std::vector<fs::path> files = module_files(arguments);
  std::vector<double> ours, limit;
  for (std::size_t i = 0; i < arguments.pairs; ++i) {
    const Copies for_us(files), for_dlopen(files);
    ours.push_back(load(arguments, for_us));
    limit.push_back(open(for_dlopen));
  }
  note("dlopen alone " + std::to_string(median(limit)) + " ms: " + std::to_string(median(ours) / median(limit)) +
       " times; the rest is a child for each file");
  report(arguments,
         {"loading 20 plugins", median(ours), kLoadMillis, "ms", median(ours) / kLoadMillis, Goal::at_most, 1});
}

void measure(const Arguments& given) {
  Arguments arguments = given;
  if (arguments.pairs == 0) arguments.pairs = 5;
  measure_crossing(arguments);
  measure_loading(arguments);
}

}  // namespace
}  // namespace headwind::bench

int main(int count, char** words) { return headwind::bench::run(count, words, headwind::bench::measure); }
