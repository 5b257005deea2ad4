/* SPDX-License-Identifier: Apache-2.0 */
#undef NDEBUG /* assert is what tests here, in every build */
#include <assert.h>
#include <headwind/testing/workload.h>

#define SITE(status) "{\"metadata\": {\"generation\": 2}, \"spec\": {\"replicas\": 3}, \"status\": {" status "}}"

int main(void) {
  hw_testing host;
  hw_testing_begin(&host);
  assert(hw_testing_create(&host, "{}") == HW_OK);
  assert(hw_testing_describe(&host) == HW_OK && strcmp(host.out, "example.com/v1/sites Site\n") == 0);

  assert(hw_testing_images(&host, "{\"spec\": {\"image\": \"ghcr.io/acme/site:1.2.3\"}}") == HW_OK);
  assert(strcmp(host.out, "image ghcr.io/acme/site:1.2.3 /spec/image\n") == 0);
  assert(hw_testing_images(&host, "{\"spec\": {}}") == HW_OK && strcmp(host.out, "") == 0);
  assert(hw_testing_images(&host, "[]") == HW_INVALID);

  hw_testing_rollout(&host, SITE("\"observedGeneration\": 2, \"readyReplicas\": 3"), NULL);
  assert(strcmp(host.out, "done 3/3\n") == 0);
  hw_testing_rollout(&host, SITE("\"observedGeneration\": 2, \"readyReplicas\": 1"), NULL);
  assert(strcmp(host.out, "running 1/3 1 of 3 replicas are ready\n") == 0);
  hw_testing_rollout(&host, SITE("\"observedGeneration\": 1, \"readyReplicas\": 3"), NULL);
  assert(strcmp(host.out, "running 3/3 the controller has not seen this state yet\n") == 0);
  hw_testing_end(&host);
  return 0;
}
