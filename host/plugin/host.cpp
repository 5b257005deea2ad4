// SPDX-License-Identifier: Apache-2.0
#include "plugin/host.hpp"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <limits>
#include <set>
#include <thread>
#include <utility>

#include "core/clock.hpp"
#include "plugin/abi.hpp"
#include "plugin/catalogue.hpp"
#include "plugin/guard.hpp"
#include "plugin/instance.hpp"
#include "plugin/lifecycle.hpp"
#include "plugin/retirement.hpp"
#include "plugin/schema.hpp"
#include "plugin/seat.hpp"
#include "telemetry/log.hpp"

namespace headwind::plugin {
namespace {

using std::chrono::milliseconds;

std::shared_ptr<Runtime> make_runtime(const Executor& executor, const std::shared_ptr<net::Client>& http,
                                      telemetry::Metrics& metrics, const HostOptions& options) {
  auto runtime = std::make_shared<Runtime>(metrics);
  runtime->version = options.version;
  runtime->dry_run = options.dry_run;
  runtime->abi_minor = options.abi_minor.value_or(HW_ABI_MINOR);
  runtime->loop = std::make_shared<Completions>(executor);
  runtime->http = http;
  runtime->lends_http = http != nullptr;
  runtime->peers.use(options.peers);
  runtime->on_answer = options.on_answer;
  runtime->quick = std::make_shared<Workers>(std::max<std::size_t>(1, options.quick_threads), runtime->loop);
  runtime->blocking = std::make_shared<Workers>(std::numeric_limits<std::size_t>::max());
  runtime->blocking_per_instance = std::max<std::size_t>(1, options.blocking_per_instance);
  runtime->grace = options.grace;
  runtime->first_rest = options.first_rest;
  runtime->journal = options.journal;
  metrics.gauge("headwind_plugin_abandoned_calls", "Calls into plugins that never returned.");  // 0 is a value, too
  return runtime;
}

// A name is a label and a part of every sentence about the instance.
Result<> check_names(const InstanceConfig& config) {
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

}  // namespace

struct Host::Impl : std::enable_shared_from_this<Host::Impl> {
  std::shared_ptr<Runtime> runtime;  // workers may hold it for longer than this lives
  Executor executor;
  std::shared_ptr<net::Client> http;
  HostOptions options;
  Catalogue catalogue;
  std::map<std::string, std::shared_ptr<Seat>> seats;  // null while its instance is being created
  std::shared_ptr<Retired> retired = std::make_shared<Retired>();
  std::set<std::string> counted;  // the instances whose crashes are: the journal tells them by name
  bool draining = false;

  std::shared_ptr<Seat> seat(const std::string& name) const {
    const auto found = seats.find(name);
    return found == seats.end() ? nullptr : found->second;
  }

  Instances living() const {
    Instances out;
    for (const auto& [name, seat] : seats) {
      if (seat) out.push_back(seat->instance());
    }
    return out;
  }

  template <class View>
  std::vector<View> views(Kind kind) const {
    std::vector<View> out;
    for (const auto& [name, seat] : seats) {
      if (seat && seat->instance()->kind() == kind) out.emplace_back(seat);
    }
    return out;
  }

  void show_plugins() {
    for (const std::string state : {"loaded", "refused"}) {
      const auto count = std::ranges::count(catalogue.rows(), state, &PluginInfo::state);
      runtime->metrics.gauge("headwind_plugins", "Plugins that were found, by what became of them.", {{"state", state}})
          .set(static_cast<double>(count));
    }
  }

  // Probing and loading take their time on a thread of their own; the loop goes on.
  static Task<std::size_t> load_new(std::shared_ptr<Impl> self, std::vector<std::filesystem::path> directories) {
    self->options.directories = std::move(directories);
    const std::shared_ptr<Search> search = self->catalogue.begin(self->options);
    if (!search->is_empty()) {
      std::thread([search] { search->run(); }).detach();
      while (!search->has_ended()) co_await sleep_for(milliseconds(2));
    }
    const std::size_t loaded = self->catalogue.accept(*search);
    self->show_plugins();
    co_return loaded;
  }

  Result<Catalogue::Entry> find(const InstanceConfig& config) const {
    if (draining) return make_error(Code::cancelled, config.name + ": the plugin host is being shut down");
    if (Result<> valid = check_names(config); !valid) return valid.error();
    Result<Catalogue::Entry> found = catalogue.find(config.plugin);
    if (!found) return in_context(found.error(), config.name);
    return found;
  }

  static Task<Result<>> create(std::shared_ptr<Impl> self, InstanceConfig config) {
    const Result<Catalogue::Entry> found = self->find(config);
    if (!found) co_return found.error();
    const std::string name = config.name;
    if (!self->seats.try_emplace(name, nullptr).second)
      co_return make_error(Code::conflict, name + ": there is an instance of that name already; rename one of the two");
    auto instance = std::make_shared<Instance>(std::move(config), *found->plugin, found->file, self->runtime);
    const Result<> brought = co_await bring_up(self, instance, found->file);
    if (!brought) {
      self->seats.erase(name);
      co_return brought;
    }
    self->seats[name] = std::make_shared<Seat>(std::move(instance));
    co_return Result<>();
  }

  // The former instance is not touched before the new one is there.
  static Task<Result<>> replace(std::shared_ptr<Impl> self, InstanceConfig config) {
    const Result<Catalogue::Entry> found = self->find(config);
    if (!found) co_return found.error();
    const std::shared_ptr<Seat> seat = self->seat(config.name);
    if (seat == nullptr) co_return make_error(Code::not_found, config.name + ": there is no instance of that name");
    if (seat->instance()->kind() != Kind{found->plugin->kind})
      co_return make_error(Code::invalid, config.name + ": " + config.plugin + " is of the kind " +
                                              std::string(to_string(Kind{found->plugin->kind})) +
                                              ", the instance of that name of the kind " +
                                              std::string(to_string(seat->instance()->kind())) +
                                              "; choose another name, or restart");
    auto instance = std::make_shared<Instance>(std::move(config), *found->plugin, found->file, self->runtime);
    // One that would not be called is worse than the former.
    if (const std::optional<Quarantine> barred = self->look_up(*instance, found->file))
      co_return make_error(Code::unavailable,
                           seat->name() + ": " + barred->sentence() + "; the former instance goes on");
    const Result<> made = co_await make(self, instance);
    if (!made) co_return made;
    if (self->seat(seat->name()) != seat) {
      co_await destroy_all(Instances(1, instance));
      co_return make_error(Code::conflict, seat->name() + ": the instance was taken out meanwhile");
    }
    self->retired->add(co_await boost::asio::this_coro::executor, seat->take(instance));
    instance->show_quarantine(false);
    co_return Result<>();
  }

  static Result<> remove(Impl& self, const Executor& executor, const std::string& name) {
    const std::shared_ptr<Seat> seat = self.seat(name);
    if (seat == nullptr) return make_error(Code::not_found, name + ": there is no instance of that name");
    self.seats.erase(name);
    seat->instance()->show_quarantine(false);
    seat->instance()->breaker().drain("it was taken out of the configuration");
    self.retired->add(executor, seat->instance());
    return {};
  }

  // Creates what is to be seated; one that is quarantined later, when its time is over.
  static Task<Result<>> bring_up(std::shared_ptr<Impl> self, std::shared_ptr<Instance> instance, std::string file) {
    if (const std::optional<milliseconds> term = quarantine(*self, *instance, file)) {
      spawn(co_await boost::asio::this_coro::executor, "the end of a quarantine", release(self, instance, *term));
      co_return Result<>();
    }
    co_return co_await make(self, std::move(instance));
  }

  static Task<Result<>> make(std::shared_ptr<Impl> self, std::shared_ptr<Instance> instance) {
    Result<> created = co_await run_one(make_create(instance));
    if (!created || !self->draining) co_return created;
    co_await destroy_all(Instances(1, instance));
    co_return make_error(Code::cancelled, instance->name() + ": the plugin host is being shut down");
  }

  // What the journal has against the instance; from now on it can be named there.
  std::optional<Quarantine> look_up(Instance& instance, const std::string& file) {
    const std::shared_ptr<Journal>& journal = runtime->journal;
    if (journal == nullptr) return std::nullopt;
    instance.set_culprit(make_culprit(instance.name(), fingerprint_of(file, instance.config().settings)));
    const telemetry::Counter crashes = runtime->metrics.counter(
        "headwind_plugin_crashes_total", "Crashes of Headwind within an instance, of the last day.",
        {{"instance", instance.name()}});
    if (counted.insert(instance.name()).second) crashes.add(static_cast<double>(journal->crashes(instance.culprit())));
    return journal->quarantine(instance.culprit(), system_clock().unix_ms());
  }

  // For how long the instance must stay out, because of the journal; if so, it is barred now.
  static std::optional<milliseconds> quarantine(Impl& self, Instance& instance, const std::string& file) {
    const std::optional<Quarantine> found = self.look_up(instance, file);
    if (self.runtime->journal != nullptr) instance.show_quarantine(found.has_value());
    if (!found) return std::nullopt;
    instance.breaker().bar(found->sentence());
    telemetry::error("plugin", "an instance is quarantined; the rest starts",
                     {{"instance", instance.name()}, {"file", file}, {"error", found->sentence()}});
    return milliseconds(std::max<std::int64_t>(0, found->until_ms - system_clock().unix_ms()));
  }

  static Task<> release(std::weak_ptr<Impl> weak, std::shared_ptr<Instance> instance, milliseconds term) {
    co_await sleep_for(term);
    const std::shared_ptr<Impl> self = weak.lock();
    if (self == nullptr || self->draining || instance->retired()) co_return;
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

  // Those that are seated and those that are not, any more.
  Instances ending() {
    draining = true;
    Instances all = retired->take();
    for (const auto& instance : living()) all.push_back(instance);
    for (const auto& instance : all) instance->breaker().drain();
    return all;
  }

  static Task<> shut_down(std::shared_ptr<Impl> self, milliseconds grace) {
    const Instances instances = self->ending();
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
      self->seats.erase(instance->name());
    }
    co_await destroy_all(std::move(idle));
  }

  // What shut_down has not done, without an event loop.
  void close() {
    const Instances left = ending();
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
};

Host::Host(Executor executor, std::shared_ptr<net::Client> http, telemetry::Metrics& metrics, HostOptions options)
    : impl_(std::make_shared<Impl>()) {
  impl_->runtime = make_runtime(executor, http, metrics, options);
  impl_->executor = std::move(executor);
  impl_->http = std::move(http);
  impl_->options = std::move(options);
}

Host::~Host() { impl_->close(); }

void Host::load() {
  impl_->catalogue.load(impl_->options);
  impl_->show_plugins();
}

Task<std::size_t> Host::load_new(std::vector<std::filesystem::path> directories) {
  return Impl::load_new(impl_, std::move(directories));
}

std::vector<PluginInfo> Host::plugins() const { return impl_->catalogue.rows(); }

Result<> Host::check(const InstanceConfig& config) const {
  const Result<Catalogue::Entry> found = impl_->find(config);
  if (!found) return found.error();
  const Result<std::string> settings = prepare_settings(view(found->plugin->config_schema), config.settings);
  if (!settings) return settings.error();
  return {};
}

Task<Result<>> Host::create(InstanceConfig config) { return Impl::create(impl_, std::move(config)); }
Task<Result<>> Host::replace(InstanceConfig config) { return Impl::replace(impl_, std::move(config)); }
Result<> Host::remove(const std::string& name) { return Impl::remove(*impl_, impl_->executor, name); }

const InstanceConfig* Host::config_of(const std::string& instance) const {
  const std::shared_ptr<Seat> seat = impl_->seat(instance);
  return seat ? &seat->instance()->config() : nullptr;
}

void Host::use_peers(std::map<std::string, Peer> peers) { impl_->runtime->peers.use(std::move(peers)); }

void Host::on_outage(OutageListener listener) { impl_->runtime->on_outage = std::move(listener); }

std::vector<InstanceInfo> Host::instances() const {
  std::vector<InstanceInfo> out;
  for (const auto& instance : impl_->living()) out.push_back(instance->describe());
  for (const auto& instance : impl_->retired->all()) out.push_back(instance->describe());
  return out;
}

bool Host::quarantined(const std::string& instance) const {
  const std::shared_ptr<Seat> seat = impl_->seat(instance);
  return seat && seat->instance()->breaker().quarantined();
}

std::vector<Registry> Host::registries() const { return impl_->views<Registry>(Kind::registry); }
std::vector<Workload> Host::workloads() const { return impl_->views<Workload>(Kind::workload); }
std::vector<Policy> Host::policies() const { return impl_->views<Policy>(Kind::policy); }
std::vector<Notifier> Host::notifiers() const { return impl_->views<Notifier>(Kind::notifier); }

bool Host::healthy() const {
  return impl_->runtime->stuck.load() <= static_cast<std::ptrdiff_t>(impl_->options.abandoned_limit);
}

Task<> Host::shut_down(std::chrono::milliseconds grace) { return Impl::shut_down(impl_, grace); }

}  // namespace headwind::plugin
