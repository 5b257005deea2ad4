/* SPDX-License-Identifier: Apache-2.0 */
#undef NDEBUG /* assert is what tests here, in every build */
#include <assert.h>
#include <headwind/testing/notifier.h>

int main(void) {
  hw_testing host;
  const hw_event event = hw_testing_event("update_completed", "id-1", "web runs 1.2.4");
  hw_testing_begin(&host);
  hw_testing_secret(&host, "url", "https://chat.example.com/hook/s3cret\n");
  hw_testing_answer(&host, 204, NULL, "");
  hw_testing_answer(&host, 503, "retry-after: 7", "");
  assert(hw_testing_create(&host, "{}") == HW_OK);

  assert(hw_testing_send(&host, &event) == HW_OK);
  assert(strcmp(host.requests[0].url, "https://chat.example.com/hook/s3cret") == 0);
  assert(strcmp(host.requests[0].body, "apps/Deployment shop/web: web runs 1.2.4\n") == 0);

  assert(hw_testing_send(&host, &event) == HW_UNAVAILABLE); /* comes again, no sooner than it is asked to */
  assert(host.failure.retryable && host.failure.retry_after_ms == 7000);
  assert(strstr(host.failure.message, "s3cret") == NULL);
  hw_testing_end(&host);
  return 0;
}
