#!/usr/bin/env bash
# A PostgreSQL server for the tests.
#   .ci/postgres.sh start FOLDER   prints the URL of a database whose user may make others: of the server that runs at
#                                  127.0.0.1:5432 when it lets us in, else of one that is made in FOLDER
#   .ci/postgres.sh stop FOLDER    ends the server in FOLDER, if there is one
set -euo pipefail

say() { printf '%s\n' "$*" >&2; }

# The newest installed programs; Debian keeps those of the server out of the PATH.
find_programs() {
  local folder
  for folder in $(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin 2> /dev/null | sort -rV) $(dirname "$(command -v initdb || echo /none/none)"); do
    if [ -x "$folder/initdb" ]; then echo "$folder"; return; fi
  done
}

# Who may run the server: it refuses to run as root.
as_server() {
  if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi
}

running() {
  local user may
  command -v psql > /dev/null || return 1
  for user in "$(id -un)" postgres; do
    may=$(PGCONNECT_TIMEOUT=3 psql -w -h 127.0.0.1 -p 5432 -U "$user" -d postgres -Atc \
      "SELECT rolsuper FROM pg_roles WHERE rolname = current_user" 2> /dev/null) || continue
    if [ "$may" = t ]; then echo "postgresql://$user@127.0.0.1:5432/postgres"; return 0; fi
  done
  return 1
}

install() {
  local root=()
  [ "$(id -u)" = 0 ] || root=(sudo -n)
  say "installing PostgreSQL ..."
  "${root[@]}" apt-get update -qq >&2
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql >&2
}

start() {
  local folder=$1 programs port
  running && return
  programs=$(find_programs)
  [ -n "$programs" ] || { install; programs=$(find_programs); }
  [ -n "$programs" ] || { say "No PostgreSQL here, and none could be installed."; exit 1; }
  mkdir -p "$folder"
  if [ "$(id -u)" = 0 ]; then chown postgres:postgres "$folder"; fi
  port=$(python3 -c 'import socket; place = socket.socket(); place.bind(("127.0.0.1", 0)); print(place.getsockname()[1])')
  say "starting $programs in $folder, port $port ..."
  as_server "$programs/initdb" -D "$folder/data" -U postgres --auth=trust --encoding=UTF8 --no-locale > "$folder.log" 2>&1 \
    || { cat "$folder.log" >&2; exit 1; }
  # Nothing here outlives the run, so the server need not wait for the disk.
  as_server "$programs/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 60 \
    -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories='$folder' -c fsync=off" start >> "$folder.log" 2>&1 \
    || { cat "$folder.log" "$folder/log" >&2; exit 1; }
  echo "postgresql://postgres@127.0.0.1:$port/postgres"
}

stop() {
  [ -f "$1/data/postmaster.pid" ] || return 0
  as_server "$(find_programs)/pg_ctl" -D "$1/data" -m fast -w stop > /dev/null
}

case "${1:-} ${2:-}" in
  "start "?*) start "$2" ;;
  "stop "?*) stop "$2" ;;
  *) say "usage: .ci/postgres.sh start|stop FOLDER"; exit 2 ;;
esac
