// SPDX-License-Identifier: Apache-2.0
// An index.yaml of 30 MiB, like that of a large chart repository: the time of the Helm plugin's reader beside that of a
// SHA-256 over the same bytes, and the memory that it takes at its peak to have its versions listed by the plugin in
// the host, over HTTP from another process.
#include <arpa/inet.h>
#include <fcntl.h>
#include <malloc.h>
#include <openssl/evp.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <vector>

#include "bench/report.hpp"
#include "net/client.hpp"
#include "plugin/host.hpp"
#include "registries/helm/index_reader.hpp"
#include "telemetry/metrics.hpp"

namespace headwind::bench {
namespace {

namespace helm = registries::helm;

constexpr double kGoalMib = 16, kGoalSeconds = 3;  // far below the index itself: nobody holds it as a whole
constexpr std::size_t kPiece = 64U << 10U;         // as the host hands out bodies, at most
constexpr int kVersions = 120;

class TemporaryFile {
 public:
  TemporaryFile() : path_(std::filesystem::temp_directory_path() / ("helm-index-" + std::to_string(::getpid()))) {}
  ~TemporaryFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// "VmRSS", "VmHWM": in MiB.
double memory_mib(const std::string& field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(field + ":")) return std::stod(line.substr(field.size() + 1)) / 1024;
  throw std::runtime_error("/proc/self/status does not tell " + field);
}

std::string entry(const std::string& chart, int version) {
  const std::string number = std::to_string(version);
  std::string digest(64 - number.size(), 'a');
  return "  - annotations:\n      category: Database\n      images: |\n        - name: " + chart +
         "\n          image: docker.io/example/" + chart + ":" + number + ".2.3-debian-12-r" + number +
         "\n        - name: os-shell\n          image: docker.io/example/os-shell:12-debian-12-r" + number +
         "\n      licenses: Apache-2.0\n    apiVersion: v2\n    appVersion: " + number +
         ".2.3\n    created: \"2026-01-02T03:04:05.678901234Z\"\n    dependencies:\n    - name: common\n"
         "      repository: oci://registry.example.com/charts\n      tags:\n      - common\n      version: 2.x.x\n"
         "    description: " +
         chart +
         " is an open source thing. It is simple and fast, and what one\n      would expect of such a thing in every "
         "respect.\n    digest: " +
         digest + number + "\n    home: https://example.com\n    icon: https://example.com/assets/" + chart +
         ".png\n    keywords:\n    - " + chart +
         "\n    - database\n    - sql\n    maintainers:\n    - name: Example, Inc.\n      url: https://example.com\n"
         "    name: " +
         chart + "\n    sources:\n    - https://example.com/charts/tree/main/" + chart +
         "\n    urls:\n    - https://charts.example.com/stable/" + chart + "-" + number +
         ".0.0.tgz\n    version: " + number + ".0.0\n";
}

void write_index(const std::filesystem::path& path, std::size_t mib) {
  std::ofstream file(path);
  file << "apiVersion: v1\nentries:\n";
  for (int chart = 0; file && static_cast<std::size_t>(file.tellp()) < mib << 20U; ++chart) {
    const std::string name = "chart-" + std::to_string(chart);
    file << "  " << name << ":\n";
    for (int version = kVersions; version > 0; --version) file << entry(name, version);
  }
  file << "generated: \"2026-01-02T03:04:05.678901234Z\"\n";
  if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

template <class Work>
double seconds_of(Work work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void each_piece(const std::filesystem::path& path, const std::function<void(std::string_view)>& take) {
  std::ifstream file(path);
  std::vector<char> piece(kPiece);
  while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())) || file.gcount() > 0)
    take({piece.data(), static_cast<std::size_t>(file.gcount())});
}

void hash(const std::filesystem::path& path) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  unsigned char digest[EVP_MAX_MD_SIZE];
  bool well = EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1;
  each_piece(path, [&](std::string_view piece) {
    well = well && EVP_DigestUpdate(context.get(), piece.data(), piece.size()) == 1;
  });
  if (!well || EVP_DigestFinal_ex(context.get(), digest, nullptr) != 1) throw std::runtime_error("no SHA-256");
}

helm::ChartIndex read_index(const std::filesystem::path& path) {
  helm::IndexReader reader;
  bool more = true;
  each_piece(path, [&](std::string_view piece) { more = more && reader.take(piece); });
  auto index = reader.finish();
  if (!index) throw std::runtime_error("the index " + index.failure().message);
  return std::move(*index);
}

// A process that answers every request with the file.
class FileServer {
 public:
  explicit FileServer(const std::filesystem::path& path) {
    const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    auto* const address = reinterpret_cast<sockaddr*>(&at);
    if (::bind(listener, address, size) != 0 || ::listen(listener, 8) != 0 ||
        ::getsockname(listener, address, &size) != 0)
      throw std::runtime_error("no port to serve the index on");
    port_ = ntohs(at.sin_port);
    child_ = ::fork();
    if (child_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      std::signal(SIGPIPE, SIG_IGN);
      serve(listener, path);
    }
    ::close(listener);
  }
  ~FileServer() {
    if (child_ <= 0) return;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }
  FileServer(const FileServer&) = delete;
  FileServer& operator=(const FileServer&) = delete;
  int port() const { return port_; }

 private:
  [[noreturn]] static void serve(int listener, const std::filesystem::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const auto length = static_cast<off_t>(std::filesystem::file_size(path));
    const std::string head =
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n";
    for (;;) {
      const int client = ::accept(listener, nullptr, nullptr);
      if (client < 0) ::_exit(1);
      char request[8192];  // smaller than this, and in one piece on loopback
      off_t at = 0;
      bool well = ::read(client, request, sizeof request) > 0 && ::write(client, head.data(), head.size()) > 0;
      while (well && at < length) well = ::sendfile(client, file, &at, static_cast<std::size_t>(length - at)) > 0;
      ::close(client);
    }
  }

  int port_ = 0;
  pid_t child_ = -1;
};

// Has the versions of a chart listed by the plugin, as the operator would; returns how many there are.
class HelmInHost {
 public:
  explicit HelmInHost(std::string repository) : repository_(std::move(repository)) {
    plugin::HostOptions options;
    options.directories = {HELM_PLUGIN};
    host_ = std::make_unique<plugin::Host>(loop_.get_executor(), http_, metrics_, std::move(options));
    host_->load();
    const Result<> created = run(host_->create({"helm", "headwind.registry.helm", "", {}, {}}));
    if (!created) throw std::runtime_error(created.error().message);
  }
  ~HelmInHost() {
    boost::asio::co_spawn(loop_, host_->shut_down(std::chrono::milliseconds(100)),
                          [this](std::exception_ptr) { loop_.stop(); });
    loop_.restart();
    loop_.run();
    host_.reset();
    http_->shut_down();
  }
  HelmInHost(const HelmInHost&) = delete;
  HelmInHost& operator=(const HelmInHost&) = delete;

  std::size_t versions(const std::string& chart) {
    const Result<plugin::Tags> tags = run(host_->registries().front().list_tags(repository_ + "/" + chart));
    if (!tags) throw std::runtime_error(tags.error().message);
    return tags->names.size();
  }

 private:
  template <class T>
  T run(Task<T> task) {
    std::optional<T> out;
    boost::asio::co_spawn(loop_, std::move(task), [&](std::exception_ptr failure, T value) {
      if (failure) std::rethrow_exception(failure);
      out = std::move(value);
      loop_.stop();
    });
    loop_.restart();
    loop_.run();
    return std::move(out.value());
  }

  std::string repository_;
  boost::asio::io_context loop_;
  telemetry::Metrics metrics_;
  std::shared_ptr<net::Client> http_ = std::make_shared<net::Client>(loop_.get_executor(), net::ClientOptions{});
  std::unique_ptr<plugin::Host> host_;
};

void measure(const Arguments& arguments) {
  const std::size_t mib = arguments.count != 0 ? arguments.count : 30;
  const std::size_t rounds = arguments.pairs != 0 ? arguments.pairs : 3;
  const TemporaryFile file;
  write_index(file.path(), mib);
  const FileServer server(file.path());

  std::vector<double> ours, yardstick, ratios, listed, peaks;
  std::size_t kept = 0, entries = 0;
  for (std::size_t round = 0; round < rounds; ++round) {
    yardstick.push_back(seconds_of([&] { hash(file.path()); }));
    ours.push_back(seconds_of([&] {
      const auto index = read_index(file.path());
      kept = index.bytes();
      entries = index.entries();
    }));
    ratios.push_back(ours.back() / yardstick.back());

    HelmInHost host("http://127.0.0.1:" + std::to_string(server.port()));
    ::malloc_trim(0);
    const double idle = memory_mib("VmRSS");
    if (!(std::ofstream("/proc/self/clear_refs") << 5 << std::flush))  // the peak counts from here
      throw std::runtime_error("the peak of memory cannot be reset");
    std::size_t versions = 0;
    listed.push_back(seconds_of([&] { versions = host.versions("chart-1"); }));
    peaks.push_back(memory_mib("VmHWM") - idle);
    if (versions != kVersions) throw std::runtime_error("the index was not read as it should be");
  }

  const double peak = *std::max_element(peaks.begin(), peaks.end());
  char line[300];
  std::snprintf(line, sizeof line,
                "%zu MiB, %zu entries: read from a file in %.3f s, its SHA-256 takes %.3f s (ratio %.1f); listed "
                "through the host in "
                "%.3f s with %.1f MiB over idle at the peak; %.2f MiB are kept",
                mib, entries, median(ours), median(yardstick), median(ratios), median(listed), peak,
                static_cast<double>(kept) / (1 << 20));
  note(line);
  const std::string title = "chart index of " + std::to_string(mib) + " MiB, ";
  report(arguments,
         {title + "time", median(listed), kGoalSeconds, "s", median(listed) / kGoalSeconds, Goal::at_most, 1});
  report(arguments, {title + "memory", peak, kGoalMib, "MiB", peak / kGoalMib, Goal::at_most, 1});
}

}  // namespace
}  // namespace headwind::bench

int main(int count, char** words) { return headwind::bench::run(count, words, headwind::bench::measure); }
