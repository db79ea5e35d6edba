#!/bin/sh
# Make .venv-pygeoapi at the root of the checkout: a server of OGC API Features that this project did not write.
#
# It reads GeoPackages with the system's SpatiaLite and needs GDAL's Python binding, so the environment is made from the
# system's Python and sees the system's packages. nginx and MapServer come from Debian.
#
#   apt-get install --no-install-recommends nginx-light cgi-mapserver python3-gdal libsqlite3-mod-spatialite
#   sh tests/tools/install_servers.sh
set -eu

root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd)
target="$root/.venv-pygeoapi"
python=${SYSTEM_PYTHON:-/usr/bin/python3}
uv=${UV:-uv}
if ! command -v "$uv" >/dev/null 2>&1; then
    uv="$root/.venv/bin/uv"
fi

"$python" -c 'from osgeo import gdal' || {
    echo "python3-gdal ontbreekt: installeer het pakket python3-gdal" >&2
    exit 1
}
[ -x "$target/bin/pygeoapi" ] && exit 0
"$uv" venv --quiet --clear --python "$python" --system-site-packages "$target"
"$uv" pip install --quiet --python "$target/bin/python" 'pygeoapi==0.21.0'
"$target/bin/pygeoapi" --version >/dev/null
