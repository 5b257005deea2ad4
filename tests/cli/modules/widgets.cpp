// SPDX-License-Identifier: Apache-2.0
// A kind that needs to see others, which no role of ours grants.
#include <headwind/sdk.hpp>

namespace {

struct Widgets : hw::workload {
  hw::target describe() {
    return {"example.com",
            "widgets",
            "Widget",
            {"v1"},
            {"plans.example.com/blueprints"},
            {"example.com/v1/parts", "v1/services", "v1/pods"}};
  }
  std::vector<hw::image> images(const hw::call&, std::string_view, const hw::texts&) { return {}; }
};

}  // namespace

HEADWIND_MODULE(hw::plugin<Widgets>{.id = "com.example.widgets", .version = "1.0.0", .summary = "Widgets"});
