#!/usr/bin/env bash
# Installs what the tests drive for real: PostgreSQL, Redis, Chromium, Node for axe-core, from Debian's packages.
# Where that is not allowed, says what is missing and fails: a test is never skipped in silence.
set -euo pipefail

missing=()
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing+=(postgresql)
command -v redis-server >/dev/null || missing+=(redis-server)
command -v chromium >/dev/null || missing+=(chromium)
command -v npm >/dev/null || missing+=(npm)
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "Il manque pour les tests : ${missing[*]}." >&2
    echo "Installez-les (Debian : sudo apt-get install ${missing[*]}), puis relancez « make test »." >&2
    exit 1
fi
echo "Installation de ${missing[*]} (paquets Debian)…"
export DEBIAN_FRONTEND=noninteractive
# The packages start servers of their own; the tests start theirs.
printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
trap 'rm -f /usr/sbin/policy-rc.d' EXIT
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
