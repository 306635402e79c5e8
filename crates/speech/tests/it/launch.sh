#!/bin/sh
# Stands in for `speech-dispatcher --spawn`; the fifth argument is the socket.
folder=$(dirname "$5")
echo "$@" > "$folder/arguments"
ln -s "$folder/s" "$5"
