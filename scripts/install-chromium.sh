#!/bin/sh
# Installs Debian's chromium, which the browser specs drive, unless it is there. Needs root and a Debian or Ubuntu whose
# package is the browser itself.
#
#   sudo scripts/install-chromium.sh
set -eu

if [ -x "${CHROMIUM:-/usr/bin/chromium}" ]; then exit 0; fi
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends chromium
