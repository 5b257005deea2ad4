// SPDX-License-Identifier: Apache-2.0
// Where a plugin that is checked puts its results: each is looked at with the eyes of the operator.
#pragma once
#include <headwind/headwind.h>

#include <cstddef>
#include <cstdint>

namespace headwind::conformance {

struct Sinks {  // `ctx`: a ticket of a Visit
  static hw_sink text(void* ctx);
  static hw_verdict_sink verdicts(void* ctx);
  static hw_registry_sink registry(void* ctx);
  static hw_image_sink images(void* ctx);
  static hw_target_sink targets(void* ctx);

 private:
  static hw_status put_text(void* ctx, hw_str chunk);
  static hw_status put_verdict(void* ctx, std::size_t row, std::int32_t verdict, hw_str reason);
  static hw_status put_tags(void* ctx, const hw_tags* page);
  static hw_status put_artifact(void* ctx, const hw_artifact* artifact);
  static hw_status put_push(void* ctx, const hw_push* push);
  static hw_status put_platform(void* ctx, hw_str platform);
  static hw_status put_image(void* ctx, const hw_image* image);
  static hw_status put_target(void* ctx, const hw_target* target);
};

}  // namespace headwind::conformance
