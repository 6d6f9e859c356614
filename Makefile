# Repartee: what a person types. Each target explains itself: `make help`.
SHELL := /bin/bash
.DEFAULT_GOAL := help

.PHONY: help run talk test proof call build pack bench
help: ## This list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

run: ## Everything from nothing: packages, speech pack, build; then the example shop's line on loopback (LAN=1: on your network)
	@scripts/run

talk: ## Your microphone and speaker, through baresip, to the server that `make run` started
	@scripts/talk

test: ## All checks that depend on neither luck nor load, with all set-up done by itself
	@scripts/test

proof: ## What takes an hour, before a release: optimised server, all system tests, ten judged calls, all mutants
	@scripts/proof

call: ## The main job, without phone or microphone: PJSIP calls, a person takes over, replay, verdict (CALLS=10)
	@scripts/call $(if $(CALLS),--calls $(CALLS))

build: ## The server, release build: .build-release/release/repartee
	@scripts/setup/build

pack: ## The speech pack alone: recogniser, voice, voice activity, understanding
	@scripts/setup/pack

bench: ## Benchmarks of step, dialogue, tick and language: ratios of one run, no times to pass
	@scripts/bench
