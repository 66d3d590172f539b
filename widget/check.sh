#!/usr/bin/env bash
# Proves that the committed script is the one that the sources give, and that it is small.
set -euo pipefail
cd "$(dirname "$0")"
LIMIT=20480
BUILT=../bot/channels/pages/widget.js

if ! command -v npm >/dev/null; then
    echo "Node manque : le script de la bulle n'a pas été vérifié."
    # A developer may do without; what lands may not.
    if [ "${CI:-}" = true ]; then exit 1; else exit 0; fi
fi
[ -d node_modules/esbuild ] || npm ci --silent --no-audit --no-fund
npm run --silent types
fresh=$(mktemp)
trap 'rm -f "$fresh"' EXIT
OUT="$fresh" npm run --silent build -- --log-level=error
if ! cmp -s "$fresh" "$BUILT"; then
    echo "bot/channels/pages/widget.js n'est pas à jour : lancez « make widget »." >&2
    exit 1
fi
size=$(gzip -9 -c "$BUILT" | wc -c)
echo "Bulle à jour : $size octets compressés (au plus $LIMIT)."
if [ "$size" -gt "$LIMIT" ]; then
    echo "Elle est trop lourde." >&2
    exit 1
fi
