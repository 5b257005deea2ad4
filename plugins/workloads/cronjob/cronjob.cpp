// SPDX-License-Identifier: Apache-2.0
// headwind.workload.cronjob: the containers of a CronJob's pod template. Its next run uses the new image; runs that are
// under way are left alone, so there is no rollout to follow.
#include "workloads/core/workload_plugin.hpp"

namespace {

namespace workloads = headwind::workloads;

class CronJob : public workloads::TemplatePlugin {
 public:
  CronJob() : TemplatePlugin({"batch", "cronjobs", "CronJob", {"v1"}}, "/spec/jobTemplate/spec/template") {}
};

}  // namespace

HEADWIND_MODULE(hw::plugin<CronJob>{
    .id = "headwind.workload.cronjob", .version = "1.0.0", .summary = "Images of CronJobs"});
