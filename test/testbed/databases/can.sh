#!/bin/bash
# Whether real PostgreSQL and MariaDB servers can run here.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
PART=databases
. "$here/../common.sh"
. "$here/servers.sh"
has_packages && exit
[ "$(id -u)" = 0 ] && have apt-get && exit
echo "these packages are missing, and only root with apt-get can install them: $PACKAGES"
exit 1
