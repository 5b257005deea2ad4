// SPDX-License-Identifier: Apache-2.0
#include "plugin/host.hpp"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <limits>
#include <thread>
#include <utility>

#include "core/clock.hpp"
#include "plugin/abi.hpp"
#include "plugin/catalogue.hpp"
#include "plugin/guard.hpp"
#include "plugin/instance.hpp"
#include "plugin/lifecycle.hpp"
#include "telemetry/log.hpp"

namespace headwind::plugin {
namespace {

using std::chrono::milliseconds;
using Instances = std::vector<std::shared_ptr<Instance>>;

std::shared_ptr<Runtime> make_runtime(const Executor& executor, const std::shared_ptr<net::Client>& http,
                                      telemetry::Metrics& metrics, const HostOptions& options) {
  auto runtime = std::make_shared<Runtime>(metrics);
  runtime->version = options.version;
  runtime->dry_run = options.dry_run;
  runtime->loop = std::make_shared<Completions>(executor);
  runtime->http = http;
  runtime->lends_http = http != nullptr;
  runtime->peers = options.peers;
  runtime->on_answer = options.on_answer;
  runtime->quick = std::make_shared<Workers>(std::max<std::size_t>(1, options.quick_threads), runtime->loop);
  runtime->blocking = std::make_shared<Workers>(std::numeric_limits<std::size_t>::max());
  runtime->blocking_per_instance = std::max<std::size_t>(1, options.blocking_per_instance);
  runtime->grace = options.grace;
  runtime->first_rest = options.first_rest;
  runtime->journal = options.journal;
  return runtime;
}

// A name is a label and a part of every sentence about the instance.
Result<> check(const InstanceConfig& config) {
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  };
  if (config.name.empty() || config.name.size() > 63 || !std::ranges::all_of(config.name, is_word))
    return make_error(Code::invalid, "the name of an instance must be 1 to 63 letters, digits, '-', '_' or '.'");
  for (const auto& [function, deadline] : config.deadlines) {
    if (std::ranges::find(kTraits, function, &Traits::name) == kTraits.end())
      return make_error(Code::invalid, config.name + ": deadlines: there is no function \"" + function + "\"");
    if (deadline.count() <= 0)
      return make_error(Code::invalid, config.name + ": deadlines." + function + ": it must be longer than 0");
  }
  return {};
}

InstanceInfo describe(const Instance& instance) {
  InstanceInfo info{instance.name(), instance.config().plugin, std::string(to_string(instance.kind())), "ready", {}};
  const std::int64_t now = system_clock().mono_ms();
  if (const std::optional<Error> refusal = instance.breaker().refusal(now)) {
    info.state = instance.breaker().quarantined() ? "quarantined" : "resting";
    info.reason = refusal->message;
  }
  return info;
}

bool is_idle(const Instance& instance) { return instance.running() == 0; }

}  // namespace

struct Host::Impl : std::enable_shared_from_this<Host::Impl> {
  std::shared_ptr<Runtime> runtime;  // workers may hold it for longer than this lives
  std::shared_ptr<net::Client> http;
  HostOptions options;
  Catalogue catalogue;
  std::map<std::string, std::shared_ptr<Instance>> instances;  // null while it is being created
  bool draining = false;

  Instances living() const {
    Instances out;
    for (const auto& [name, instance] : instances) {
      if (instance) out.push_back(instance);
    }
    return out;
  }

  template <class View>
  std::vector<View> views(Kind kind) const {
    std::vector<View> out;
    for (const auto& [name, instance] : instances) {
      if (instance && instance->kind() == kind) out.emplace_back(instance);
    }
    return out;
  }

  static Task<Result<>> create(std::shared_ptr<Impl> self, InstanceConfig config) {
    if (self->draining) co_return make_error(Code::cancelled, config.name + ": the plugin host is being shut down");
    if (Result<> valid = check(config); !valid) co_return valid;
    Result<Catalogue::Entry> found = self->catalogue.find(config.plugin);
    if (!found) co_return in_context(found.error(), config.name);
    const std::string name = config.name;
    if (!self->instances.try_emplace(name, nullptr).second)
      co_return make_error(Code::conflict, name + ": there is an instance of that name already; rename one of the two");
    auto instance = std::make_shared<Instance>(std::move(config), *found->plugin, self->runtime);
    if (const std::optional<milliseconds> term = quarantine(*self, *instance, found->file)) {
      self->instances[name] = instance;
      spawn(co_await boost::asio::this_coro::executor, "the end of a quarantine", release(self, instance, *term));
      co_return Result<>();
    }
    Result<> created = co_await run_one(make_create(instance));
    if (!created) {
      self->instances.erase(name);
      co_return created;
    }
    if (self->draining) {
      self->instances.erase(name);
      co_await destroy_all(Instances(1, instance));
      co_return make_error(Code::cancelled, name + ": the plugin host is being shut down");
    }
    self->instances[name] = std::move(instance);
    co_return created;
  }

  // For how long the instance must stay out, because of the journal; if so, it is barred now.
  static std::optional<milliseconds> quarantine(const Impl& self, Instance& instance, const std::string& file) {
    const std::shared_ptr<Journal>& journal = self.runtime->journal;
    if (journal == nullptr) return std::nullopt;
    instance.set_culprit(make_culprit(instance.name(), fingerprint_of(file, instance.config().settings)));
    self.runtime->metrics
        .counter("headwind_plugin_crashes_total", "Crashes of Headwind within an instance, of the last day.",
                 {{"instance", instance.name()}})
        .add(static_cast<double>(journal->crashes(instance.culprit())));
    const std::int64_t now = system_clock().unix_ms();
    const std::optional<Quarantine> found = journal->quarantine(instance.culprit(), now);
    instance.show_quarantine(found.has_value());
    if (!found) return std::nullopt;
    instance.breaker().bar(found->sentence());
    telemetry::error("plugin", "an instance is quarantined; the rest starts",
                     {{"instance", instance.name()}, {"file", file}, {"error", found->sentence()}});
    return milliseconds(found->until_ms - now);
  }

  static Task<> release(std::weak_ptr<Impl> weak, std::shared_ptr<Instance> instance, milliseconds term) {
    co_await sleep_for(term);
    const std::shared_ptr<Impl> self = weak.lock();
    if (self == nullptr || self->draining) co_return;
    const Result<> created = co_await run_one(make_create(instance));
    if (!created) {
      instance->breaker().bar("it could not be created after its quarantine: " + created.error().message);
      telemetry::error("plugin", "an instance could not be created after its quarantine",
                       {{"instance", instance->name()}, {"error", created.error().message}});
      co_return;
    }
    instance->breaker().free();
    instance->show_quarantine(false);
    telemetry::warn("plugin", "a quarantine is over; the instance is tried again", {{"instance", instance->name()}});
  }

  static Task<> destroy(std::shared_ptr<Instance> instance, std::shared_ptr<std::size_t> left) {
    const Result<> destroyed = co_await run_one(make_destroy(instance));
    if (!destroyed) telemetry::warn("plugin", "an instance was not destroyed", {{"error", destroyed.error().message}});
    --*left;
  }

  // All at once: the deadline of `destroy` bounds the whole.
  static Task<> destroy_all(Instances instances) {
    const auto left = std::make_shared<std::size_t>(instances.size());
    const Executor executor = co_await boost::asio::this_coro::executor;
    for (const auto& instance : instances) spawn(executor, "the end of a plugin instance", destroy(instance, left));
    while (*left > 0) co_await sleep_for(milliseconds(2));
  }

  static Task<> wait_idle(Instances instances, milliseconds limit) {
    const std::int64_t end = system_clock().mono_ms() + limit.count();
    while (!std::ranges::all_of(instances, [](const auto& i) { return is_idle(*i); }) && system_clock().mono_ms() < end)
      co_await sleep_for(milliseconds(5));
  }

  static Task<> shut_down(std::shared_ptr<Impl> self, milliseconds grace) {
    self->draining = true;
    const Instances instances = self->living();
    for (const auto& instance : instances) instance->breaker().drain();
    co_await wait_idle(instances, grace / 2);
    for (const auto& instance : instances) instance->stop();  // what polls `cancelled` or waits for HTTP winds up now
    co_await wait_idle(instances, grace - grace / 2);
    Instances idle;
    for (const auto& instance : instances) {
      if (is_idle(*instance)) {
        idle.push_back(instance);
      } else {
        telemetry::warn("plugin", "an instance is left as it is: a call has not returned",
                        {{"instance", instance->name()}});
      }
      self->instances.erase(instance->name());
    }
    co_await destroy_all(std::move(idle));
  }

  // What shut_down has not done, without an event loop.
  void close() {
    draining = true;
    const Instances left = living();
    for (const auto& instance : left) instance->breaker().drain();
    for (const auto& instance : left) instance->stop();
    block_until_idle(left, options.grace);
    for (const auto& instance : left) {
      if (is_idle(*instance)) instance->submit(make_destroy(instance));
    }
    block_until_idle(left, options.grace);
    runtime->loop->close();
    runtime->closed = true;
    runtime->quick->close();
    runtime->blocking->close();
  }

  static void block_until_idle(const Instances& instances, milliseconds limit) {
    const std::int64_t end = system_clock().mono_ms() + limit.count();
    while (!std::ranges::all_of(instances, [](const auto& i) { return is_idle(*i); }) && system_clock().mono_ms() < end)
      std::this_thread::sleep_for(milliseconds(1));
  }
};

Host::Host(Executor executor, std::shared_ptr<net::Client> http, telemetry::Metrics& metrics, HostOptions options)
    : impl_(std::make_shared<Impl>()) {
  impl_->runtime = make_runtime(executor, http, metrics, options);
  impl_->http = std::move(http);
  impl_->options = std::move(options);
}

Host::~Host() { impl_->close(); }

void Host::load() {
  impl_->catalogue.load(impl_->options);
  for (const std::string state : {"loaded", "refused"}) {
    const auto count = std::ranges::count(impl_->catalogue.rows(), state, &PluginInfo::state);
    impl_->runtime->metrics
        .gauge("headwind_plugins", "Plugins found at start, by what became of them.", {{"state", state}})
        .set(static_cast<double>(count));
  }
}

std::vector<PluginInfo> Host::plugins() const { return impl_->catalogue.rows(); }

Task<Result<>> Host::create(InstanceConfig config) { return Impl::create(impl_, std::move(config)); }

std::vector<InstanceInfo> Host::instances() const {
  std::vector<InstanceInfo> out;
  for (const auto& instance : impl_->living()) out.push_back(describe(*instance));
  return out;
}

bool Host::quarantined(const std::string& instance) const {
  const auto found = impl_->instances.find(instance);
  return found != impl_->instances.end() && found->second && found->second->breaker().quarantined();
}

std::vector<Registry> Host::registries() const { return impl_->views<Registry>(Kind::registry); }
std::vector<Workload> Host::workloads() const { return impl_->views<Workload>(Kind::workload); }
std::vector<Policy> Host::policies() const { return impl_->views<Policy>(Kind::policy); }
std::vector<Notifier> Host::notifiers() const { return impl_->views<Notifier>(Kind::notifier); }

bool Host::healthy() const {
  return impl_->runtime->stuck.load() <= static_cast<std::ptrdiff_t>(impl_->options.abandoned_limit);
}

Task<> Host::shut_down(milliseconds grace) { return Impl::shut_down(impl_, grace); }

}  // namespace headwind::plugin
