// SPDX-License-Identifier: Apache-2.0
// An index.yaml of 30 MiB, like that of a large chart repository, through the Helm plugin's reader: its time beside
// that of a SHA-256 over the same bytes, and the memory it takes at its peak, with the body as the host holds it
// meanwhile.
#include <malloc.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <vector>

#include "bench/report.hpp"
#include "registries/helm/index_reader.hpp"

namespace headwind::bench {
namespace {

namespace helm = registries::helm;

constexpr double kGoalMib = 64, kGoalSeconds = 3;
constexpr std::size_t kPiece = 64U << 10U;  // as the host hands out bodies
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

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string body;
  std::vector<char> piece(kPiece);
  while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())) || file.gcount() > 0)
    body.append(piece.data(), static_cast<std::size_t>(file.gcount()));
  return body;
}

void hash(const std::string& body) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  if (EVP_Digest(body.data(), body.size(), digest, nullptr, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("no SHA-256");
}

helm::ChartIndex read_index(const std::string& body) {
  helm::IndexReader reader;
  for (std::size_t at = 0; at < body.size(); at += kPiece)
    if (!reader.take(std::string_view(body).substr(at, kPiece))) break;
  auto index = reader.finish();
  if (!index) throw std::runtime_error("the index " + index.failure().message);
  return std::move(*index);
}

void measure(const Arguments& arguments) {
  const std::size_t mib = arguments.count != 0 ? arguments.count : 30;
  const std::size_t rounds = arguments.pairs != 0 ? arguments.pairs : 3;
  const TemporaryFile file;
  write_index(file.path(), mib);
  hash("");  // what OpenSSL loads once is not the index's

  ::malloc_trim(0);
  const double idle = memory_mib("VmRSS");
  std::ofstream("/proc/self/clear_refs") << 5;  // the peak counts from here
  std::vector<double> ours, yardstick, ratios;
  std::size_t kept = 0, entries = 0;
  for (std::size_t round = 0; round < rounds; ++round) {
    const std::string body = read_file(file.path());
    yardstick.push_back(seconds_of([&] { hash(body); }));
    ours.push_back(seconds_of([&] {
      const auto index = read_index(body);
      kept = index.bytes();
      entries = index.entries();
    }));
    ratios.push_back(ours.back() / yardstick.back());
  }
  const double peak = memory_mib("VmHWM") - idle;

  char line[200];
  std::snprintf(line, sizeof line,
                "%zu MiB, %zu entries: read in %.3f s, a SHA-256 takes %.3f s (ratio %.1f); %.1f MiB at the peak, the "
                "body's %zu among them, %.2f MiB kept",
                mib, entries, median(ours), median(yardstick), median(ratios), peak, mib,
                static_cast<double>(kept) / (1 << 20));
  note(line);
  const std::string title = "chart index of " + std::to_string(mib) + " MiB, ";
  report(arguments, {title + "time", median(ours), kGoalSeconds, "s", median(ours) / kGoalSeconds, Goal::at_most, 1});
  report(arguments, {title + "memory", peak, kGoalMib, "MiB", peak / kGoalMib, Goal::at_most, 1});
}

}  // namespace
}  // namespace headwind::bench

int main(int count, char** words) { return headwind::bench::run(count, words, headwind::bench::measure); }
