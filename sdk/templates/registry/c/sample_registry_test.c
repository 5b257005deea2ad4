/* SPDX-License-Identifier: Apache-2.0 */
#undef NDEBUG /* assert is what tests here, in every build */
#include <assert.h>
#include <headwind/testing/registry.h>

static const char* const repository = "registry.example.com/team/web";

int main(void) {
  hw_testing host;
  hw_testing_begin(&host);
  assert(hw_testing_create(&host, "{}") == HW_OK);

  hw_testing_answer(&host, 200, NULL, "{\"count\": {\"all\": 2}, \"tags\": [\"1.0\", \"1.1\"]}");
  assert(hw_testing_list_tags(&host, repository) == HW_OK);
  assert(strcmp(host.out, "1.0\n1.1\n") == 0);
  assert(strcmp(host.requests[0].url, "https://registry.example.com/api/team/web/tags") == 0);
  assert(strcmp(host.requests[0].credential, "pull") == 0);

  hw_testing_answer(&host, 200, NULL, "{\"digest\": \"sha256:1f\"}");
  assert(hw_testing_resolve(&host, repository, "1.1", NULL) == HW_OK);
  assert(strcmp(host.out, "sha256:1f\n") == 0);

  hw_testing_answer(&host, 404, NULL, ""); /* a failure is never an empty repository */
  assert(hw_testing_list_tags(&host, repository) == HW_NOT_FOUND);
  hw_testing_answer(&host, 200, NULL, "{\"tags\": [\"1.0\", 7]}");
  assert(hw_testing_list_tags(&host, repository) == HW_UNAVAILABLE);
  hw_testing_answer(&host, 200, NULL, "{\"tags\": [\"1.0\", \"not a tag\"]}");
  assert(hw_testing_list_tags(&host, repository) == HW_UNAVAILABLE);
  hw_testing_end(&host);
  return 0;
}
