// SPDX-License-Identifier: Apache-2.0
// The places of a HelmRelease that can be updated: pure functions over its JSON and that of the sources it names.
#pragma once
#include <headwind/sdk.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "workloads/core/json_object.hpp"
#include "workloads/helmrelease/source.hpp"

namespace headwind::workloads {

// What a HelmRelease says of its chart.
struct Release {
  std::string name_space;
  SourceName source;           // kind is empty where it names none
  std::string chart, version;  // of spec.chart.spec; empty with chartRef
  bool by_reference = false;   // chartRef
};
Release read_release(Value root);

// The version of the chart, where it stands: in the HelmRelease itself, or in the OCIRepository that it refers to. No
// slot without a source that is known, or without a version: then Flux takes the newest by itself.
void read_chart(const Release& release, const Objects& related, std::vector<hw::image>& out);

// Tags inside spec.values, which the annotation headwind.sh/values-images lists, each with dots or as JSONPath:
// "image.tag, $.sidecars[*].image.tag, ['my.app'].tag". The image's name is the text `repository` beside it, after that
// of `registry`, if there is one. A slot is called by its path as it is written there, with the turns of its wildcards.
// What leads to no such place has no slot, by which hosts see it.
void read_values(Value root, std::vector<hw::image>& out);

}  // namespace headwind::workloads
