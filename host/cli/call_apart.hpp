// SPDX-License-Identifier: Apache-2.0
// A plugin that is called by hand is called in a child of this process: where it crashes, or ends its process, somebody
// is left to say so.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

namespace headwind::cli {

// What the child tells while it lives, for when it no longer does.
class CallPlace {
 public:
  CallPlace();
  CallPlace(const CallPlace&) = delete;
  CallPlace& operator=(const CallPlace&) = delete;

  // What it is about to do: "create" of the plugin "acme.pager". Before that the file is loaded.
  void enter(std::string_view plugin, std::string_view function);
  // It has an answer, and ends by itself.
  void finish();

 private:
  friend int call_apart(const std::filesystem::path& file, const std::function<void(CallPlace&)>& work);
  struct Shared;
  struct Unmap {
    void operator()(Shared* shared) const;
  };
  std::unique_ptr<Shared, Unmap> shared_;  // null: there is no memory for it
};

// Runs `work`, which ends its process, in a child with this process's input and output, and returns its exit code. A
// child that ends otherwise is told on stderr: file, plugin, function, signal or exit code, remedy. This process must
// have no other thread.
int call_apart(const std::filesystem::path& file, const std::function<void(CallPlace&)>& work);

}  // namespace headwind::cli
