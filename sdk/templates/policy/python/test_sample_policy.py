# SPDX-License-Identifier: Apache-2.0
from headwind import decide

from sample_policy import choose

tags = ["build-8", "build-10", "build-11", "release-12", "latest"]


def test_takes_the_highest_number():
    answer = decide(choose, current="build-9", tags=tags)
    assert answer.tag == "build-11"
    assert answer.notes["release-12"] == "is not of the running tag's form"


def test_goes_no_further_than_at_most():
    assert decide(choose, current="build-9", tags=tags, parameters={"at_most": 10}).tag == "build-10"


def test_stays_where_it_cannot_compare():
    assert decide(choose, current="latest", tags=tags).reason == "latest does not end with a number"
