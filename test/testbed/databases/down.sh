#!/bin/bash
# Ends and removes what up.sh made, frozen servers too.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
PART=databases
. "$here/../common.sh"
. "$here/servers.sh"

for each in $SERVERS; do
  "$here/ctl.sh" kill "$each" 2>/dev/null &
done
wait
rm -rf "$HOME_OF_SERVERS"
