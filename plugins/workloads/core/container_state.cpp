// SPDX-License-Identifier: Apache-2.0
#include "workloads/core/container_state.hpp"

#include <algorithm>
#include <array>

#include "workloads/core/sentence.hpp"

namespace headwind::workloads {
namespace {

constexpr std::int64_t max_restarts = 5;

// Why a container waits that will not run by waiting: all such reasons of the kubelet (pkg/kubelet/images, container
// and kuberuntime, and the errors of cri-api). Its other reasons are steps on the way, ContainerCreating and
// PodInitializing, or faults of the node: sandboxes that cannot be made, containers that cannot be killed.
constexpr std::array<std::string_view, 16> failures{
    "CrashLoopBackOff",           "ImagePullBackOff",     "ErrImagePull",          "ErrImageNeverPull",
    "InvalidImageName",           "ImageInspectError",    "RegistryUnavailable",   "SignatureValidationFailed",
    "CreateContainerConfigError", "CreateContainerError", "PreCreateHookError",    "PreStartHookError",
    "PostStartHookError",         "RunContainerError",    "RunInitContainerError", "VerifyNonRootError"};

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  });
}

// " (OOMKilled, exit code 137, 3 restarts)": what is known of how it ended, or nothing.
std::string circumstances(Value terminated, std::int64_t restarts) {
  std::string out;
  const auto add = [&out](const std::string& more) { out += (out.empty() ? " (" : ", ") + more; };
  const auto reason = text_of(terminated["reason"]);
  if (is_word(reason) && reason != "Error" && reason != "Completed") add(std::string(reason));
  if (const auto code = number_of(terminated["exitCode"], -1); code >= 0) add("exit code " + std::to_string(code));
  if (restarts > 0) add(count_of(restarts, "restart"));
  return out.empty() ? out : out + ")";
}

std::string waiting_text(std::string_view reason, std::string_view message) {
  std::string out(is_word(reason) ? reason : "is waiting");
  // The message of this one quotes what the hook printed.
  if (message.empty() || reason == "PostStartHookError") return out;
  // "back-off 10s restarting failed container=web pod=web-5d9-abc_shop(a uid)": who it is, is said already.
  if (message.starts_with("back-off ")) {
    if (const auto who = message.find(" container="); who != message.npos) message = message.substr(0, who + 10);
  }
  return out + ": " + quote(message);
}

void read_waiting(Value status, std::int64_t restarts, ContainerState& out) {
  const Value waiting = status["state"]["waiting"];
  const auto reason = text_of(waiting["reason"]);
  std::string text = waiting_text(reason, text_of(waiting["message"]));
  if (std::find(failures.begin(), failures.end(), reason) != failures.end())
    out.failure = std::move(text) + circumstances(status["lastState"]["terminated"], restarts);
  else
    out.pending = std::move(text);
}

void read_terminated(Value terminated, Role role, bool final, std::int64_t restarts, ContainerState& out) {
  const auto reason = text_of(terminated["reason"]);
  if (reason == "ContainerStatusUnknown") {  // the node went away or lost it
    out.pending = "its state is not known to its node";
  } else if (role == Role::init || final) {
    if (number_of(terminated["exitCode"], 0) != 0) out.failure = "Error" + circumstances(terminated, restarts);
  } else {
    out.pending = "has ended" + circumstances(terminated, restarts);
  }
}

void read_running(Value status, Role role, ContainerState& out) {
  if (role == Role::init)
    out.pending = "is running";
  else if (!bool_of(status["started"], true))
    out.pending = "is running but has not passed its startup probe";
  else if (!bool_of(status["ready"], false))
    out.pending = "is running but not ready";
}

}  // namespace

ContainerState read_container(Value status, Role role, bool final) {
  const std::int64_t restarts = number_of(status["restartCount"], 0);
  const Value state = status["state"];
  ContainerState out;
  if (const Value terminated = state["terminated"]; terminated.is_object()) {
    read_terminated(terminated, role, final, restarts, out);
    if (out.pending.empty()) return out;  // an init container that is through: its restarts are past
  } else if (state["running"].is_object()) {
    read_running(status, role, out);
  } else {
    read_waiting(status, restarts, out);
  }
  if (restarts <= max_restarts || !out.failure.empty()) return out;
  std::string often = "restarted " + count_of(restarts, "time") + circumstances(status["lastState"]["terminated"], 0);
  if (out.pending.empty())
    out.restarted = std::move(often);
  else
    out = {std::move(often), {}, {}};
  return out;
}

}  // namespace headwind::workloads
