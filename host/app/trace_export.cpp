// SPDX-License-Identifier: Apache-2.0
#include "app/trace_export.hpp"

#include <unistd.h>

#include <array>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fstream>
#include <sstream>
#include <thread>
#include <tuple>
#include <utility>

#include "net/trial.hpp"
#include "telemetry/log.hpp"

namespace headwind::app {
namespace {

Result<std::string> read_file(const std::string& field, const std::string& name) {
  if (name.empty()) return std::string();
  std::ifstream file(name, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file || text.str().find("-----BEGIN ") == std::string::npos)
    return make_error(Code::invalid, "telemetry.traces." + field + ": the file " + name +
                                         " cannot be read or is not PEM; check its path, mode and content");
  return std::move(text).str();
}

Result<std::shared_ptr<const net::TlsSettings>> tls_of(const config::Traces& traces) {
  auto tls = std::make_shared<net::TlsSettings>();
  for (const auto& [field, name, out] : {std::tuple{"caFile", &traces.ca_file, &tls->ca_pem},
                                         std::tuple{"certificateFile", &traces.certificate_file, &tls->certificate_pem},
                                         std::tuple{"keyFile", &traces.key_file, &tls->key_pem}}) {
    Result<std::string> pem = read_file(field, *name);
    if (!pem) return pem.error();
    *out = std::move(*pem);
  }
  if (tls->ca_pem.empty() && tls->certificate_pem.empty()) return std::shared_ptr<const net::TlsSettings>();
  if (const Result<> fits = net::try_settings(*tls); !fits) return in_context(fits.error(), "telemetry.traces");
  return std::shared_ptr<const net::TlsSettings>(std::move(tls));
}

// What OTEL_RESOURCE_ATTRIBUTES and the file say ranks before what we know ourselves.
std::map<std::string, std::string> resource_of(const config::Config& config, const TextMap& environment,
                                               const std::string& version) {
  std::map<std::string, std::string> resource = config.traces.resource;
  const auto put = [&](const char* key, const std::string& value) {
    if (!value.empty()) resource.try_emplace(key, value);
  };
  put("service.name", config.traces.service_name);
  put("service.version", version.substr(version.find('/') + 1));
  put("k8s.namespace.name", config.name_space);
  for (const auto& [variable, key] :
       {std::pair{"HEADWIND_POD_NAME", "k8s.pod.name"}, std::pair{"HEADWIND_POD_UID", "k8s.pod.uid"}})
    if (const auto found = environment.find(variable); found != environment.end()) put(key, found->second);
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) == 0) put("host.name", host.data());
  put("service.instance.id", resource.contains("k8s.pod.uid")
                                 ? resource["k8s.pod.uid"]
                                 : resource["host.name"] + "-" + std::to_string(::getpid()));
  put("telemetry.sdk.name", "headwind");
  put("telemetry.sdk.language", "cpp");
  put("telemetry.sdk.version", version.substr(version.find('/') + 1));
  return resource;
}

}  // namespace

// Its thread has a plain pointer to it: the destructor of TraceExport joins the thread before this goes.
struct TraceExport::Impl {
  Impl(TraceSenderOptions options, telemetry::TracerOptions recording, std::chrono::milliseconds pause,
       net::Proxies proxies, telemetry::Metrics& metrics)
      : delay(pause),
        tracer(std::make_shared<telemetry::Tracer>(recording, metrics)),
        http(loop.get_executor(), client_options(options.version, std::move(proxies))),
        sender(loop.get_executor(), http, tracer, std::move(options)),
        timer(loop) {}

  static net::ClientOptions client_options(const std::string& version, net::Proxies proxies) {
    net::ClientOptions options;
    options.user_agent = "headwind/" + version;
    options.connections_per_host = 1;
    options.proxies = std::move(proxies);
    return options;
  }

  // Whole batches as they come, the rest at its time.
  Task<> run() {
    while (!stopping || tracer->waiting() > 0) {
      if (!stopping && !due) {
        timer.expires_after(delay);
        boost::system::error_code woken;
        co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
      }
      due = false;
      std::vector<telemetry::SpanRecord> spans = tracer->batch();
      if (!spans.empty()) co_await sender.send(std::move(spans));
      due = due || tracer->waiting() >= whole;
    }
    http.shut_down();
    ended = true;
  }
  void wake() {
    due = true;
    timer.cancel();
  }

  boost::asio::io_context loop{1};
  const std::chrono::milliseconds delay;
  std::size_t whole = 1;
  std::shared_ptr<telemetry::Tracer> tracer;
  net::Client http;
  TraceSender sender;
  boost::asio::steady_timer timer;
  bool stopping = false, due = false;
  std::atomic<bool> ended{false};
  std::thread thread;
};

TraceExport::TraceExport(TraceSenderOptions sender, telemetry::TracerOptions tracer, std::chrono::milliseconds delay,
                         net::Proxies proxies, telemetry::Metrics& metrics)
    : impl_(std::make_shared<Impl>(std::move(sender), tracer, delay, std::move(proxies), metrics)) {
  Impl& impl = *impl_;
  impl.whole = tracer.max_batch;
  impl.tracer->on_batch([weak = std::weak_ptr<Impl>(impl_)] {
    if (const auto self = weak.lock())
      boost::asio::post(self->loop, [again = std::weak_ptr<Impl>(self)] {
        if (const auto there = again.lock()) there->wake();
      });
  });
  spawn(impl.loop.get_executor(), "traces", impl.run());
  impl.thread = std::thread([self = &impl] { self->loop.run(); });
  telemetry::set_tracer(impl.tracer);
}

TraceExport::~TraceExport() {
  if (telemetry::tracer() == impl_->tracer) telemetry::set_tracer(nullptr);
  impl_->tracer->close();
  impl_->loop.stop();
  impl_->thread.join();
}

Task<> TraceExport::stop(std::chrono::milliseconds grace) {
  if (telemetry::tracer() == impl_->tracer) telemetry::set_tracer(nullptr);
  boost::asio::post(impl_->loop, [impl = impl_.get(), grace] {
    impl->stopping = true;
    impl->sender.hurry(grace);
    impl->wake();
  });
  const auto until = std::chrono::steady_clock::now() + grace + std::chrono::milliseconds(500);
  while (!impl_->ended && std::chrono::steady_clock::now() < until) co_await sleep_for(std::chrono::milliseconds(5));
}

Result<std::unique_ptr<TraceExport>> TraceExport::start(const config::Config& config, const TextMap& environment,
                                                        const std::string& version, telemetry::Metrics& metrics) {
  const config::Traces& traces = config.traces;
  if (!traces.are_on()) return std::unique_ptr<TraceExport>();
  const auto headers = config::trace_headers(config, environment);
  if (!headers) return headers.error();
  auto tls = tls_of(traces);
  if (!tls) return tls.error();
  const Result<net::Proxies> proxies = net::Proxies::of_environment(environment);
  if (!proxies) return proxies.error();
  const Result<telemetry::Sampler> sampler = telemetry::Sampler::make(traces.sampler, traces.ratio);
  if (!sampler) return in_context(sampler.error(), "telemetry.traces.sampler");
  TraceSenderOptions sender;
  sender.url = traces.endpoint;
  for (const auto& [name, value] : *headers) sender.headers.push_back({name, value});
  sender.tls = std::move(*tls);
  sender.gzip = traces.compression == "gzip";
  sender.timeout = traces.timeout, sender.export_timeout = traces.export_timeout;
  sender.resource = resource_of(config, environment, version);
  sender.version = version.substr(version.find('/') + 1);
  telemetry::TracerOptions recording;
  recording.sampler = *sampler;
  recording.max_queue = traces.queue, recording.max_batch = traces.batch;
  return std::make_unique<TraceExport>(std::move(sender), recording, traces.delay, *proxies, metrics);
}

}  // namespace headwind::app
