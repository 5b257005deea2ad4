/* SPDX-License-Identifier: Apache-2.0 */
/* A shared object of somebody else. */
int answer(void);
int answer(void) { return 42; }
