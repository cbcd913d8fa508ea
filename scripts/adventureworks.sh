#!/usr/bin/env bash
# AdventureWorks, a bicycle maker's public books, from four flat tables to a plan.
#     scripts/adventureworks.sh DIR [DATA]
# DIR is a new workspace folder. DATA holds products.csv, sales_actuals.csv, inventory_movements.csv and
# financials.csv; without it, they are looked for in the folder adventureworks of SOP_SHARED_DATA.
set -euo pipefail
workspace=${1:?name a new workspace folder: scripts/adventureworks.sh DIR [DATA]}
data=${2:-${SOP_SHARED_DATA:?name the folder with the tables, or set SOP_SHARED_DATA}/adventureworks}
root=$(cd "$(dirname "$0")/.." && pwd)

python=$root/.venv/bin/python
[ -x "$python" ] || python=python3
accord() { PYTHONPATH=$root "$python" -m sop --workspace "$workspace" "$@"; }

# The books' last complete month is 2013-11, so the first open month is 2013-12.
accord init --cycle 2013-12 --name AdventureWorks --currency USD
accord import products "$data/products.csv"

# Sales and stock records run on into months that are not closed: --until sets those rows aside and counts them.
accord import sales_actuals "$data/sales_actuals.csv" --until 2013-11

# Their words for the movements are mapped, and they have one plant that no column names. The 274 negative
# closings are warnings: the movements add up, as real books have it when receipts are booked late.
accord import inventory "$data/inventory_movements.csv" --until 2013-11 \
    --map receipts=production issues=shipments --set plant=Main

# Their ledger skips three months, which stay missing. What each of their accounts is to the plan is written down
# beside this script; interest, taxes and balances that the plan does not use are `other`.
accord import financials "$data/financials.csv" --until 2013-11 --answers missing_months=missing
accord import account_map "$root/scripts/adventureworks_accounts.csv"

accord plan
echo "Look at it in the browser: $python -m sop --workspace $workspace serve"
