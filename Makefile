# SPDX-License-Identifier: Apache-2.0
# The entrances for people. What they do is in CMakePresets.json and .ci/.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PREFIX ?= /usr/local
FUZZ_SECONDS ?= 60
SOAK_SECONDS ?= 600
SOAK_SEED ?=
JOBS ?= $(shell nproc 2>/dev/null || echo 2)

# One compiler cache for all presets: paths and directories do not count.
export CCACHE_BASEDIR := $(CURDIR)
export CCACHE_NOHASHDIR := 1
# CMake and ctest get their own -j: make's own job slots would only limit them.
unexport MAKEFLAGS MFLAGS

configure = cmake --preset $(1) $(2)
compile = cmake --build --preset $(1) -j $(JOBS) $(2)

.PHONY: help packages build test test-flux test-traces demo bench testbed image reproducible chart asan tsan fuzz soak format baseline install clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  variables: JOBS=$(JOBS) PREFIX=$(PREFIX) DESTDIR= FUZZ_SECONDS=$(FUZZ_SECONDS) SOAK_SECONDS=$(SOAK_SECONDS) SOAK_SEED= HEADWIND_TESTBED=auto|build|off HEADWIND_NO_INSTALL="

packages: ## install the Debian packages that are missing
	@.ci/install

build: packages ## the program and its plugins, optimised, in build/release
	$(call configure,release,-DHEADWIND_BENCH=OFF)
	$(call compile,release)

test: packages ## build and run every test; on the real control plane, too, where there is one
	@.ci/testbed
	$(call configure,dev)
	$(call compile,dev)
	ctest --preset dev

test-flux: packages ## charts with Flux's own controllers, which are built first: some minutes more (needs Go)
	@tests/testbed/build --with flux >/dev/null
	$(call configure,dev)
	$(call compile,dev,--target test_flux)
	ctest --preset dev -R '^flux$$'

test-traces: packages ## traces with a real OpenTelemetry collector, which is built first: some minutes more (needs Go)
	@tests/testbed/build >/dev/null && tests/testbed/build --with collector >/dev/null
	$(call configure,dev)
	$(call compile,dev,--target test_traces)
	ctest --preset dev -R '^traces$$'

demo: build ## see it work: a fake cluster and registry, the real program; DEMO=--stay keeps it running
	build/release/host/headwind demo $(DEMO)

bench: packages testbed ## the benchmarks, on the real control plane
	@.ci/install nginx-light wrk
	$(call configure,release,-DHEADWIND_BENCH=ON)
	$(call compile,release)
	tests/bench/run build/release

testbed: ## build etcd, kube-apiserver, registries ... into a cache outside the tree (needs Go)
	@tests/testbed/build

image: build testbed ## the container image without a container builder; PUSH=HOST/NAME:TAG pushes it, IMAGE=--python with CPython
	deploy/image/build $(IMAGE) $(if $(PUSH),--push $(PUSH) --crane "$$(tests/testbed/build --check)/crane")

reproducible: build ## compile once more elsewhere, without the compiler's cache, and compare the images' digests
	JOBS=$(JOBS) deploy/image/reproducible

chart: ## lint the Helm chart, with kube-linter where it is installed, too, and pack it into build/ (needs Go, for helm)
	@tests/testbed/build --with chart >/dev/null
	"$$(tests/testbed/build --with chart --check)/helm" lint --strict deploy/helm/headwind
	@command -v kube-linter >/dev/null || echo "kube-linter is not on the PATH, and is left out"
	@set -o pipefail; ! command -v kube-linter >/dev/null || for values in deploy/helm/headwind/ci/*.yaml; do \
	  "$$(tests/testbed/build --with chart --check)/helm" template headwind deploy/helm/headwind -n headwind-system -f "$$values" | \
	    kube-linter lint --config deploy/helm/headwind/.kube-linter.yaml - || exit 1; \
	done
	"$$(tests/testbed/build --with chart --check)/helm" package deploy/helm/headwind --destination build

asan: packages ## unit and flow tests under AddressSanitizer and UBSan
	$(call configure,asan)
	$(call compile,asan)
	ctest --preset asan

tsan: packages ## unit and flow tests under ThreadSanitizer
	$(call configure,tsan)
	$(call compile,tsan)
	ctest --preset tsan

fuzz: packages ## every fuzz target for FUZZ_SECONDS
	$(call configure,fuzz)
	$(call compile,fuzz,--target fuzzers)
	FUZZ_SECONDS=$(FUZZ_SECONDS) .ci/fuzz

soak: packages testbed ## random pushes, people and crashes on the real control plane for SOAK_SECONDS; SOAK_SEED=N does it again
	$(call configure,dev)
	$(call compile,dev,--target test_soak)
	HEADWIND_SOURCE=$(CURDIR) HEADWIND_BUILD=$(CURDIR)/build/dev \
	  HEADWIND_SOAK_SECONDS=$(SOAK_SECONDS) HEADWIND_SOAK_SEED=$(SOAK_SEED) build/dev/tests/soak/test_soak

format: packages ## clang-format over the tree
	git ls-files -co --exclude-standard '*.cpp' '*.hpp' '*.c' '*.h' | xargs -r clang-format-19 -i

baseline: packages ## take the C headers as they stand for what is released as their minor (docs/abi.md)
	tests/abi/cut

install: build ## into DESTDIR/PREFIX
	cmake --install build/release --prefix $(PREFIX)

clean: ## forget all builds (the testbed's cache stays)
	rm -rf build
