// SPDX-License-Identifier: Apache-2.0
#include "inventory/slot_reference.hpp"

#include <gtest/gtest.h>

namespace headwind::inventory {
namespace {

Slot chart(const std::string& repository, const std::string& image, const std::string& object = {}) {
  Slot slot;
  slot.slot = "chart", slot.repository = repository, slot.image = image, slot.object = object;
  slot.chart = slot.version_only = true;
  return slot;
}

TEST(SlotReference, a_chart_over_HTTP_has_the_slots_repository_and_its_version_as_tag) {
  const Slot slot = chart("https://charts.example.com/stable/podinfo", "podinfo:6.5.4+b1");
  const auto reference = read_reference(slot, slot.image);
  ASSERT_TRUE(reference) << reference.error().message;
  EXPECT_EQ(reference->repository(), slot.repository.str());
  EXPECT_EQ(reference->tag, "6.5.4+b1");
  EXPECT_EQ(write_reference(slot, *reference, "6.6.0", "sha256:x"), "podinfo:6.6.0");
  EXPECT_EQ(value_of(slot, "podinfo:6.6.0"), "6.6.0");
}

TEST(SlotReference, an_OCI_registry_knows_a_build_by_another_tag) {
  const Slot slot = chart("ghcr.io/charts/podinfo", "podinfo:6.5.4+b1");
  const auto reference = read_reference(slot, slot.image);
  ASSERT_TRUE(reference);
  EXPECT_EQ(reference->repository(), "ghcr.io/charts/podinfo");
  EXPECT_EQ(reference->tag, "6.5.4_b1");
  EXPECT_EQ(write_reference(slot, *reference, "6.5.5_b2", ""), "podinfo:6.5.5+b2");
}

TEST(SlotReference, an_OCIRepository_holds_the_tag_itself) {
  const Slot slot = chart("ghcr.io/charts/podinfo", "podinfo:6.5.4_b1", "g/v1/ocirepositories/shop/podinfo");
  EXPECT_EQ(tag_in(slot, slot.image), "6.5.4_b1");
  EXPECT_EQ(value_of(slot, slot.image), "6.5.4_b1");
}

TEST(SlotReference, another_chart_is_no_version_of_this_one) {
  const Slot slot = chart("ghcr.io/charts/podinfo", "podinfo:6.5.4");
  for (const char* text : {"", "podinfo", "podinfo:", "nginx:6.5.4", "ghcr.io/charts/podinfo:6.5.4"})
    EXPECT_FALSE(read_reference(slot, text)) << text;
}

TEST(SlotReference, a_bare_tag_of_an_image_is_what_follows_its_name) {
  Slot slot;
  slot.version_only = true;
  EXPECT_EQ(value_of(slot, "127.0.0.1:5000/acme/web:1.2.3"), "1.2.3");
  EXPECT_EQ(value_of(slot, "acme/web:1.2.3@sha256:" + std::string(64, 'a')), "1.2.3@sha256:" + std::string(64, 'a'));
  slot.version_only = false;
  EXPECT_EQ(value_of(slot, "acme/web:1.2.3"), "acme/web:1.2.3");
}

}  // namespace
}  // namespace headwind::inventory
