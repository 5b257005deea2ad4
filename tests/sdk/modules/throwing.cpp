// SPDX-License-Identifier: Apache-2.0
// One plugin of each kind that throws wherever it is called: what its settings name under "throw".
#include <headwind/sdk.hpp>
#include <new>

namespace {

using namespace std::chrono_literals;

struct Odd {};  // not a std::exception

void throw_as(const std::string& what) {
  if (what == "error") throw hw::error(hw::code::throttled, "slow down").retry_after(1500ms);
  if (what == "invalid") throw hw::error(hw::code::invalid, "never");
  if (what == "memory") throw std::bad_alloc();
  if (what == "standard") throw std::runtime_error("a defect");
  if (what == "odd") throw Odd{};
}

class Thrower {
 public:
  explicit Thrower(const hw::config& config) : what_(config.get<std::string>("throw", "")) {
    throw_as(config.get<std::string>("throw_in_constructor", ""));
  }

 protected:
  std::string what_;
};

class Policy : public Thrower, public hw::policy {
 public:
  using Thrower::Thrower;
  ~Policy() noexcept(false) {
    if (what_ == "destructor") throw Odd{};
  }
  hw::choice choose(const hw::call&, const hw::query&, const hw::tags&) {
    return throw_as(what_), hw::choice::update(0, "why");
  }
};

class Notifier : public Thrower, public hw::notifier {
 public:
  using Thrower::Thrower;
  void send(const hw::call&, const hw::event& event) {
    if (event.type == "bad") throw_as(what_);
  }
};

class Registry : public Thrower, public hw::registry {
 public:
  using Thrower::Thrower;
  void list_tags(const hw::call&, std::string_view, const hw::tag_pages& out) {
    throw_as(what_);
    out.put(hw::tag_page{.names = {"a", "b"}, .digests = {}, .created_ms = {1, 2}, .pushed_ms = {}});
    out.put(std::vector<std::string>{"c"});
  }
  hw::artifact resolve(const hw::call&, std::string_view, std::string_view tag, std::string_view) {
    return throw_as(what_), hw::artifact{.digest = "sha256:" + std::string(tag)};
  }
  std::vector<hw::push> parse_webhook(const hw::call&, const hw::headers& headers, std::string_view) {
    return throw_as(what_),
           std::vector<hw::push>{{.repository = std::string(headers.get("X-Repository")), .deleted = true}};
  }
  std::vector<std::string> platforms(const hw::call&, std::string_view, std::string_view) {
    return throw_as(what_), std::vector<std::string>{"linux/amd64", "linux/arm64/v8"};
  }
};

class Workload : public Thrower, public hw::workload {
 public:
  using Thrower::Thrower;
  hw::target describe() {
    return throw_as(what_), hw::target{.group = "apps", .plural = "things", .kind = "Thing", .versions = {"v1"}};
  }
  std::vector<hw::image> images(const hw::call&, std::string_view object, const hw::texts& related) {
    throw_as(what_);
    return {{.slot = "one",
             .reference = std::string(object),
             .pointer = std::to_string(related.size()),
             .version_only = true}};
  }
};

}  // namespace

HEADWIND_MODULE(hw::plugin<Policy>{.id = "test.policy", .version = "1.0.0", .summary = "throws", .schema = "{}"},
                hw::plugin<Notifier>{.id = "test.notifier", .version = "1.0.0", .summary = "throws", .schema = "{}"},
                hw::plugin<Registry>{.id = "test.registry",
                                     .version = "1.0.0",
                                     .summary = "throws",
                                     .schema = "{}",
                                     .needs = {HW_SERVICE_HTTP, HW_SERVICE_SECRETS},
                                     .serial = true},
                hw::plugin<Workload>{.id = "test.workload", .version = "1.0.0", .summary = "throws", .schema = "{}"});
