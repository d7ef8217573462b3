#!/bin/sh
# Runs a server that must not outlive the process that asked for it, however that process ends.
# usage: guard.sh GRACE_SECONDS THROWAWAY_FOLDER COMMAND...   (THROWAWAY_FOLDER may be empty)
# stdin: held open by the owner; when it closes, the server gets SIGTERM, GRACE_SECONDS later SIGKILL, and the folder goes.
# fd 3: takes the server's process id.
grace=$1 throwaway=$2
shift 2
exec 4<&0 </dev/null
"$@" 3>&- 4<&- &
server=$!
echo "$server" >&3
exec 3>&-
(
  read -r _ <&4
  trap '' TERM
  if [ "$grace" -gt 0 ]; then kill -TERM "$server" 2>/dev/null; fi
  waited=0
  while [ "$waited" -lt "$grace" ] && kill -0 "$server" 2>/dev/null; do
    sleep 1
    waited=$((waited + 1))
  done
  kill -KILL "$server" 2>/dev/null
  if [ -n "$throwaway" ]; then
    while kill -0 "$server" 2>/dev/null; do sleep 1; done
    rm -rf -- "$throwaway"
    rmdir -- "$(dirname -- "$throwaway")" 2>/dev/null
  fi
) >/dev/null 2>&1 &
watcher=$!
exec 4<&-
wait "$server"
status=$?
kill -TERM "$watcher" 2>/dev/null
exit "$status"
