/* SPDX-License-Identifier: Apache-2.0 */
#undef NDEBUG /* assert is what tests here, in every build */
#include <assert.h>
#include <headwind/testing/policy.h>

int main(void) {
  hw_testing host;
  hw_policy_query query = hw_testing_query("build-9");
  hw_testing_begin(&host);
  assert(hw_testing_create(&host, "{}") == HW_OK);

  assert(strcmp(hw_testing_choose(&host, &query, "build-8 build-10 build-11 release-12 latest"), "build-11") == 0);
  assert(strstr(host.out, "build-8 hold has no higher number than the running tag\n"));
  assert(strstr(host.out, "release-12 ignored is not of the running tag's form\n"));
  assert(strstr(host.out, "choice: build-11 (it has the highest number)\n"));

  query.tag = hw_testing_str("latest"); /* nothing to compare with: it stays */
  assert(hw_testing_choose(&host, &query, "build-8 latest") == NULL && host.status == HW_OK);
  hw_testing_end(&host);
  return 0;
}
