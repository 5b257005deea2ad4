/* SPDX-License-Identifier: Apache-2.0 */
/* Throws what no C++ program throws: an exception of another language. */
#include <unwind.h>
#include "call/flawed.h"
static void forget(_Unwind_Reason_Code reason, struct _Unwind_Exception* exception) { (void)reason, (void)exception; }
static struct _Unwind_Exception exception;
CHOOSE(self, call, query, candidates, out, why, verdicts) {
  (void)self, (void)call, (void)query, (void)candidates, (void)out, (void)why, (void)verdicts;
  memcpy(&exception.exception_class, "TESTFORN", 8);
  exception.exception_cleanup = forget;
  _Unwind_RaiseException(&exception);
  return HW_OK;
}
FLAWED_POLICY("test.hostile.foreign-exception", NULL)
