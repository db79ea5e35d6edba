#!/bin/sh
# Make .venv-pdok at the root of the checkout, with PDOK's validators of GeoPackages and GeoTIFFs in it, and the schemas
# of ISO 19139, which bas-metadata-library carries (only those are used).
#
# They need GDAL's Python binding with SpatiaLite, which is the system's own (Debian: python3-gdal), so the
# environment is made from the system's Python and sees the system's packages. The override keeps the installer from
# building that binding again from source.
#
#   apt-get install --no-install-recommends python3-gdal libsqlite3-mod-spatialite
#   sh tests/tools/install_validators.sh
set -eu

root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd)
target="$root/.venv-pdok"
python=${SYSTEM_PYTHON:-/usr/bin/python3}
uv=${UV:-uv}
if ! command -v "$uv" >/dev/null 2>&1; then
    uv="$root/.venv/bin/uv"
fi

"$python" -c 'from osgeo import gdal' || {
    echo "python3-gdal ontbreekt: installeer het pakket python3-gdal" >&2
    exit 1
}
[ -x "$target/bin/geopackage-validator" ] && [ -x "$target/bin/geotiff-validator" ] &&
    ls "$target"/lib/python3*/site-packages/bas_metadata_library/schemas/xsd/gmx/gmx.xsd >/dev/null 2>&1 && exit 0
"$uv" venv --quiet --clear --python "$python" --system-site-packages "$target"
override="$target/override.txt"
echo 'gdal ; sys_platform == "never"' >"$override"
"$uv" pip install --quiet --python "$target/bin/python" --override "$override" \
    'pdok-geopackage-validator==0.14.5' 'pdok-geotiff-validator==0.0.4'
"$uv" pip install --quiet --python "$target/bin/python" --no-deps 'bas-metadata-library==0.18.1'
"$target/bin/geopackage-validator" --help >/dev/null
"$target/bin/geotiff-validator" --help >/dev/null
