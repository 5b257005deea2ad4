// SPDX-License-Identifier: Apache-2.0
// The C++20 layer over the C interface: header-only, namespace hw. A plugin is a class that derives from hw::registry,
// hw::workload, hw::notifier or hw::policy, and a HEADWIND_MODULE line that names it:
//
//   #include <headwind/sdk.hpp>
//
//   class Chat : public hw::notifier {
//    public:
//     Chat(const hw::call& call, const hw::config& config) : http_(call), url_(config.get<std::string>("url")) {}
//     void send(const hw::call& call, const hw::event& event) {
//       const nlohmann::json body = {{"text", event.text}};
//       http_.post_json(call, url_, body.dump()).expect_success("the chat server");
//     }
//    private:
//     hw::http http_;
//     std::string url_;
//   };
//   HEADWIND_MODULE(hw::plugin<Chat>{.id = "com.example.chat", .version = "1.0.0", .summary = "Tells a chat server",
//       .schema = R"({"type":"object","required":["url"],"properties":{"url":{"type":"string"}}})",
//       .needs = {HW_SERVICE_HTTP}});
//
// Where to read on: sdk/{registry,workload,notifier,policy}.hpp say what each kind has to offer; error.hpp how to fail;
// call.hpp log, clocks and deadlines; http.hpp and services.hpp what the host does for a plugin; module.hpp the macro.
// Instances share the process with everything else: no signal handlers, no setenv, no threads left after the
// destructor. This header needs nlohmann/json (for hw::config). A plugin that has no settings can do without it:
// include sdk/module.hpp and the header of its kind.
#pragma once
#include <headwind/headwind.h>

#include <headwind/sdk/call.hpp>
#include <headwind/sdk/config.hpp>
#include <headwind/sdk/error.hpp>
#include <headwind/sdk/http.hpp>
#include <headwind/sdk/module.hpp>
#include <headwind/sdk/notifier.hpp>
#include <headwind/sdk/policy.hpp>
#include <headwind/sdk/registry.hpp>
#include <headwind/sdk/services.hpp>
#include <headwind/sdk/text.hpp>
#include <headwind/sdk/workload.hpp>
