# Une commande par habitude. `make` seul affiche l'aide.
SHELL := /bin/bash
.DEFAULT_GOAL := help

UV_VERSION := 0.13.9
UV := .uv/bin/uv
PYTHON ?= python3.11
RUN := $(UV) run --no-sync

# Rasa n'envoie rien à personne.
export RASA_TELEMETRY_ENABLED := false
# Le bytecode est compilé à l'installation : le serveur démarre deux fois plus vite, la première fois aussi.
export UV_COMPILE_BYTECODE := 1
export UV_PYTHON_DOWNLOADS := never
# Les certificats de la machine, pour les réseaux qui ont les leurs.
export UV_SYSTEM_CERTS := 1
# TensorFlow et Rasa sont bavards ; leurs vraies erreurs passent toujours.
export TF_CPP_MIN_LOG_LEVEL := 3
export PYTHONWARNINGS := ignore

.PHONY: help install run demo test check train evaluate bench format widget clean

help: ## Affiche cette aide
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

$(UV):
	@command -v $(PYTHON) >/dev/null || { echo "Il faut Python 3.11 (commande $(PYTHON))."; exit 1; }
	@echo "Installation de uv $(UV_VERSION)…"
	@$(PYTHON) -m venv .uv
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

# Refait seulement quand les dépendances changent.
.venv/.installed: $(UV) pyproject.toml uv.lock .python-version
	@echo "Installation des dépendances (une minute la première fois)…"
	@$(UV) sync --locked --python $(PYTHON) --quiet
	@# Pour les commandes `rasa` tapées à la main aussi : rien n'est envoyé, sauf demande contraire.
	@echo 'import os; os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")' > .venv/lib/python3.11/site-packages/telemetry_off.pth
	@touch $@

install: .venv/.installed ## Installe tout dans .venv

run: install ## Installe, entraîne si besoin et sert sur http://127.0.0.1:8000 (HOST, PORT)
	@$(RUN) etaie train
	@exec $(RUN) etaie serve

demo: install ## Remplit la console (/equipe) de données inventées ; « make demo RETIRER=1 » les retire
	@$(RUN) etaie demo $(if $(RETIRER),--retirer)

train: install ## Entraîne le modèle si ses données ont changé
	@$(RUN) etaie train

test: install ## Installe et lance tous les tests
	@bash tests/install-services.sh
	@[ -d widget/node_modules/axe-core ] || (cd widget && npm ci --silent --no-audit --no-fund)
	@$(RUN) etaie train
	@$(RUN) pytest

check: install ## Style, types, sens des imports, référentiel, données Rasa, compréhension
	@$(RUN) ruff format --check .
	@$(RUN) ruff check .
	@$(RUN) mypy
	@$(RUN) mypy --explicit-package-bases bench evaluation tests
	@$(RUN) lint-imports
	@$(RUN) etaie referential check
	@$(RUN) etaie positioning check
	@bash widget/check.sh
	@$(RUN) rasa data validate --fail-on-warnings --data data
	@$(RUN) etaie train
	@$(RUN) python -m evaluation --check

evaluate: install ## Mesure la compréhension (rapport : results/comprehension.html)
	@$(RUN) etaie train
	@$(RUN) python -m evaluation

bench: install ## Mesure le serveur et un projet Rasa ordinaire sur la même machine, et affiche les rapports
	@$(RUN) etaie train
	@$(RUN) python -m bench

format: install ## Met le code en forme
	@$(RUN) ruff format .
	@$(RUN) ruff check --fix .

widget: ## Construit la bulle de conversation (demande Node)
	@cd widget && npm ci --silent --no-audit --no-fund && npm run --silent types && npm run --silent build -- --log-level=warning

clean: ## Efface ce qui se refait (modèles, caches), pas les données
	rm -rf .venv .uv .rasa .mypy_cache .ruff_cache .pytest_cache models/*.tar.gz models/trained.json
